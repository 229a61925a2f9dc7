import type { Ledger } from '../../domain/ledger/ledger.ts'
import { Problem } from '../../domain/problem.ts'
import { type EndedSchedule, endOf, findSchedule, withEnd } from '../../domain/schedule/schedule.ts'
import { endedAlready, unknownSchedule } from '../../domain/schedule/schedule-words.ts'
import { compareAndSwap } from '../lock/compare-and-swap.ts'
import type { Doer } from '../lock/doer.ts'
import { refuseWhileAtWork } from '../lock/in-the-way.ts'
import type { RequestPlace } from '../plan/request.ts'
import { type ConfigReader, recall } from '../plan/survey.ts'
import type { Ports } from '../ports.ts'
import { putRecordsRight } from '../run/correct-records.ts'
import { endInWords } from './keeping.ts'

/** The schedule to withdraw, with person and reason. */
export interface Withdrawal {
  readonly id: string
  /** A login. */
  readonly by: string
  readonly reason: string
}

export interface Withdrawn {
  readonly schedule: EndedSchedule
  /** The ledger without it among the pending schedules. */
  readonly ledger: Ledger
}

/**
 * Withdraws a schedule: at its time nothing runs. A schedule that was handed to a run is withdrawn as well,
 * as long as its deployment has not begun. Throws `schedule-ended` for an ended one, with its end.
 */
export function withdraw(
  ports: Ports,
  config: ConfigReader,
  request: RequestPlace,
  { id, by, reason }: Withdrawal,
  doer: Doer,
): Promise<Withdrawn> {
  return compareAndSwap(request.environment, async () => {
    const { head, ledger, policy } = await recall(ports, config, request)
    await putRecordsRight(ports, ledger, policy.url, doer)
    const schedule = findSchedule(ledger, id)
    if (schedule === null) throw problem(unknownSchedule(id, ledger))
    const ended = endOf(schedule)
    if (ended !== null) throw problem(endedAlready(schedule, ended, ledger.environment))
    await refuseWhileAtWork(ports, ledger, doer)
    const end = { kind: 'withdrawn', at: ports.clock.now().toISOString(), by, reason } as const
    const after = withEnd(ledger, id, end)
    const written = await ports.ledgers.append(head, after, endInWords(schedule, end))
    return written === null ? null : { schedule: { ...schedule, end }, ledger: after }
  })
}

const problem = ({ code, ...words }: ReturnType<typeof unknownSchedule>): Problem => new Problem(code, words)
