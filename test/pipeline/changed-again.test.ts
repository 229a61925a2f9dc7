import { describe, expect, test } from 'vitest'
import type { Service } from '../../src/domain/config/service.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { close } from '../../src/pipeline/run/close.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aRun } from '../domain/a-journal.ts'
import { aPlan, aPolicy, aRecipe, aService, count, newer, noSteps, older } from '../domain/a-plan.ts'
import { type InMemory, inMemory, keptLedger, leanPlan, opened, reading } from './in-memory.ts'

const no = { kind: 'no', why: 'answered 503', text: '' } as const
const yes = { kind: 'yes', text: '' } as const
const byCommand = { kind: 'command', leave: null, enter: null, serving: null, timeout: 1_000 } as const
const own = aService('web', 2, { minAvailable: count(0) })
const inPlace = { ...own, traffic: byCommand, fleet: { ...own.fleet, stop: null } as Service['fleet'] }
const failing = (memory: InMemory, ...names: readonly string[]) =>
  memory.prober.replyBy('self-test', ({ ROLLGATE_INSTANCE: name = '' }) => (names.includes(name) ? no : yes))
const since = (memory: InMemory, before: number) =>
  memory
    .effects()
    .slice(before)
    .filter((effect) => /^(install|start|enter|leave) /.test(effect))

async function answer(memory: InMemory, decision: FinalDecision, pause = '7.1', run = 2) {
  const kept = await memory.ledgers.read('shop', 'production')
  const answering = {
    environment: 'production',
    pause,
    decision,
    instances: [],
    reason: '',
    by: 'bob',
    override: '',
  }
  const doer = { run: aRun(run), by: ['bob'] }
  const { ending } = await decide(
    memory.ports,
    { ...kept, policy: aPolicy({ approval: { kind: 'none' } }) },
    answering,
    doer,
    memory.stop,
    reading,
  )
  return ending
}

describe('an instance that failed its self test and seems to be right', () => {
  async function asking(service: Service): Promise<InMemory> {
    const memory = inMemory()
    failing(memory, 'web-1')
    await execute(await opened(memory, leanPlan({ services: [service] })))
    return memory
  }

  test('is changed again by retry, and fails again where nothing was repaired F01', async () => {
    const memory = await asking(inPlace)
    const before = memory.effects().length
    expect(await answer(memory, 'retry')).toMatchObject({ kind: 'waiting', pause: { id: '7.2' } })
    expect(since(memory, before)).toEqual(['leave web-1', 'install web-1', 'start web-1', 'leave web-1'])
  })

  test('comes back into traffic by our hand once it is repaired F01', async () => {
    const memory = await asking(inPlace)
    failing(memory)
    const before = memory.effects().length
    expect(await answer(memory, 'retry')).toMatchObject({ outcome: { kind: 'succeeded', failed: [] } })
    expect(since(memory, before)).toContain('enter web-1')
    expect((await keptLedger(memory)).unfinished).toEqual([])
  })

  test('is changed again by the next deployment of the same tag after abandon F01', async () => {
    const memory = await asking(inPlace)
    await answer(memory, 'abandon')
    const { ledger } = await memory.ledgers.read('shop', 'production')
    expect(ledger.unfinished).toMatchObject([{ service: 'web', instance: 'web-1', deployment: 7, out: true }])
    const again = aPlan({
      policy: aPolicy({ approval: { kind: 'none' } }),
      recipe: aRecipe({ steps: noSteps, services: [inPlace] }),
      ledger,
    })
    const later = inMemory()
    later.installed.set('web-1', newer.tag)
    const { unfinished = [] } = ledger
    const ending = await execute(await opened(later, again, { unfinished }))
    expect(ending).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(since(later, 0)).toContain('enter web-1')
  })
})

describe('a roll whose run was lost with all of its work unsaved', () => {
  /** The ledger has the first look alone; both instances serve the new release by now. */
  async function lostAfterAll(service: Service = own): Promise<InMemory> {
    const memory = inMemory()
    const context = await opened(memory, leanPlan({ services: [service] }))
    const { append } = memory.ledgers
    let appends = 0
    memory.ledgers.append = async (...given) => {
      appends += 1
      if (appends > 1) throw new Error('the runner is gone')
      return append(...given)
    }
    await execute(context).catch(() => null)
    memory.ledgers.append = append
    expect([...memory.installed.values()]).toEqual([newer.tag, newer.tag])
    return memory
  }

  test('is really taken back by roll-back, instance by instance F41', async () => {
    const memory = await lostAfterAll()
    expect(await answer(memory, 'roll-back')).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect([...memory.installed.values()]).toEqual([older.tag, older.tag])
    expect((await keptLedger(memory)).serving?.release.tag).toBe(older.tag)
  })

  test('is taken back where its last step had closed it F41', async () => {
    const memory = await lostAfterAll()
    const kept = await memory.ledgers.read('shop', 'production')
    await close(memory.ports, 'shop', 'production', { run: aRun(1), by: ['alice'] })
    expect((await keptLedger(memory)).deployment).toMatchObject({ holder: null })
    expect(kept.ledger.deployment?.holder).not.toBeNull()
    expect(await answer(memory, 'roll-back')).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect([...memory.installed.values()]).toEqual([older.tag, older.tag])
  })

  test('is left as it is by abandon, and the ledger says which instances are not finished F41', async () => {
    const memory = await lostAfterAll()
    expect(await answer(memory, 'abandon')).toMatchObject({ outcome: { kind: 'abandoned' } })
    expect((await keptLedger(memory)).unfinished?.map(({ instance }) => instance)).toEqual(['web-1', 'web-2'])
  })

  test('is finished by retry, with what is seen to serve left alone F41', async () => {
    const memory = await lostAfterAll()
    const before = memory.effects().length
    expect(await answer(memory, 'retry')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(since(memory, before)).toEqual([])
  })

  test('is changed again by retry where nobody sees the traffic of an instance F01', async () => {
    const memory = await lostAfterAll({ ...own, traffic: byCommand })
    const before = memory.effects().length
    expect(await answer(memory, 'retry')).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(since(memory, before)).toEqual(
      ['web-1', 'web-2'].flatMap((name) =>
        ['leave', 'install', 'start', 'enter'].map((what) => `${what} ${name}`),
      ),
    )
  })
})
