import { describe, expect, test } from 'vitest'
import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import { Problem } from '../../src/domain/problem.ts'
import { unknown } from '../../src/domain/reading.ts'
import { halt, liftHalt } from '../../src/pipeline/act/halt.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aPolicy, aService, aTestBed, newer } from '../domain/a-plan.ts'
import { anAsk } from '../domain/an-ask.ts'
import { type InMemory, inMemory, keptLedger, leanPlan, opened } from './in-memory.ts'
import { watched } from './later-run.ts'

const plan = leanPlan({ services: [aService('web', 4)] })
const open = aPolicy({ approval: { kind: 'none' } })
const dora = { by: 'dora', reason: 'orders are lost', run: 'https://github.com/acme/shop/actions/runs/91' }

const recalled = async (memory: InMemory, policy: EnvironmentPolicy = open) => ({
  policy,
  ...(await memory.ledgers.read('shop', 'production')),
})
const asks = async (memory: InMemory) => {
  const reading = await memory.asks.read('shop', 'production')
  return reading.kind === 'found' ? reading.value : []
}

const installed = (memory: InMemory) => memory.effects().filter((effect) => effect.startsWith('install'))

/** Runs an action while an instance is changed. */
const during = (memory: InMemory, instance: string, happens: () => unknown) =>
  memory.shell.play('start', ({ variables }) => {
    if (variables.ROLLGATE_INSTANCE === instance) void happens()
    return {}
  })

describe('a halt by the form', () => {
  test('names the deployment under way, and moves no ledger', async () => {
    const memory = inMemory()
    await opened(memory, plan)
    const before = memory.ledgers.commits('shop', 'production')
    expect(await halt(memory.ports, await recalled(memory), dora)).toEqual({ kind: 'halted', deployment: 7 })
    expect(await asks(memory)).toMatchObject([{ kind: 'halt', deployment: 7, ...dora }])
    expect(memory.ledgers.commits('shop', 'production')).toEqual(before)
  })

  test('that names no deployment stands, until it is lifted', async () => {
    const memory = inMemory()
    expect(await halt(memory.ports, await recalled(memory), dora)).toEqual({
      kind: 'halted',
      deployment: null,
    })
    const lifting = { ...dora, by: 'ada', reason: 'it was a test' }
    expect(await liftHalt(memory.ports, await recalled(memory), lifting)).toMatchObject({
      kind: 'lifted',
      halts: [{ by: 'dora' }],
    })
    expect(await asks(memory)).toEqual([])
    expect(memory.asks.messages('shop', 'production').at(-1)).toBe('ada lifts the halt: it was a test')
    expect(await liftHalt(memory.ports, await recalled(memory), lifting)).toEqual({
      kind: 'nothing-lifted',
      question: null,
    })
  })

  test('that comes after the end of its deployment is taken back', async () => {
    const memory = inMemory()
    const context = await opened(memory, plan)
    const before = await recalled(memory)
    await execute(context)
    expect(await halt(memory.ports, before, dora)).toEqual({ kind: 'too-late', deployment: 7 })
    expect(await asks(memory)).toEqual([])
  })

  test('is refused for a deployment that goes back, whatever its mode', async () => {
    const memory = inMemory()
    await opened(memory, { ...plan, mode: 'rollback' })
    await expect(halt(memory.ports, await recalled(memory), dora)).rejects.toMatchObject({
      code: 'halt-unheard',
    })
    const other = inMemory()
    const context = await opened(other, plan)
    context.session.note({ kind: 'turned-back', failure: { code: 'x', what: 'x', tail: [] } })
    await context.session.save()
    await expect(halt(other.ports, await recalled(other), dora)).rejects.toMatchObject({
      code: 'halt-unheard',
    })
    expect(await asks(other)).toEqual([])
  })

  test('that comes while the deployment turns back is taken back, and said not to be heard', async () => {
    const memory = inMemory()
    const context = await opened(memory, plan)
    const before = await recalled(memory)
    const add = memory.asks.add.bind(memory.asks)
    memory.ports.asks.add = async (...given: Parameters<typeof add>) => {
      await add(...given)
      context.session.note({ kind: 'turned-back', failure: { code: 'x', what: 'x', tail: [] } })
      await context.session.save()
    }
    await expect(halt(memory.ports, before, dora)).rejects.toMatchObject({ code: 'halt-unheard' })
    expect(await asks(memory)).toEqual([])
    expect(memory.asks.messages('shop', 'production').at(-1)).toContain('goes back by now')
  })

  test('lifts nothing while it is unknown what stands, and halts nothing for an unknown person F03', async () => {
    const memory = inMemory()
    await opened(memory, plan)
    await halt(memory.ports, await recalled(memory), dora)
    const why = {
      code: 'github-unavailable',
      what: 'No answer.',
      why: 'It is down.',
      next: 'Again.',
    } as const
    const { read } = memory.ports.asks
    memory.ports.asks.read = async () => unknown(why)
    const down = { code: 'github-unavailable' }
    await expect(liftHalt(memory.ports, await recalled(memory), dora)).rejects.toMatchObject(down)
    memory.ports.asks.read = read
    memory.ports.repository.mayApprove = async () => unknown(why)
    const named = await recalled(
      memory,
      aPolicy({ approval: { kind: 'named', from: ['acme/ops'], notSelf: true } }),
    )
    for (const act of [halt, liftHalt])
      await expect(act(memory.ports, named, { ...dora, by: 'eve' })).rejects.toMatchObject(down)
    expect(await asks(memory)).toHaveLength(1)
  })

  test('lifts the halts of this deployment alone, and no other ask of people', async () => {
    const memory = inMemory()
    await opened(memory, plan)
    for (const [id, deployment] of [
      ['a', 6],
      ['b', 7],
      ['c', null],
    ] as const)
      await memory.asks.add('shop', 'production', anAsk({ id, deployment }))
    expect(await liftHalt(memory.ports, await recalled(memory), dora)).toMatchObject({
      kind: 'lifted',
      halts: [{ id: 'b' }, { id: 'c' }],
    })
    expect((await asks(memory)).map(({ id }) => id)).toEqual(['a'])
  })

  test.each([
    ['answers', aPolicy({ approval: { kind: 'reviewers', allowBypass: false }, answers: ['alice'] })],
    ['approvers', aPolicy({ approval: { kind: 'named', from: ['alice'], notSelf: true } })],
  ])('is for the people of %s, where the config names them', async (_, policy) => {
    const memory = inMemory()
    await opened(memory, plan)
    const there = await recalled(memory, policy)
    for (const act of [halt, liftHalt])
      await expect(act(memory.ports, there, dora)).rejects.toMatchObject({ code: 'approver-not-allowed' })
    // Their own deployment as well.
    expect(await halt(memory.ports, there, { ...dora, by: 'alice' })).toMatchObject({ kind: 'halted' })
  })

  test('says that the question of a halted deployment is to be answered, where nothing is left to lift', async () => {
    const memory = inMemory()
    await memory.asks.add('shop', 'production', anAsk({ deployment: 7 }))
    await execute(await opened(memory, plan))
    expect(await liftHalt(memory.ports, await recalled(memory), dora)).toEqual({
      kind: 'nothing-lifted',
      question: '7.1',
    })
  })
})

describe('a run that GitHub does not answer', () => {
  const silent = async () => {
    throw new Problem('github-unavailable', { what: 'No answer.', why: 'It is down.', next: 'Again.' })
  }

  test('begins no batch after a minute in which it could not hear of a halt F03', async () => {
    const memory = inMemory()
    during(memory, 'web-2', () => {
      memory.ledgers.tips = silent
    })
    const context = await opened(memory, plan)
    expect(await execute(context)).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'halt', signals: [{ kind: 'unknown', source: 'asks' }] },
    })
    expect(installed(memory)).toEqual(['install web-1', 'install web-2'])
  })

  test('goes on where it answers within the minute, and then hears of a halt', async () => {
    for (const isHalted of [false, true]) {
      const memory = inMemory()
      const { tips } = memory.ledgers
      during(memory, 'web-2', () => {
        memory.ledgers.tips = silent
        void memory.clock.sleep(30_000).then(async () => {
          if (isHalted) await memory.asks.add('shop', 'production', anAsk({ deployment: 7 }))
          memory.ledgers.tips = tips
        })
      })
      await execute(await opened(memory, plan))
      expect([isHalted, installed(memory).length]).toEqual([isHalted, isHalted ? 2 : 4])
    }
  })

  test('goes back to the end: going back is never held by it', async () => {
    const memory = inMemory()
    during(memory, 'web-2', () => {
      memory.ledgers.tips = silent
    })
    const context = await opened(memory, { ...plan, mode: 'rollback' })
    expect(await execute(context)).toMatchObject({ kind: 'ended' })
    expect(installed(memory)).toHaveLength(4)
  })
})

describe('the watch, while a test bed is watched without a run', () => {
  const incidents = { labels: ['incident'], command: null, http: null, onHalt: 'ask' } as const
  const baking = async (memory: InMemory, halting = incidents) => {
    const web = aService('web', 4, {}, { testBed: aTestBed(1) })
    const ending = await execute(await opened(memory, leanPlan({ services: [web], halt: halting })))
    expect(ending).toMatchObject({ kind: 'waiting', pause: { kind: 'wait' } })
  }
  test('leaves the wait alone while all is quiet or unknown', async () => {
    const memory = inMemory()
    await baking(memory)
    memory.issues.hide({ code: 'github-unavailable', what: 'No answer.', why: '', next: '' })
    expect(await watched(memory, {}, open)).toMatchObject({ deeds: [], due: null })
  })

  test('ends the wait early for an issue, by a job that has the release', async () => {
    const memory = inMemory()
    await baking(memory)
    memory.issues.incident('Orders are lost')
    expect(await watched(memory, { mayRun: false }, open)).toMatchObject({
      due: { duty: { kind: 'halt' }, release: { tag: newer.tag } },
    })
    expect(await watched(memory, {}, open)).toMatchObject({
      deeds: [{ duty: { kind: 'halt' }, concluded: { ending: { pause: { kind: 'halt' } } } }],
    })
    const { deployment } = await keptLedger(memory)
    const last = deployment?.journal.map(({ kind }) => kind).slice(-5)
    expect(last).toEqual(['resumed', 'lapsed', 'instances-observed', 'halted', 'paused'])
  })

  test('continues nothing at the end of the wait while an issue is open', async () => {
    const memory = inMemory()
    await baking(memory)
    memory.issues.incident('Orders are lost')
    await memory.clock.sleep(700_000)
    await watched(memory, {}, open)
    expect(memory.effects().filter((effect) => effect.startsWith('install'))).toEqual(['install web-1'])
  })
})
