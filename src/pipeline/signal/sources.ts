import type { Reading } from '../../domain/reading.ts'
import { type Ask, asksFor } from '../../domain/signal/ask.ts'
import type { HaltPolicy } from '../../domain/signal/halt-policy.ts'
import type { Signal } from '../../domain/signal/signal.ts'
import type { Answer, Finished, Ports } from '../ports.ts'
import { answerInWords, failureOf } from '../run/failure.ts'
import type { ReadSource, SourceLook } from './until-known.ts'

const known = (signals: readonly Signal[]): SourceLook => ({ kind: 'known', signals })

/** The open issues with a label that halts. */
export const issueSource = (
  { issues }: Pick<Ports, 'issues'>,
  { labels }: Pick<HaltPolicy, 'labels'>,
): ReadSource => ({
  source: 'issues',
  async look() {
    const list = await issues.labelled(labels)
    if (list.kind === 'unknown') return { kind: 'unknown', why: list.why.what }
    return known(list.kind === 'found' ? list.value.map((issue) => ({ kind: 'issue', ...issue })) : [])
  },
})

/** The answer of an address. */
export const addressSource = (url: string, ask: () => Promise<Answer>): ReadSource => ({
  source: 'http',
  async look() {
    const answer = await ask()
    switch (answer.kind) {
      case 'yes':
        return known([])
      case 'no':
        return tellsOfAlarms(answer.status)
          ? known([{ kind: 'alarm', source: 'http', name: url, said: answer.why }])
          : { kind: 'unknown', why: `${url}: ${answer.why}` }
      case 'absent':
      case 'timed-out':
      case 'unknown':
        return { kind: 'unknown', why: `${url}: ${answerInWords(answer)}` }
    }
  },
})

/** Statuses by which a gateway or a login answers in the place of the monitoring. */
const ofTheWayThere: readonly number[] = [401, 403, 404, 407, 408, 429, 502, 504]

/** True if an answer is that of the monitoring. A gateway, a login or a redirect knows of no alarm. */
const tellsOfAlarms = (status: number | undefined): boolean =>
  status !== undefined && (status < 300 || status >= 400) && !ofTheWayThere.includes(status)

/** The exit code by which a command tells of an alarm. Any other than that and 0 tells nothing of alarms. */
const alarming = 1

/** The end of a command. A command that could not run, or broke, does not know if all is quiet. */
export const commandSource = (name: string, run: () => Promise<Finished | Unplaced>): ReadSource => ({
  source: 'command',
  async look() {
    const finished = await run()
    if ('unplaced' in finished) return { kind: 'unknown', why: finished.unplaced }
    if (finished.kind === 'exited' && finished.code === 0) return known([])
    if (finished.kind === 'exited' && finished.code === alarming)
      return known([{ kind: 'alarm', source: 'command', name, said: lastOf(finished.tail) }])
    const said = lastOf(finished.tail)
    const what = failureOf(name, finished)?.what ?? name
    return { kind: 'unknown', why: said === '' ? what : `${what} ${said}` }
  },
})

/** The reason why the files of a command are not here. */
export interface Unplaced {
  readonly unplaced: string
}

const lastOf = (tail: readonly string[]): string => tail.findLast((line) => line.trim() !== '')?.trim() ?? ''

/** People's halts of a deployment: those that name it, and with `standing` those for the environment. */
export const askSource = (
  read: () => Promise<Reading<readonly Ask[]>>,
  deployment: number | null,
  standing: boolean,
): ReadSource => ({
  source: 'asks',
  async look() {
    const asks = await read()
    if (asks.kind === 'unknown') return { kind: 'unknown', why: asks.why.what }
    return known(asks.kind === 'found' ? haltsIn(asks.value, deployment, standing) : [])
  },
})

const haltsIn = (asks: readonly Ask[], deployment: number | null, standing: boolean): Signal[] =>
  [...asksFor(asks, 'halt', deployment), ...withdrawals(asks, deployment)]
    .filter((ask) => standing || ask.deployment !== null)
    .map(({ id, by, reason, at, deployment: of }) => ({
      ...{ kind: 'person', ask: id, by, reason, at, stands: of === null },
    }))

/** An approver who takes the approval back while the deployment is at work halts it. */
const withdrawals = (asks: readonly Ask[], deployment: number | null) =>
  asksFor(asks, 'withdraw', deployment).map((ask) => ({
    ...ask,
    reason: `the approval was taken back${ask.reason === '' ? '' : `: ${ask.reason}`}`,
  }))
