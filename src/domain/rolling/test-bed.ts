import { resolveCount } from '../config/command.ts'
import type { Service } from '../config/service.ts'
import { modes } from '../plan/modes.ts'
import type { Mode } from '../plan/undertaking.ts'
import type { Release } from '../release/release.ts'
import type { RollStep } from '../step/step.ts'
import type { Bake, RollStanding } from './roll-standing.ts'
import { instancesThatAre } from './rolling.ts'

/** The phase of a roll with a test bed. */
export type Phase =
  /** There is nothing to watch, or it is over: any instance may be changed. */
  | { readonly kind: 'open' }
  /** Only these may be changed. */
  | { readonly kind: 'test-bed'; readonly pending: readonly string[] }
  /** These serve the release alone, and are watched. */
  | { readonly kind: 'baking'; readonly bake: Bake | null; readonly watched: readonly string[] }

/**
 * Returns the instances of a service that are its test bed in a deployment. Only a new release is tried out,
 * and only beside a serving one: a rollback goes to a release that has served here, and must be quick.
 */
export function testBedOf({ testBed, fleet }: Service, mode: Mode, from: Release | null): string[] {
  if (testBed === null || !modes[mode].testBed || from === null) return []
  const names = fleet.instances.map(({ name }) => name)
  const { instances } = testBed
  return instances.kind === 'first'
    ? names.slice(0, resolveCount(instances.count, names.length))
    : names.filter((name) => instances.names.includes(name))
}

export function phaseOf({ testBed }: RollStep, roll: RollStanding): Phase {
  if (roll.bake?.state === 'over') return { kind: 'open' }
  const isInBed = (name: string): boolean => testBed.includes(name)
  const pending = instancesThatAre(roll, 'pending')
  const first = pending.filter(isInBed)
  if (first.length > 0) return { kind: 'test-bed', pending: first }
  const watched = instancesThatAre(roll, 'done').filter(isInBed)
  // An instance that a person excluded or passed by cannot be watched, and without further instances to change
  // there is no need.
  if (watched.length === 0 || pending.length === 0) return { kind: 'open' }
  return { kind: 'baking', bake: roll.bake, watched }
}
