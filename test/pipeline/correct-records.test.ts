import { describe, expect, test, vi } from 'vitest'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { Problem } from '../../src/domain/problem.ts'
import { unknown } from '../../src/domain/reading.ts'
import { block } from '../../src/pipeline/act/block.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { deploy } from '../../src/pipeline/act/deploy.ts'
import { dispatch } from '../../src/pipeline/act/dispatch.ts'
import { passOrAsk } from '../../src/pipeline/act/pass-or-ask.ts'
import { compare } from '../../src/pipeline/act/reconcile.ts'
import { lookAround } from '../../src/pipeline/look/status.ts'
import type { Clock, RecordState } from '../../src/pipeline/ports.ts'
import { close } from '../../src/pipeline/run/close.ts'
import { neverStops } from '../../src/pipeline/run/stop.ts'
import { schedule } from '../../src/pipeline/schedule/schedule.ts'
import { withdraw } from '../../src/pipeline/schedule/withdraw.ts'
import { aJournal, done, failed, opened as openedBy, pauseOf } from '../domain/a-journal.ts'
import { aFailed, aHistory, aPast } from '../domain/a-ledger.ts'
import { aLedgerServing, allSteps, aPolicy } from '../domain/a-plan.ts'
import { aReader, aRepository, aRequest, planned } from './a-repository.ts'
import { anActingRun } from './an-acting-run.ts'
import { bob, type InMemory, inMemory, keep, leanPlan } from './in-memory.ts'

const last = (memory: InMemory, record: number) => memory.records.states(record).at(-1)?.split(':')[0] ?? null
const says = (memory: InMemory, record: number, state: RecordState) =>
  memory.records.say(record, { state, description: 'before', run: '', url: null })

/** Production serves v2 after v1 by the ledger, and a run was killed before GitHub took the statuses. */
async function killedBeforeTheStatus(serve: 'v2' | 'failed' = 'v2') {
  const memory = inMemory()
  const { v1, v2, v3 } = await aRepository(memory)
  const plan = await planned(memory)
  const pasts: Past[] =
    serve === 'v2'
      ? [aPast(v1, { record: 1 }), aPast(v2, { record: 2 })]
      : [aPast(v2, { record: 1 }), aFailed(v3, { record: 2 })]
  const change: Partial<Ledger> = { history: aHistory(...pasts) }
  const { serving, ...ledger } = aLedgerServing(v2, change)
  const number = serve === 'v2' ? 2 : 1
  const served = serving && { ...serving, deployment: number, record: number }
  await memory.ledgers.append(null, { ...ledger, serving: served }, 'as it was')
  for (const number of [1, 2]) await memory.records.open(plan, number, '', { mayExist: false })
  await says(memory, 1, 'success')
  await says(memory, 2, 'in_progress')
  memory.workspace.head = v3.sha
  return memory
}

const open = aReader({ policy: { approval: { kind: 'none' } } })
const deploys = (memory: InMemory, tag: string) =>
  deploy(anActingRun({ ports: memory.ports, config: open, doer: bob }), aRequest({ tag }), null)

const unseen = { code: 'permission-missing', what: 'Not allowed.', why: '', next: '' } as const
const blocking = { tag: 'v1', reason: 'it loses orders', by: 'bob' }
const wantedAt = (clock: Clock, later: number) => ({
  at: {
    kind: 'instant',
    at: new Date(clock.now().getTime() + later).toISOString(),
    timezone: 'UTC',
  } as const,
  maxLateness: 60_000,
  reason: 'the campaign',
  by: 'bob',
})

describe('a run that was killed between the end in the ledger and the status', () => {
  test('is put right by the same release again, which has nothing else to do F49', async () => {
    const memory = await killedBeforeTheStatus()
    expect(await deploys(memory, 'v2')).toMatchObject({ kind: 'already-deployed' })
    expect([last(memory, 1), last(memory, 2)]).toEqual(['inactive', 'success'])
  })

  test('is put right by the deployment of another release F49', async () => {
    const memory = await killedBeforeTheStatus()
    await deploys(memory, 'v3')
    expect(memory.records.states(2).map((words) => words.split(':')[0])).toEqual([
      'in_progress',
      'success',
      'inactive',
    ])
  })

  test('is put right by its own post step F49', async () => {
    const memory = await killedBeforeTheStatus()
    expect(await close(memory.ports, 'shop', 'production', bob)).toBeNull()
    expect([last(memory, 1), last(memory, 2)]).toEqual(['inactive', 'success'])
  })

  test('is put right by an answer that comes too late F49', async () => {
    const memory = await killedBeforeTheStatus()
    const kept = await memory.ledgers.read('shop', 'production')
    const answer = { environment: 'production', pause: '2.1', decision: 'retry', by: 'bob' } as const
    const rest = { instances: [], reason: '', override: '' }
    const late = decide(
      memory.ports,
      { ...kept, policy: aPolicy() },
      { ...answer, ...rest },
      bob,
      neverStops,
      open,
    )
    await expect(late).rejects.toMatchObject({ code: 'decision-unasked' })
    expect([last(memory, 1), last(memory, 2)]).toEqual(['inactive', 'success'])
  })

  test.each<[string, (memory: InMemory) => Promise<unknown>]>([
    ['a plan that is refused', (memory) => deploys(memory, 'v1')],
    ['a release that is not there', (memory) => deploys(memory, 'v9')],
    [
      'a gate that is closed',
      (memory) =>
        passOrAsk(anActingRun({ ports: memory.ports, config: aReader(), doer: bob }), aRequest(), null),
    ],
    ['a block', ({ ports }) => block(ports, 'shop', [aPolicy()], { ...blocking, unblock: false }, bob)],
    [
      'an unblock of what is not blocked',
      ({ ports }) => block(ports, 'shop', [aPolicy()], { ...blocking, unblock: true }, bob),
    ],
    ['a dispatch that finds nothing due', ({ ports }) => dispatch(ports, 'shop', aPolicy(), bob)],
    [
      'a schedule',
      ({ ports, clock }) =>
        schedule(ports, open, { ...wantedAt(clock, 3_600_000), request: aRequest() }, bob),
    ],
    [
      'a schedule that is refused',
      ({ ports, clock }) =>
        schedule(ports, open, { ...wantedAt(clock, -3_600_000), request: aRequest() }, bob),
    ],
    [
      'a withdrawal of what there is not',
      ({ ports }) => withdraw(ports, open, aRequest(), { id: 's9', by: 'bob', reason: '' }, bob),
    ],
  ])('is put right by %s F49', async (_title, run) => {
    const memory = await killedBeforeTheStatus()
    await run(memory).catch((thrown: unknown) => {
      if (!(thrown instanceof Problem)) throw thrown
    })
    expect([last(memory, 1), last(memory, 2)]).toEqual(['inactive', 'success'])
  })

  test('is said by a status and by a comparison, which change nothing F49', async () => {
    const memory = await killedBeforeTheStatus()
    const behind = [
      expect.stringContaining('deployment 2 says in_progress, and the ledger success'),
      expect.stringContaining('deployment 1 says success, and the ledger inactive'),
    ]
    const asked = { ...aRequest(), observe: false }
    const signal = new AbortController().signal
    const reader = { ...open, readPolicies: () => [aPolicy()] }
    const [seen] = await lookAround(memory.ports, reader, asked, bob, signal)
    expect(seen?.records).toEqual({ behind, unknown: [] })
    expect((await compare(memory.ports, open, aRequest(), bob, signal)).records).toEqual({
      behind,
      unknown: [],
    })
    expect([last(memory, 1), last(memory, 2)]).toEqual(['success', 'in_progress'])
    vi.spyOn(memory.records, 'state').mockResolvedValue(unknown(unseen))
    const [blind] = await lookAround(memory.ports, reader, asked, bob, signal)
    expect(blind?.records).toEqual({ behind: [], unknown: ['Not allowed.', 'Not allowed.'] })
  })

  test('is shown as failed where it failed, and what serves stays active F49', async () => {
    const memory = await killedBeforeTheStatus('failed')
    await close(memory.ports, 'shop', 'production', bob)
    expect([last(memory, 1), last(memory, 2)]).toEqual(['success', 'failure'])
  })

  test('a state that only looks ended is held against the ledger too F49', async () => {
    const memory = await killedBeforeTheStatus()
    await says(memory, 2, 'error')
    await close(memory.ports, 'shop', 'production', bob)
    expect(last(memory, 2)).toBe('success')
  })

  test('keeps nobody from working where the record cannot be read, and that is said F49', async () => {
    const memory = await killedBeforeTheStatus()
    vi.spyOn(memory.records, 'state').mockResolvedValue(unknown(unseen))
    expect(await deploys(memory, 'v2')).toMatchObject({ kind: 'already-deployed' })
    expect(JSON.stringify(memory.voice.said)).toContain('The last record was not looked at')
  })
})

test('a question whose run was killed before the status is shown as waiting F49', async () => {
  const memory = inMemory()
  const plan = leanPlan({ steps: { migrate: allSteps.migrate } })
  const begun = [openedBy, ...done('source'), { kind: 'record-opened', record: 1 }] as const
  const journal = aJournal(...begun, ...failed('migrate'))
  const paused = aJournal(...begun, ...failed('migrate'), { kind: 'paused', pause: pauseOf(plan, journal) })
  await memory.records.open(plan, 7, '', { mayExist: false })
  await says(memory, 1, 'in_progress')
  await keep(memory, plan, paused)
  await close(memory.ports, 'shop', 'production', bob)
  expect(last(memory, 1)).toBe('pending')
})
