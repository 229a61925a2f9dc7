import { duration } from '../../domain/durations.ts'
import { describeBlock, describeCommits, describeSaid } from '../../domain/ledger/blocking.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Past } from '../../domain/ledger/past.ts'
import { logLine } from '../outcome/log-lines.ts'
import { endedLine, neverStarted, pendingLine } from '../schedule/in-words.ts'
import { between } from '../text/moments.ts'
import { whyOf } from './summary.ts'
import { deedInWords, type HistoryView, inPlaceOf } from './view.ts'

/** Returns the same for the log: a line a deployment, with details below. */
export function historyLines({ ledger, limit }: HistoryView): string[] {
  const { environment, deployment, history } = ledger
  const shown = history.slice(0, limit).flatMap(pastLines)
  return [
    `${environment}: ${history.length === 0 ? 'no deployment has ended here yet' : `the last ${Math.min(limit, history.length)} of ${history.length} deployments`}`,
    ...(deployment === null
      ? []
      : [
          `  deployment ${deployment.number}, ${deployment.plan.mode} of ${deployment.plan.release.tag}: under way`,
        ]),
    ...shown,
    ...ledger.schedules.pending.map((schedule) => `  ${pendingLine(schedule)}`),
    ...neverStarted(ledger).map((schedule) => `  ${endedLine(schedule)}`),
    ...blockLines(ledger),
  ].map((line) => `${' '.repeat(line.search(/\S/))}${logLine(line)}`)
}

function pastLines(past: Past): string[] {
  const { number, release, by, startedAt, endedAt } = past
  const [outcome = '', ...more] = whyOf(past)
  const older = inPlaceOf(past)
  const before = older === null ? '' : `, in place of ${older}`
  return [
    `  deployment ${number}, ${deedInWords(past)} of ${release.tag}${before}, by ${by.join(', ') || 'unknown actor'}, ${startedAt} (${duration(between(startedAt, endedAt))}): ${outcome}`,
    ...more.map((words) => `    ${words}`),
  ]
}

const blockLines = ({ blocked, blockedCommits }: Ledger): string[] => [
  ...blocked.map((block) => `  ${block.tag} is ${describeBlock(block)}`),
  ...blockedCommits.map((block) => `  ${describeCommits(block)} is ${describeSaid(block)}`),
]
