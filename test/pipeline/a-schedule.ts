import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import type { Recipe } from '../../src/domain/config/recipe.ts'
import { dispatch } from '../../src/pipeline/act/dispatch.ts'
import type { Doer } from '../../src/pipeline/lock/doer.ts'
import type { Request } from '../../src/pipeline/plan/request.ts'
import { deployScheduled, type RefusedSchedule } from '../../src/pipeline/schedule/deploy-scheduled.ts'
import { type ScheduleRequest, schedule } from '../../src/pipeline/schedule/schedule.ts'
import { withdraw } from '../../src/pipeline/schedule/withdraw.ts'
import { aRun } from '../domain/a-journal.ts'
import { aReader, aRepository, aRequest } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, type InMemory, inMemory, keptLedger } from './in-memory.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** A shop in which the second of three releases serves, the third is checked out, and no approval is required. */
export async function aShop() {
  const memory = inMemory()
  const repository = await aRepository(memory)
  await repository.serve()
  memory.workspace.head = repository.v3.sha
  return { memory, ...repository }
}

const unguarded: Partial<EnvironmentPolicy> = { approval: { kind: 'none' } }

export interface Arranged {
  readonly policy?: Partial<EnvironmentPolicy>
  readonly request?: Partial<Request>
  readonly recipe?: Partial<Recipe>
}

/** Now is Monday, 2 March 2026, 9:00 UTC; the schedule is for ten o'clock in Berlin on Tuesday, which is 9:00 UTC. */
export const schedules = (
  memory: InMemory,
  change: Partial<ScheduleRequest> = {},
  { policy = {}, request = {}, recipe = {} }: Arranged = {},
) =>
  schedule(
    memory.ports,
    aReader({ policy: { ...unguarded, ...policy }, recipe }),
    {
      request: aRequest(request),
      at: { kind: 'local', local: '2026-03-03T10:00', timezone: 'Europe/Berlin' },
      maxLateness: hour,
      reason: 'the campaign begins',
      by: 'rhea',
      ...change,
    },
    bob,
  )

/** The run of the dispatcher with this number; it is live. */
export function theDispatcher(memory: InMemory, id = 20): Doer {
  memory.repository.run({ id, status: 'in_progress' })
  return { run: aRun(id), by: ['the dispatcher'] }
}

export const dispatches = (memory: InMemory, doer = theDispatcher(memory)) =>
  dispatch(memory.ports, 'shop', { name: 'production', url: null }, doer)

export const begins = (
  memory: InMemory,
  id = 's1',
  { policy = {}, request = {} }: Arranged = {},
  doer = bob,
  told: RefusedSchedule[] = [],
) =>
  deployScheduled(
    anActingRun({ ports: memory.ports, config: aReader({ policy: { ...unguarded, ...policy } }), doer }),
    aRequest({ tag: null, ...request, schedule: id }),
    async (refused) => void told.push(refused),
  )

export const withdraws = (memory: InMemory, id = 's1') =>
  withdraw(
    memory.ports,
    aReader(),
    aRequest({ tag: null }),
    { id, by: 'nora', reason: 'not before the weekend' },
    bob,
  )

/** Returns pending and ended schedules, as `s1 pending`. */
export async function schedulesIn(memory: InMemory): Promise<string[]> {
  const { pending, ended } = (await keptLedger(memory)).schedules
  return [...pending.map(({ id }) => `${id} pending`), ...ended.map(({ id, end }) => `${id} ${end.kind}`)]
}

/** Runs another writer just before the next commit. */
export function justBefore(memory: InMemory, meanwhile: () => Promise<unknown>): void {
  const append = memory.ledgers.append.bind(memory.ledgers)
  let first = true
  memory.ledgers.append = async (head, ledger, message) => {
    if (first) {
      first = false
      await meanwhile()
    }
    return append(head, ledger, message)
  }
}
