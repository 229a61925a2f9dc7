import type { Ledger } from '../ledger/ledger.ts'
import { describeOpen } from '../ledger/underway-words.ts'
import type { Run } from '../release/release.ts'
import {
  dueAt,
  type EndedSchedule,
  latenessAt,
  type Schedule,
  type ScheduleEnd,
  withEnd,
  withHandOver,
} from './schedule.ts'
import { startOf } from './schedule-start.ts'

/** The result of a look at the schedules of one environment. */
export interface Dispatching {
  /** The ledger to write; the given one if nothing changes. */
  readonly ledger: Ledger
  readonly ended: readonly EndedSchedule[]
  /** The schedule to start now. */
  readonly due: Schedule | null
  /** The schedules that are due, and cannot start yet. */
  readonly waiting: readonly { readonly schedule: Schedule; readonly why: string }[]
}

/** The state of the run that a schedule was handed to. */
export type HandedState = 'live' | 'over' | Rejected
interface Rejected {
  readonly rejectedBy: string
  readonly why: string
}

/** The states of those runs, by the IDs of their schedules. */
export type HandedStates = ReadonlyMap<string, HandedState>

/**
 * Hands one schedule at a time to a run, the first that is due. A schedule that is too late is missed, and
 * one that the reviewers of its run rejected is refused: they are not asked again. No reviewer is asked about
 * an outdated schedule either, whose serving release has changed since its plan.
 */
export function dispatching(ledger: Ledger, now: Date, run: Run, handed: HandedStates): Dispatching {
  const begun = ledger.schedules.pending.filter((schedule) => dueAt(schedule, now) !== 'early')
  const ended = begun.flatMap((schedule) => {
    const end = endNow(schedule, now, handed)
    return end === null ? [] : [{ ...schedule, end }]
  })
  const left = begun.filter(({ id }) => !ended.some((one) => one.id === id))
  const after = ended.reduce((before, { id, end }) => withEnd(before, id, end), ledger)
  const busy = left.find(({ id }) => handed.get(id) === 'live')
  if (busy !== undefined || ledger.deployment !== null || left.length === 0)
    return {
      ledger: after,
      ended,
      due: null,
      waiting: left.map((schedule) => ({ schedule, why: whyNot(schedule, busy, ledger) })),
    }
  const [due, ...others] = left as [Schedule, ...Schedule[]]
  const end = outdatedNow(after, due, now)
  if (end !== null) {
    const rest = dispatching(withEnd(after, due.id, end), now, run, handed)
    return { ...rest, ended: [...ended, { ...due, end }, ...rest.ended] }
  }
  return {
    ledger: withHandOver(after, due.id, run),
    ended,
    due: { ...due, handed: run },
    waiting: others.map((schedule) => ({ schedule, why: `${due.id} comes first` })),
  }
}

function endNow(schedule: Schedule, now: Date, handed: HandedStates): ScheduleEnd | null {
  const at = now.toISOString()
  const state = handed.get(schedule.id)
  if (typeof state === 'object') return { kind: 'refused', at, problem: rejected(schedule, state) }
  if (dueAt(schedule, now) === 'late') return { kind: 'missed', at, late: latenessAt(schedule, now) }
  return null
}

function outdatedNow(ledger: Ledger, { id }: Schedule, now: Date): ScheduleEnd | null {
  const start = startOf(ledger, id, now)
  return start.kind === 'may-not' && start.problem.code === 'schedule-outdated'
    ? { kind: 'refused', at: now.toISOString(), problem: start.problem }
    : null
}

function whyNot({ id }: Schedule, busy: Schedule | undefined, ledger: Ledger): string {
  if (busy?.id === id) return 'a run is to start it, and waits for its approval or is just beginning'
  if (busy !== undefined) return `${busy.id} comes first`
  return ledger.deployment === null ? '' : describeOpen(ledger.deployment, ledger.environment)
}

const rejected = ({ id, by }: Schedule, { rejectedBy, why }: Rejected) =>
  ({
    code: 'approval-rejected',
    what: `${rejectedBy} rejected the run that was to start ${id}${why === '' ? '.' : `: ${why}`}`,
    why: why === '' ? 'No reason was given.' : 'That is the reason that was given.',
    next: `@${by} asked for it: schedule it again when the reason is gone. Nothing was changed.`,
  }) as const
