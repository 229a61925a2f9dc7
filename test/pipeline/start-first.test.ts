import { describe, expect, test } from 'vitest'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { decide } from '../../src/pipeline/act/decide.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aLedgerServing, aPlan, aPolicy, aRecipe, count, newer, noSteps, older } from '../domain/a-plan.ts'
import { aSlotWorld, inSlots, type SlotWorld } from './a-slot-world.ts'
import { bob, keptLedger, leanPlan, opened, reading, unrepeated } from './in-memory.ts'
import { begun } from './later-run.ts'

const names = (many: number) => Array.from({ length: many }, (_, at) => `web-${at + 1}`)
const rolling = (many: number, rollout = {}) => leanPlan({ services: [inSlots(many, rollout)] })

const policy = aPolicy({ approval: { kind: 'none' } })

async function answered({ memory }: SlotWorld, decision: FinalDecision) {
  const kept = await memory.ledgers.read('shop', 'production')
  const pause = memory.ledgers.commits('shop', 'production').length > 0 ? '7.1' : ''
  return decide(
    memory.ports,
    { ...kept, policy },
    { environment: 'production', pause, decision, instances: [], reason: 'seen to', by: 'bob', override: '' },
    bob,
    memory.stop,
    reading,
  )
}

const bySlot = (world: SlotWorld) =>
  unrepeated(
    world.memory.shell.calls.map(
      ({ command, variables }) => `${command.run} ${variables.ROLLGATE_INSTANCE}-${variables.ROLLGATE_SLOT}`,
    ),
  )

describe('an instance of two slots', () => {
  test('starts the new release in the idle slot, and stops the old one when the new one is in traffic SP-31', async () => {
    const world = aSlotWorld(names(1))
    expect(await execute(await opened(world.memory, rolling(1)))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    expect(bySlot(world)).toEqual(['stop web-1-b', 'install web-1-b', 'start web-1-b', 'stop web-1-a'])
    expect(world.traffic()).toEqual([newer.tag])
    expect(world.breaches).toEqual([])
  })

  test.each([
    ['one', 1, {}],
    ['three', 3, {}],
    ['ten, three at a time', 10, { maxParallel: count(3) }],
    ['four, all at a time, of which all must stay', 4, { maxParallel: count(4), minAvailable: count(4) }],
  ])(
    '%s of them: each serves at every moment, and goes back the same way CC-21',
    async (_what, many, rollout) => {
      const world = aSlotWorld(names(many))
      await execute(await opened(world.memory, rolling(many, rollout)))
      expect(world.traffic()).toEqual(names(many).map(() => newer.tag))
      expect(world.breaches).toEqual([])
    },
  )

  test('is restarted in its other slot, into which the serving release is installed first: it serves all the time CC-32', async () => {
    const world = aSlotWorld(names(2))
    await execute(await opened(world.memory, rolling(2)))
    expect(world.traffic()).toEqual([newer.tag, newer.tag])
    const before = world.memory.shell.calls.length
    const restart = aPlan({
      wanted: 'restart',
      release: newer,
      relation: 'identical',
      policy,
      ledger: aLedgerServing(newer),
      recipe: aRecipe({ steps: noSteps, services: [inSlots(2)] }),
    })
    expect(await execute(await begun(world, restart))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(bySlot(world).slice(-8)).toEqual(
      names(2).flatMap((name) => [
        `stop ${name}-a`,
        `install ${name}-a`,
        `start ${name}-a`,
        `stop ${name}-b`,
      ]),
    )
    expect(world.memory.shell.calls.length).toBeGreaterThan(before)
    expect(world.traffic()).toEqual([newer.tag, newer.tag])
    expect(world.breaches).toEqual([])
  })

  test('one whose new release fails its self test serves the old one, and the failed slot is stopped', async () => {
    const world = aSlotWorld(names(3))
    world.memory.prober.replyBy('self-test', ({ ROLLGATE_SLOT: slot }) =>
      slot === 'b' ? { kind: 'no', why: 'answered 503', text: '' } : { kind: 'yes', text: '' },
    )
    const ending = await execute(await opened(world.memory, rolling(3)))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'failed-instances', instances: ['web-1'], capacity: { available: 3, total: 3 } },
    })
    expect(world.traffic()).toEqual([older.tag, older.tag, older.tag])
    expect(world.breaches).toEqual([])
    expect((await answered(world, 'roll-back')).ending).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect(world.traffic()).toEqual([older.tag, older.tag, older.tag])
    expect(bySlot(world).filter((call) => call.startsWith('start'))).toEqual(['start web-1-b'])
  })

  test('one that is not seen in traffic is taken out of it again, and the old one serves on', async () => {
    const world = aSlotWorld(names(2))
    world.memory.traffic.enter = async () => 'the balancer does not know it'
    expect(await execute(await opened(world.memory, rolling(2)))).toMatchObject({
      pause: { failure: { code: 'traffic-stuck' } },
    })
    expect(world.traffic()).toEqual([older.tag, older.tag])
    expect(world.breaches).toEqual([])
  })

  test('both slots out of traffic and answering: nothing is stopped, and a person is asked', async () => {
    const world = aSlotWorld(names(1))
    const slots = world.instances.get('web-1')
    if (slots !== undefined) {
      Object.assign(slots.a, { inPool: false })
      Object.assign(slots.b, { installed: newer.tag, running: newer.tag })
    }
    expect(await execute(await opened(world.memory, rolling(1)))).toMatchObject({
      kind: 'waiting',
      pause: { failure: { code: 'traffic-unknown' } },
    })
    expect(bySlot(world)).toEqual([])
  })
})

test('an old slot that still answers after its stop is asked about, while the new one serves', async () => {
  const world = aSlotWorld(names(1))
  world.memory.prober.replyBy('is-alive', () => ({ kind: 'yes', text: '' }))
  expect(await execute(await opened(world.memory, rolling(1)))).toMatchObject({
    kind: 'waiting',
    pause: { failure: { what: 'web-1 (slot a) still answers after its stop.' } },
  })
  expect(world.traffic()).toEqual([newer.tag])
})

test('an old slot that cannot be asked after its stop is not taken for stopped, while the new one serves', async () => {
  const world = aSlotWorld(names(1))
  world.memory.prober.replyBy('version', ({ ROLLGATE_SLOT: slot }) => {
    const { running } = world.instances.get('web-1')?.[slot === 'a' ? 'a' : 'b'] ?? { running: null }
    return running === null
      ? { kind: 'unknown', why: 'host does not answer' }
      : { kind: 'yes', text: running }
  })
  expect(await execute(await opened(world.memory, rolling(1)))).toMatchObject({
    kind: 'waiting',
    pause: { failure: { what: 'web-1 (slot a) could not be asked if it has ended after its stop.' } },
  })
  expect(world.traffic()).toEqual([newer.tag])
})

describe('a run that is killed at any effect', () => {
  const many = 3

  async function effectsOfAll(): Promise<number> {
    const world = aSlotWorld(names(many))
    await execute(await opened(world.memory, rolling(many)))
    return world.effects()
  }

  const after: Record<string, string | null> = { retry: newer.tag, 'roll-back': older.tag, abandon: null }

  test.each(Object.keys(after))(
    'is followed by %s → each instance serves at every moment, and one release at the end F41 CC-21',
    async (decision) => {
      const effects = await effectsOfAll()
      expect(effects).toBe(7 * many)
      for (let at = 1; at <= effects; at += 1)
        for (const done of [true, false]) {
          const world = aSlotWorld(names(many))
          const killed = world.killAt(at, done)
          await Promise.race([execute(await opened(world.memory, rolling(many))), killed])
          world.revive()
          const { ending } = await answered(world, decision as FinalDecision)
          const title = `killed at ${at}, ${done ? 'done' : 'not done'}`
          expect({ title, kind: ending.kind, traffic: world.traffic(), breaches: world.breaches }).toEqual({
            title,
            kind: 'ended',
            traffic: names(many).map(() => after[decision] ?? expect.stringMatching(/^v1\.[01]\.0$/)),
            breaches: [],
          })
          if (after[decision] !== null) expect((await keptLedger(world.memory)).unfinished).toEqual([])
        }
    },
  )
})
