import type { Ledger } from '../../domain/ledger/ledger.ts'
import { type RequestState, scheduleState } from '../../domain/schedule/request-state.ts'
import { type EndedSchedule, endOf, type Schedule, type ScheduleEnd } from '../../domain/schedule/schedule.ts'

/** A schedule in an output, described in docs/schedules.md. */
export interface ScheduleResult {
  readonly id: string
  readonly state: RequestState
  readonly release: Schedule['release']
  /** The planned start: an instant, and the local time in its zone. */
  readonly at: string
  readonly local: string
  /** The ID of the schedule that it follows; null without one. */
  readonly after: string | null
  /** Seconds. */
  readonly 'max-lateness': number
  readonly by: string
  readonly reason: string
  readonly asked: string
  /** The end of it; null while it waits. */
  readonly end: {
    readonly kind: ScheduleEnd['kind']
    readonly at: string
    readonly deployment: number | null
    /** Seconds after its time; null where it did not come to that. */
    readonly late: number | null
    readonly by: string | null
    readonly reason: string | null
    readonly 'reason-code': string | null
  } | null
  readonly run: string
}

export const scheduleResultOf = (schedule: Schedule | EndedSchedule, ledger: Ledger): ScheduleResult => ({
  id: schedule.id,
  state: scheduleState(schedule, ledger),
  release: { tag: schedule.release.tag, sha: schedule.release.sha },
  at: schedule.at.at,
  local: schedule.at.local,
  after: schedule.after ?? null,
  'max-lateness': Math.round(schedule.maxLateness / 1_000),
  by: schedule.by,
  reason: schedule.reason,
  asked: schedule.asked,
  end: endResult(endOf(schedule)),
  run: schedule.run,
})

/** Returns the pending schedules, the next first. */
export const pendingResults = (ledger: Ledger): ScheduleResult[] =>
  ledger.schedules.pending.map((schedule) => scheduleResultOf(schedule, ledger))

/** Returns the pending schedules, and then the ended ones, the latest first. */
export const allResults = (ledger: Ledger): ScheduleResult[] => [
  ...pendingResults(ledger),
  ...ledger.schedules.ended.map((schedule) => scheduleResultOf(schedule, ledger)),
]

function endResult(end: ScheduleEnd | null): ScheduleResult['end'] {
  if (end === null) return null
  const { kind, at } = end
  return {
    kind,
    at,
    deployment: kind === 'started' ? end.deployment : null,
    late: kind === 'started' || kind === 'missed' ? Math.round(end.late / 1_000) : null,
    by: kind === 'withdrawn' ? end.by : null,
    reason: kind === 'withdrawn' ? end.reason : kind === 'refused' ? end.problem.what : null,
    'reason-code': kind === 'refused' ? end.problem.code : kind === 'missed' ? 'schedule-missed' : null,
  }
}
