import type { Ledger } from '../../domain/journal/ledger.ts'
import { Problem } from '../../domain/problem.ts'
import {
  type EndedSchedule,
  type Schedule,
  type ScheduleEnd,
  withEnd,
} from '../../domain/schedule/schedule.ts'
import { describeEnd } from '../../domain/schedule/schedule-words.ts'
import type { Doer } from '../lock/doer.ts'
import { isBusy } from '../lock/in-the-way.ts'
import type { Ports } from '../ports.ts'

/** Another run may write in between; then everything is read again. */
const tries = 5

/** Runs an attempt that reads a ledger and writes it. Null means that another run has written first. */
export async function untilFirst<T>(environment: string, attempt: () => Promise<T | null>): Promise<T> {
  for (let left = tries; left > 0; left--) {
    const done = await attempt()
    if (done !== null) return done
  }
  throw new Problem('environment-locked', {
    what: `The ledger of ${environment} was written by others each time.`,
    why: 'Runs at work there write it all the time.',
    next: 'Run this one again in a moment.',
  })
}

/** A schedule that has just ended, in the ledger that has it so. */
export interface JustEnded {
  readonly schedule: EndedSchedule
  readonly ledger: Ledger
}

/**
 * Notes what became of a schedule, if it still waits. Null beside a live run: it is left as it is, and looked at again
 * when that has ended.
 */
export async function noteEnd(
  ports: Ports,
  { app, environment }: Pick<Ledger, 'app' | 'environment'>,
  id: string,
  doer: Doer,
  end: (schedule: Schedule) => ScheduleEnd,
): Promise<JustEnded | null> {
  const noted = await untilFirst(environment, async () => {
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
