import { wholeMinutes } from '../../domain/durations.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { ProblemWords } from '../../domain/problem.ts'
import { momentInWords } from '../../domain/schedule/freeze-words.ts'
import { type EndedSchedule, latenessAt, type Schedule } from '../../domain/schedule/schedule.ts'
import { describeEnd, sentence } from '../../domain/schedule/schedule-words.ts'
import { logLine } from '../outcome/log-lines.ts'
import { alert, blocks, code, counted, table, text } from '../text/markdown.ts'
import { mention } from '../text/mention.ts'
import { pendingResults, scheduleResultOf } from './view.ts'

/** The result of a look at all schedules. */
export interface DispatchView {
  readonly environments: readonly DispatchedView[]
  readonly run: string
  readonly now: string
}

export interface DispatchedView {
  readonly environment: string
  readonly ledger: Ledger | null
  readonly ended: readonly EndedSchedule[]
  readonly due: Schedule | null
  readonly waiting: readonly { readonly schedule: Schedule; readonly why: string }[]
  readonly problem: ProblemWords | null
}

/** Returns the annotation: the end of the schedule, and the people to notify. */
export const endedInWords = (schedule: EndedSchedule, environment: string): string =>
  `${sentence(`${schedule.id} of ${environment} (${schedule.release.tag}) ${describeEnd(schedule.end)}`)}\nIt was due at ${momentInWords(schedule.at)}.\n@${schedule.by} asked for it: schedule it again, or deploy it now. Nothing was changed.`

export const dispatchLines = ({ environments, now }: DispatchView): string[] =>
  environments.flatMap((dispatched) => [
    logLine(`${dispatched.environment}: ${next(dispatched)}`),
    ...happened(dispatched, now).map((words) => `  ${logLine(words)}`),
  ])

/** Returns the page of a look: a line an environment; above it the schedules that need a person, with the person. */
export function dispatchSummary({ environments, now }: DispatchView): string {
  const due = environments.filter((one) => one.due !== null).length
  return `${blocks(
    `## 🕘 Schedules: ${due === 0 ? 'nothing is due' : `${counted(due, 'deployment')} due`}`,
    ...environments.flatMap(({ environment, ended, problem }) => [
      ...ended.map((schedule) => endedAlert(schedule, environment)),
      ...(problem === null
        ? []
        : [alert('CAUTION', `**${code(environment)} could not be looked at:** ${text(problem.what)}`)]),
    ]),
    environments.length === 0
      ? 'The config has no environments.'
      : table(
          ['environment', 'now', 'then'],
          environments.map((dispatched) => [
            code(dispatched.environment),
            happened(dispatched, now).map(text).join('<br>') || '–',
            text(next(dispatched)),
          ]),
        ),
  )}\n`
}

const endedAlert = (schedule: EndedSchedule, environment: string): string =>
  alert(
    'CAUTION',
    `**${schedule.id} of ${code(environment)}: ${text(schedule.release.tag)} ${text(sentence(describeEnd(schedule.end)))}**`,
    `It was due at ${text(momentInWords(schedule.at))}, and asked for because: ${text(schedule.reason)}`,
    `${mention(schedule.by)} asked for it: schedule it again, or deploy it now. Nothing was changed.`,
  )

function happened({ due, ended, waiting, problem }: DispatchedView, now: string): string[] {
  return [
    ...ended.map((schedule) => `${schedule.id} (${schedule.release.tag}) ${describeEnd(schedule.end)}`),
    ...(due === null ? [] : [`${due.id} (${due.release.tag}) is due, ${lateness(due, now)}`]),
    ...waiting.map(
      ({ schedule, why }) =>
        `${schedule.id} (${schedule.release.tag}) is due, ${lateness(schedule, now)}, and waits: ${why}`,
    ),
    ...(problem === null ? [] : [problem.what]),
  ]
}

const lateness = (schedule: Schedule, now: string): string =>
  `${wholeMinutes(latenessAt(schedule, now))} late`

/** Returns the next event after the look. */
function next({ ledger, due, waiting }: DispatchedView): string {
  if (ledger === null) return 'could not be read'
  const now = [due?.id, ...waiting.map(({ schedule }) => schedule.id)]
  const [coming] = ledger.schedules.pending.filter(({ id }) => !now.includes(id))
  if (coming !== undefined)
    return `${coming.id} (${coming.release.tag}) is next, at ${momentInWords(coming.at)}`
  return now.some((id) => id !== undefined) ? 'nothing else is scheduled' : 'nothing is scheduled'
}

/** The `result` output of `dispatch`, described in docs/schedules.md. */
export const dispatchResult = ({ environments, run, now }: DispatchView) => ({
  schema: 1,
  command: 'dispatch',
  outcome: 'dispatched',
  at: now,
  environments: environments.map(({ environment, ledger, due, ended, waiting, problem }) => ({
    name: environment,
    due: due === null || ledger === null ? null : scheduleResultOf(due, ledger),
    ended: ledger === null ? [] : ended.map((schedule) => scheduleResultOf(schedule, ledger)),
    waiting: waiting.map(({ schedule, why }) => ({ id: schedule.id, why })),
    scheduled: ledger === null ? [] : pendingResults(ledger),
    'reason-code': problem?.code ?? null,
  })),
  run,
})
