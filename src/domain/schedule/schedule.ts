import type { ProblemWords } from '../problem.ts'
import type { ReleaseId, Run } from '../release/release.ts'
import { sameCommit } from '../release/release.ts'
import type { Moment } from './freeze.ts'

/** A deployment that was requested ahead. It is planned anew at its time, and then refused or started. */
export interface Schedule {
  /** The ID, like `s3`: short, because people type it, and never given a second time in an environment. */
  readonly id: string
  /** The commit of its tag at the request. */
  readonly release: ReleaseId
  readonly at: Moment
  /** Milliseconds after its time within which it may still begin. */
  readonly maxLateness: number
  /** A login. */
  readonly by: string
  readonly reason: string
  /** The time of the request: ISO time in UTC. */
  readonly asked: string
  readonly run: string
  /**
   * The release that must serve at its time: the serving one of the request, or the release of the schedule
   * before it.
   */
  readonly from: ReleaseId | null
  /** The id of that schedule; left out where none was to come before it. */
  readonly after?: string
  /** The run that was told to start it: while it is live no other run is told. */
  readonly handed?: Run
}

/** The end of a schedule. `at`: ISO time in UTC. */
export type ScheduleEnd =
  /** `late`: milliseconds after its time. */
  | { readonly kind: 'started'; readonly at: string; readonly deployment: number; readonly late: number }
  | { readonly kind: 'withdrawn'; readonly at: string; readonly by: string; readonly reason: string }
  | { readonly kind: 'missed'; readonly at: string; readonly late: number }
  | { readonly kind: 'refused'; readonly at: string; readonly problem: ProblemWords }

export interface EndedSchedule extends Schedule {
  readonly end: ScheduleEnd
}

export interface Schedules {
  /** The number in the last id that was given. */
  readonly last: number
  /** The next one first. */
  readonly pending: readonly Schedule[]
  /** The ended schedules, the latest first. */
  readonly ended: readonly EndedSchedule[]
}

/** The part of a schedule in the plan that it leads to. */
export type PlannedFor = Pick<Schedule, 'id' | 'at' | 'by' | 'reason'>

/** Whatever keeps schedules: a ledger. */
interface Timed {
  readonly schedules: Schedules
}

const remembered = 50

/** The state before the first schedule. */
export const noSchedules: Schedules = { last: 0, pending: [], ended: [] }

/** Returns the ledger with one more schedule, which gets the next ID. */
export function withSchedule<Kept extends Timed>(
  ledger: Kept,
  wanted: Omit<Schedule, 'id'>,
): [Kept, Schedule] {
  const { last, pending, ended } = ledger.schedules
  const schedule = { id: `s${last + 1}`, ...wanted }
  const sorted = [...pending, schedule].sort(byTime)
  return [{ ...ledger, schedules: { last: last + 1, pending: sorted, ended } }, schedule]
}

/** Returns the ledger with a pending schedule ended; unchanged if it is not pending. */
export function withEnd<Kept extends Timed>(ledger: Kept, id: string, end: ScheduleEnd): Kept {
  const { last, pending, ended } = ledger.schedules
  const schedule = pending.find((one) => one.id === id)
  if (schedule === undefined) return ledger
  const rest = pending.filter((one) => one !== schedule)
  const all = [{ ...schedule, end }, ...ended].slice(0, remembered)
  return { ...ledger, schedules: { last, pending: rest, ended: all } }
}

/** Returns the ledger with a schedule handed to a run, which is to start it. */
export function withHandOver<Kept extends Timed>(ledger: Kept, id: string, run: Run): Kept {
  const schedules = ledger.schedules
  const pending = schedules.pending.map((one) => (one.id === id ? { ...one, handed: run } : one))
  return { ...ledger, schedules: { ...schedules, pending } }
}

/** Returns a pending or ended schedule by its ID; null if it is unknown. */
export function findSchedule(ledger: Timed, id: string): Schedule | EndedSchedule | null {
  const { pending, ended } = ledger.schedules
  return [...pending, ...ended].find((one) => one.id === id) ?? null
}

export const endOf = (schedule: Schedule | EndedSchedule): ScheduleEnd | null =>
  'end' in schedule ? schedule.end : null

/** Milliseconds after its time; below zero before it. */
export const latenessAt = ({ at }: Pick<Schedule, 'at'>, now: Date | string): number =>
  new Date(now).getTime() - Date.parse(at.at)

/** `early`: not yet its time. `late`: it may not begin any more. */
export function dueAt(schedule: Schedule, now: Date): 'early' | 'due' | 'late' {
  const late = latenessAt(schedule, now)
  if (late < 0) return 'early'
  return late <= schedule.maxLateness ? 'due' : 'late'
}

/** Returns the pending schedules that start before the requested one, the next first. */
export const pendingBefore = (kept: Timed, at: Moment): Schedule[] =>
  kept.schedules.pending.filter((one) => Date.parse(one.at.at) <= Date.parse(at.at))

/** Returns the next schedule if its premise no longer holds; null if the premise holds, or none follows. */
export function outdatedBy(kept: Timed, { id, release }: Schedule): Schedule | null {
  const { pending } = kept.schedules
  const next = pending[pending.findIndex((one) => one.id === id) + 1]
  return next === undefined || sameCommit(release, next.from) ? null : next
}

/** Returns the schedules that were to follow this one. */
export const followersOf = (kept: Timed, { id }: Schedule): Schedule[] =>
  kept.schedules.pending.filter(({ after }) => after === id)

/** Orders by time; at the same time the earlier request comes first. */
const byTime = (a: Schedule, b: Schedule): number =>
  Date.parse(a.at.at) - Date.parse(b.at.at) || Number(a.id.slice(1)) - Number(b.id.slice(1))
