import { wholeMinutes } from '../../domain/durations.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { describeRelease } from '../../domain/release/release.ts'
import { momentInWords } from '../../domain/schedule/freeze-words.ts'
import { type EndedSchedule, followersOf, outdatedBy, type Schedule } from '../../domain/schedule/schedule.ts'
import { logLine } from '../outcome/log-lines.ts'
import { blocks, code, table, text } from '../text/markdown.ts'
import { inPlaceOf, pendingTable, spoiltAlert } from './in-words.ts'
import { pendingResults, scheduleResultOf } from './view.ts'

/** A schedule that was made or withdrawn. */
export interface ScheduleView {
  readonly outcome: 'scheduled' | 'withdrawn'
  readonly schedule: Schedule | EndedSchedule
  /** As it is now. */
  readonly ledger: Ledger
  readonly run: string
  readonly now: string
}

/** `production: s3 is scheduled, v1.2.0 (1a2b3c4) at 2026-12-01 09:00 Europe/Berlin (2026-12-01 08:00 UTC)` */
export const scheduleLine = ({ outcome, schedule, ledger }: ScheduleView): string =>
  logLine(
    `${ledger.environment}: ${schedule.id} is ${outcome}, ${describeRelease(schedule.release)} at ${momentInWords(schedule.at)}`,
  )

export function scheduleSummary({ outcome, schedule, ledger }: ScheduleView): string {
  const { id, release, at, maxLateness, by, reason } = schedule
  const others = ledger.schedules.pending.filter((one) => one.id !== id)
  const mark = outcome === 'scheduled' ? '🕘' : '↩️'
  return `${blocks(
    `## ${mark} ${text(release.tag)} to ${text(ledger.environment)}: ${outcome} as ${id}`,
    outcome === 'withdrawn' ? takenBack(schedule) : null,
    table(
      ['at', `**${text(momentInWords(at))}**`],
      [
        ['release', `${text(release.tag)} (${code(release.sha.slice(0, 7))})`],
        ['in place of', inPlaceOf(schedule)],
        ['may begin', `at most ${wholeMinutes(maxLateness)} late`],
        ['asked for by', text(by)],
        ['why', text(reason)],
      ],
    ),
    outcome === 'scheduled'
      ? `Nothing has run. At its time it is planned anew, and begins behind the gate of the environment; it is refused if something else serves by then, or a freeze or a block holds it. To take it back run schedule with ${code(`withdraw: ${id}`)}.`
      : 'At its time nothing runs.',
    ...spoilt(schedule, ledger).map(spoiltAlert),
    others.length === 0 ? null : '**Scheduled here as well**',
    pendingTable(others),
  )}\n`
}

/** Returns the schedules whose premise no longer holds after this. */
function spoilt(schedule: Schedule | EndedSchedule, ledger: Ledger): readonly Schedule[] {
  if ('end' in schedule) return followersOf(ledger, schedule)
  const next = outdatedBy(ledger, schedule)
  return next === null ? [] : [next]
}

const takenBack = (schedule: Schedule | EndedSchedule): string | null =>
  'end' in schedule && schedule.end.kind === 'withdrawn'
    ? `${text(schedule.end.by)}: ${text(schedule.end.reason)}`
    : null

/** The `result` output of `schedule`, described in docs/schedules.md. */
export const scheduleResult = ({ outcome, schedule, ledger, run, now }: ScheduleView) => ({
  schema: 1,
  command: 'schedule',
  outcome,
  at: now,
  app: ledger.app,
  environment: ledger.environment,
  schedule: scheduleResultOf(schedule, ledger),
  scheduled: pendingResults(ledger),
  run,
})
