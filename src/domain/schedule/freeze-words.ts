import type { Mode } from '../plan/undertaking.ts'
import type { ProblemWords } from '../problem.ts'
import { type Freezing, letThrough, type Moment, type Timetable } from './freeze.ts'

/** The person who overrides a freezing, and the reason. */
export interface FreezeOverride {
  readonly by: string
  readonly reason: string
  /** True if the config names them for that. */
  readonly may: boolean
}

/** The overridden freezing, the person and the reason, as the ledger keeps them. */
export interface Overridden {
  readonly freezes: readonly string[]
  /** The windows that it was outside of. */
  readonly windows: readonly string[]
  readonly by: string
  readonly reason: string
}

/** Returns an override of a freezing as the ledger keeps it. */
export const overriding = ({ freezes, outside }: Freezing, { by, reason }: FreezeOverride): Overridden => ({
  freezes: freezes.map(({ name }) => name),
  windows: outside,
  by,
  reason,
})

/** `alice overrides the freeze year-end: the fix cannot wait` */
export function describeOverridden({ freezes, windows, by, reason }: Overridden): string {
  const what = [
    ...(freezes.length === 0 ? [] : [`the freeze ${freezes.join(', ')}`]),
    ...(windows.length === 0 ? [] : [`the window ${windows.join(', ')}`]),
  ]
  return `${by} overrides ${what.join(' and ')}: ${reason}`
}

/** The held action, its place, and the people who could override it. */
export interface FrozenAction {
  readonly mode: Mode
  readonly environment: string
  readonly timetable: Timetable
  readonly mayOverride: readonly string[]
  readonly override: FreezeOverride | null
}

/** A freezing as a problem, with the next time at which it is allowed. */
export function frozen(freezing: Freezing, action: FrozenAction): ProblemWords {
  return {
    code: 'frozen',
    what: whatFreezes(freezing, action.environment),
    why: `${whyFrozen(action)}${whyNotOverridden(action.override)}`,
    next: `${nextTime(freezing, action.mode)} ${whoMayOverride(action)}`,
  }
}

function whatFreezes({ freezes, outside }: Freezing, environment: string): string {
  const until = freezes.map(({ name, until }) => `${name} until ${momentInWords(until)}`).join(', ')
  return [
    ...(freezes.length === 0 ? [] : [`${environment} is frozen: ${until}.`]),
    ...(outside.length === 0 ? [] : [`It is outside the windows of ${environment}: ${outside.join(', ')}.`]),
  ].join(' ')
}

function whyFrozen({ mode, timetable }: FrozenAction): string {
  const free = letThrough(timetable)
  const through = free.length === 0 ? '' : `, and lets a ${free.join(' or a ')} through`
  return `The config holds every ${mode} then${through}.`
}

const whyNotOverridden = (override: FreezeOverride | null): string =>
  override === null ? '' : ` ${override.by} gave a reason to override it, and is not among those who may.`

const nextTime = ({ next }: Freezing, mode: Mode): string =>
  next === null
    ? `There is no time within a year at which a ${mode} is allowed.`
    : `A ${mode} is allowed from ${momentInWords(next)} on.`

const whoMayOverride = ({ mayOverride, environment }: FrozenAction): string =>
  mayOverride.length === 0
    ? `No one may override it: environments.${environment}.freeze-override is empty.`
    : `One of ${mayOverride.join(', ')} may override it, with a reason in the input override-freeze.`

/** Describes a moment in its zone, and in UTC: `2026-12-01 09:00 Europe/Berlin (2026-12-01 08:00 UTC)`. */
export function momentInWords({ at, local }: Moment): string {
  const utc = `${at.slice(0, 16).replace('T', ' ')} UTC`
  return local === utc ? utc : `${local} (${utc})`
}
