import type { EnvironmentPolicy } from '../../domain/config/policy.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { Problem, type ProblemWords } from '../../domain/problem.ts'
import {
  type Dispatching,
  dispatching,
  type HandedState,
  type HandedStates,
} from '../../domain/schedule/dispatching.ts'
import { dueAt, type Schedule } from '../../domain/schedule/schedule.ts'
import { reviewsOf } from '../lock/approvals.ts'
import { isBusy } from '../lock/busy.ts'
import { compareAndSwap } from '../lock/compare-and-swap.ts'
import type { Doer } from '../lock/doer.ts'
import type { Ports } from '../ports.ts'
import { putRecordsRight } from '../run/correct-records.ts'
import { endInWords } from '../schedule/keeping.ts'

/** An environment after the dispatcher. */
export interface Dispatched extends Omit<Dispatching, 'ledger'> {
  readonly environment: string
  /** Null where it could not be read. */
  readonly ledger: Ledger | null
  readonly problem: ProblemWords | null
}

type DispatchPorts = Pick<Ports, 'ledgers' | 'repository' | 'clock' | 'record' | 'voice'>

/**
 * Hands a due schedule to this run, which starts it in a job behind the gate of the environment, and marks
 * late ones. The ledger is written first: of two dispatches at once one gets the schedule. Beside a live run
 * nothing is written.
 */
export async function dispatch(
  ports: DispatchPorts,
  app: string,
  { name: environment, url }: Pick<EnvironmentPolicy, 'name' | 'url'>,
  doer: Doer,
): Promise<Dispatched> {
  const nothing = { environment, ended: [], due: null, waiting: [], problem: null }
  try {
    return await compareAndSwap(environment, async () => {
      const { head, ledger } = await ports.ledgers.read(app, environment)
      await putRecordsRight(ports, ledger, url, doer)
      const now = ports.clock.now()
      const come = ledger.schedules.pending.filter((schedule) => dueAt(schedule, now) !== 'early')
      if (come.length === 0) return { ...nothing, ledger }
      if (await isBusy(ports, ledger, doer))
        return {
          ...nothing,
          ledger,
          waiting: come.map((schedule) => ({ schedule, why: 'a run is at work here' })),
        }
      const found = dispatching(ledger, now, doer.run, await handedStates(ports, environment, come, doer))
      if (found.ledger === ledger) return { ...nothing, ...found }
      const written = await ports.ledgers.append(head, found.ledger, inWords(found, doer))
      return written === null ? null : { ...nothing, ...found }
    })
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    return { ...nothing, ledger: null, problem: thrown.words }
  }
}

/**
 * A run that is over and has started nothing was rejected by the reviewers, or it failed; then another may try. A run that
 * GitHub does not show counts as live until a person names it as over: its job may still wait for approval.
 */
async function handedStates(
  { repository }: Pick<Ports, 'repository'>,
  environment: string,
  schedules: readonly Schedule[],
  { over }: Pick<Doer, 'over'>,
): Promise<HandedStates> {
  const states = new Map<string, HandedState>()
  for (const { id, handed } of schedules) {
    if (handed === undefined) continue
    const state = await repository.runState(handed.id, handed.attempt)
    if (state === 'unknown' && handed.id === over) states.set(id, 'over')
    else if (state !== 'over') states.set(id, 'live')
    else {
      const { rejected } = await reviewsOf(repository, handed, environment)
      const [no] = rejected
      states.set(id, no === undefined ? 'over' : { rejectedBy: no.by, why: no.comment })
    }
  }
  return states
}

const inWords = ({ ended, due }: Dispatching, { run }: Doer): string =>
  [
    ...ended.map((schedule) => endInWords(schedule, schedule.end)),
    ...(due === null ? [] : [`${due.id} (${due.release.tag}) is due, and handed to ${run.url}`]),
  ].join('; ')
