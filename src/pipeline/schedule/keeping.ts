import type { Ledger } from '../../domain/ledger/ledger.ts'
import {
  type EndedSchedule,
  type Schedule,
  type ScheduleEnd,
  withEnd,
} from '../../domain/schedule/schedule.ts'
import { describeEnd } from '../../domain/schedule/schedule-words.ts'
import { isBusy } from '../lock/busy.ts'
import { compareAndSwap } from '../lock/compare-and-swap.ts'
import type { Doer } from '../lock/doer.ts'
import type { Ports } from '../ports.ts'

/** A schedule that has just ended, in the ledger that has it so. */
export interface JustEnded {
  readonly schedule: EndedSchedule
  readonly ledger: Ledger
}

/**
 * Notes the end of a schedule, if it is still pending. Null beside a live run: the schedule is left as it is
 * until that run has ended.
 */
export async function noteEnd(
  ports: Ports,
  { app, environment }: Pick<Ledger, 'app' | 'environment'>,
  id: string,
  doer: Doer,
  end: (schedule: Schedule) => ScheduleEnd,
): Promise<JustEnded | null> {
  const noted = await compareAndSwap(environment, async () => {
    const { head, ledger } = await ports.ledgers.read(app, environment)
    const schedule = ledger.schedules.pending.find((one) => one.id === id)
    if (schedule === undefined || (await isBusy(ports, ledger, doer))) return 'left as it is'
    const ended = { ...schedule, end: end(schedule) }
    const after = withEnd(ledger, id, ended.end)
    const written = await ports.ledgers.append(head, after, endInWords(schedule, ended.end))
    return written === null ? null : { schedule: ended, ledger: after }
  })
  return noted === 'left as it is' ? null : noted
}

/** `s3 (v1.2.0) was withdrawn by rhea: not today` */
export const endInWords = ({ id, release }: Schedule, end: ScheduleEnd): string =>
  `${id} (${release.tag}) ${describeEnd(end)}`
