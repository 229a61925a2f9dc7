import type { RollStep } from '../step/step.ts'
import type { Pace } from './batches.ts'

/** The checks of the serving release against the first new instance of a roll. */
export type RollCheck =
  /** There are none, they have passed, or a person has gone on without that. */
  | { readonly kind: 'settled' }
  | { readonly kind: 'due' }
  /** They did not pass on this instance, or it is not known if they did. */
  | { readonly kind: 'open'; readonly instance: string }

/** The end of such checks. An end that says nothing of them is unknown, and counts as little as none. */
export type CheckFound = 'passed' | 'failed' | 'unknown'

export const settled: RollCheck = { kind: 'settled' }

export const checkAtRest = ({ instanceCheck }: Pick<RollStep, 'instanceCheck'>): RollCheck =>
  instanceCheck === null ? settled : { kind: 'due' }

export const checkAfter = (found: CheckFound, instance: string): RollCheck =>
  found === 'passed' ? settled : { kind: 'open', instance }

/** A person who goes on without the instance that the checks ran on goes on without the checks. */
export const checkForced = (check: RollCheck, names: readonly string[]): RollCheck =>
  check.kind === 'open' && names.includes(check.instance) ? settled : check

/** How many instances may change at once, at most: only one until the checks are settled. */
export const widthOf = ({ width }: Pace, check: RollCheck): number => (check.kind === 'settled' ? width : 1)
