import { duration } from '../../domain/durations.ts'
import { describeOutcome, reasonOf } from '../../domain/journal/outcome.ts'
import { describeBlock } from '../../domain/ledger/blocking.ts'
import type { Past } from '../../domain/ledger/past.ts'
import { decisionsIn } from '../../domain/ledger/past-of.ts'
import type { Underway } from '../../domain/ledger/underway.ts'
import type { CompatibilityCheck } from '../../domain/release/compatibility-check.ts'
import { describeStart } from '../../domain/schedule/schedule-words.ts'
import { markOf } from '../outcome/state-in-words.ts'
import { endedTable, neverStarted, pendingTable } from '../schedule/in-words.ts'
import { commitBlocksInWords } from '../text/commit-blocks.ts'
import { blocks, code, counted, link, shorten, table, text } from '../text/markdown.ts'
import { between, moment } from '../text/moments.ts'
import { onePage } from '../text/page.ts'
import { decisionInWords, deedInWords, type HistoryView, inPlaceOf } from './view.ts'

const longest = 200

/** Returns the page of a history: actor, time, reason and outcome. */
export function historySummary({ ledger, limit, now }: HistoryView): string {
  const { app, environment, history, deployment, blocked } = ledger
  const commits = commitBlocksInWords(ledger)
  const shown = history.slice(0, limit)
  return onePage([
    { text: `## History of ${text(environment)}` },
    { text: `${code(app)}, looked at ${moment(now)}` },
    { text: deployment === null ? '' : underwayInWords(deployment) },
    { text: shown.length === 0 ? 'No deployment has ended here yet.' : historyTable(shown) },
    {
      text:
        history.length <= limit
          ? ''
          : `${counted(history.length - limit, 'older deployment')} not listed; the input \`limit\` takes more.`,
    },
    { text: headed('**Scheduled**', pendingTable(ledger.schedules.pending)) },
    { text: headed('**Scheduled, and not begun**', endedTable(neverStarted(ledger))) },
    {
      text:
        blocked.length + commits.length === 0
          ? ''
          : blocks(
              '**Blocked**',
              [...blocked.map((block) => `${code(block.tag)}: ${text(describeBlock(block))}`), ...commits]
                .map((line) => `- ${line}`)
                .join('\n'),
            ),
    },
  ])
}

const headed = (heading: string, body: string | null): string => (body === null ? '' : blocks(heading, body))

const historyTable = (shown: readonly Past[]): string =>
  table(
    ['', 'what', 'release', 'in place of', 'who', 'began', 'took', 'what came of it, and why'],
    shown.map((past) => [
      markOf({ kind: 'ended', outcome: past.outcome }),
      `${past.run === '' ? past.number : link(String(past.number), past.run)} ${text(deedInWords(past))}`,
      text(past.release.tag),
      inPlaceOf(past) === null ? '–' : text(inPlaceOf(past) ?? ''),
      past.by.map(text).join(', '),
      moment(past.startedAt),
      duration(between(past.startedAt, past.endedAt)),
      whyOf(past)
        .map((words) => text(shorten(words, longest)))
        .join('<br>'),
    ]),
  )

/** Returns the outcome, its reason, and the reasons of decisions. */
export const whyOf = ({
  outcome,
  decisions,
  override,
  overrideRehearsed: unrehearsed,
  confirmed,
  compatibility,
  from,
  unsafe,
  older,
  schedule,
  startedAt,
}: Past): string[] =>
  [
    describeOutcome(outcome),
    reasonOf(outcome),
    schedule === null ? '' : `${describeStart(schedule, startedAt)}, by ${schedule.by}: ${schedule.reason}`,
    ...decisions.map(decisionInWords),
    override === null ? '' : `${override.by} went without the verification: ${override.reason}`,
    unrehearsed === null ? '' : `${unrehearsed.by} went without the rehearsal: ${unrehearsed.reason}`,
    compatibility === null ? '' : checksInWords(compatibility, from?.tag ?? ''),
    unsafe === null ? '' : `acknowledged when it was started: ${unsafe}`,
    older === null ? '' : `acknowledged when it was started: older than ${older}`,
    confirmed.length === 0 ? '' : `confirmed when it was started: ${confirmed.join(' ')}`,
  ].filter((words) => words !== '')

function checksInWords({ passed, forced }: CompatibilityCheck, older: string): string {
  if (passed) return `the checks of ${older} passed on its schema`
  const who = forced === undefined ? '' : `; ${forced.by} continued anyway`
  return `the checks of ${older} failed on its schema: no safe rollback${who}`
}

function underwayInWords({ number, plan, journal }: Underway): string {
  const opened = journal.find((event) => event.kind === 'opened')
  const since =
    opened === undefined ? '' : ` since ${moment(opened.at)}, of ${opened.by.map(text).join(', ')}`
  const decided = decisionsIn(journal).map((decision) => text(decisionInWords(decision)))
  const said = decided.length === 0 ? '' : ` Decided so far: ${decided.join('; ')}.`
  return `**Under way**: deployment ${number}, ${plan.mode} of ${text(plan.release.tag)}${since}.${said}`
}
