import { describe, expect, test } from 'vitest'
import type { OwnDatabases } from '../../src/domain/config/detour-recipe.ts'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aCommand, aService, newer, older } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld } from './a-detour-world.ts'
import { aMoveOver, movingOver } from './a-move.ts'
import { keptLedger, leanPlan, opened } from './in-memory.ts'
import { again, answered } from './later-run.ts'

const own = (acceptDataLoss = false): OwnDatabases => ({
  of: { kind: 'sqlite', home: 'home.db', standIn: 'stand-in.db' },
  acceptDataLoss,
})

const writing = { open: aCommand('open'), shut: aCommand('shut') }
const door = { ...aMoveOver().door, writes: writing } as ReturnType<typeof aMoveOver>['door']

const between = (steps: Partial<StepRecipes> = {}, database = own()): Plan =>
  movingOver({ database, door }, steps)

const failing = (onFailure: 'ask' | 'roll-back') =>
  ({
    http: { kind: 'http', url: 'https://front.example/', timeout: 1_000 },
    ...{ command: null, attempts: 1, interval: 0, onFailure },
  }) as const

/** A world whose front door does not pass, so that the deployment asks, or goes back, after the switch. */
function failingAfterwards(): DetourWorld {
  const world = aDetourWorld()
  world.memory.prober.reply('https://front.example/', { kind: 'no', why: 'answered 500', text: '' })
  return world
}

const of = (world: DetourWorld, ...kept: RegExp[]): string[] =>
  world.effects.filter((effect) => kept.some((one) => one.test(effect)))

const ofDatabases = /^(?:copy|clear|fence|unfence|cut|open|mark|leave|discard|writes|point)\b/

describe('two sides with a database each', () => {
  test('the side that changes gets a copy, writers wait until visitors move, and those at the fence are turned away', async () => {
    const world = aDetourWorld()
    const plan = between()
    expect(plan.steps.map(({ kind }) => kind)).toEqual([
      ...['source', 'copy-over', 'migrate', 'roll-services', 'move-over', 'record-version'],
    ])
    expect(await execute(await opened(world.memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(of(world, ofDatabases)).toEqual([
      ...['copy', 'writes shut', 'fence home', 'cut', 'open stand-in for writes'],
      ...['mark', 'point stand-in', 'writes open', 'leave home'],
    ])
    const { pair, side, serving } = await keptLedger(world.memory)
    expect(pair).toMatchObject({ copied: 'stand-in', phase: 'moved', left: { tag: older.tag }, earlier: [] })
    expect([side, serving?.release.tag, world.visitors(), world.breaches]).toEqual([
      ...['stand-in', newer.tag, newer.tag],
      [],
    ])
  })

  test('a migration that the older release cannot work with is no reason against it, and the copy knows its side', async () => {
    const world = aDetourWorld()
    const migrate = { command: aCommand('migrate-one'), phase: 'contract', repeatable: true } as const
    const plan = between({ migrate })
    expect([plan.refusals, plan.wayBack?.feasibility.kind]).toEqual([[], 'safe'])
    expect(await execute(await opened(world.memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    const ran = world.memory.shell.calls.find(({ command }) => command.run === 'migrate-one')
    expect(ran?.variables).toMatchObject({ ROLLGATE_SIDE: 'stand-in' })
  })

  test('a redeployment moves no visitor, so that it has no writer wait for that', () => {
    const plan = leanPlan({
      ...{ release: older, wanted: 'deploy', redeploy: true, services: [aService('web', 2)] },
      steps: { detour: aMoveOver({ database: own(), door }) },
    })
    expect(plan.mode).toBe('redeploy')
    expect(plan.steps.map(({ kind }) => kind)).not.toContain('copy-over')
  })

  test('a failure before the switch takes everything back unasked: nobody is asked while writers wait', async () => {
    const world = aDetourWorld()
    world.memory.prober.reply('self-test', { kind: 'no', why: 'answered 500', text: '' })
    expect(await execute(await opened(world.memory, between()))).toMatchObject({
      outcome: { kind: 'rolled-back' },
    })
    expect(of(world, ofDatabases).slice(-3)).toEqual(['unfence home', 'writes open', 'discard'])
    const { pair, side } = await keptLedger(world.memory)
    expect([pair, side, world.visitors(), world.breaches]).toEqual([null, null, older.tag, []])
  })

  test('going back before a write is one switch, and loses nothing MM-19', async () => {
    const world = failingAfterwards()
    const plan = between({ verify: failing('roll-back') })
    expect(await execute(await opened(world.memory, plan))).toMatchObject({
      outcome: { kind: 'rolled-back' },
    })
    expect(of(world, ofDatabases).slice(-5)).toEqual([
      ...['writes shut', 'fence stand-in', 'point home', 'writes open', 'leave stand-in'],
    ])
    const { pair, side } = await keptLedger(world.memory)
    expect([pair?.phase, side, world.visitors(), world.breaches]).toEqual(['back', 'home', older.tag, []])
  })

  async function afterAWrite(database?: OwnDatabases) {
    const world = failingAfterwards()
    const ending = await execute(await opened(world.memory, between({ verify: failing('ask') }, database)))
    expect(ending).toMatchObject({
      pause: { kind: 'failed-step', step: 'verify', options: expect.arrayContaining(['roll-back']) },
    })
    expect(world.memory.detour.write('stand-in')).toBe(true)
    return { world, ending }
  }

  test('going back after a write needs a reason, and loses what is counted', async () => {
    const { world, ending } = await afterAWrite()
    expect(ending).toMatchObject({
      pause: { accepts: { 'roll-back': 'what was written since the switch is lost' } },
    })
    expect(await answered(world.memory, 'roll-back', 'the rows are of no use')).toMatchObject({
      outcome: { kind: 'rolled-back' },
    })
    const { pair, side } = await keptLedger(world.memory)
    expect(pair?.notes.findLast(({ act }) => act === 'counted')?.evidence).toEqual({
      ...{ lost: '1', 'lost-by-table': 'orders 1' },
    })
    expect([side, world.visitors()]).toEqual(['home', older.tag])
  })

  test('going back unasked after a write is refused with the count, and visitors stay where they are', async () => {
    const world = failingAfterwards()
    const around = world.memory.ports.prober.ask
    Object.assign(world.memory.ports.prober, {
      ask: (...asked: Parameters<typeof around>) => {
        if ('url' in asked[0] && asked[0].url === 'https://front.example/')
          world.memory.detour.write('stand-in')
        return around(...asked)
      },
    })
    const ending = await execute(await opened(world.memory, between({ verify: failing('roll-back') })))
    expect(ending).toMatchObject({
      pause: {
        ...{ kind: 'failed-step', step: 'move-over', accepts: { retry: expect.any(String) } },
        failure: {
          code: 'detour-loss',
          what: 'Going back would lose what was written on stand-in since the switch: 1 rows, orders 1.',
        },
      },
    })
    const { fence, writes } = world.memory.detour.state
    expect([fence, writes, world.visitors()]).toEqual([null, 'open', newer.tag])
    expect(await answered(world.memory, 'retry', 'it is one row')).toMatchObject({
      outcome: { kind: 'rolled-back' },
    })
    expect(world.visitors()).toBe(older.tag)
  })

  test('with accept-data-loss it goes back unasked, and the record has the count', async () => {
    const { world } = await afterAWrite(own(true))
    expect(await answered(world.memory, 'roll-back')).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect(world.visitors()).toBe(older.tag)
  })

  test.each<[string, Parameters<typeof movingOver>[0], Partial<StepRecipes>]>([
    [
      'A migration in two phases is of one database, and each side has one of its own.',
      {},
      {
        migrate: {
          ...{ command: aCommand('start'), phase: 'expand', repeatable: true },
          ...{ complete: aCommand('complete'), rollback: aCommand('rollback') },
        } as unknown as NonNullable<StepRecipes['migrate']>,
      },
    ],
    [
      'web has no stop, and would work on a database that is replaced under it.',
      {
        services: [
          {
            ...aService('aside', 2, {}, {}),
            name: 'web',
            fleet: { ...aService('aside', 2).fleet, stop: null },
          } as ReturnType<typeof aService>,
        ],
      },
      {},
    ],
  ])('is refused: %s', (what, change, steps) => {
    const plan = movingOver({ database: own(), door, ...change }, steps)
    expect(plan.refusals.map((refusal) => refusal.what)).toContain(what)
  })
})

describe('a run of it that is killed at any effect', () => {
  async function runUntil(world: DetourWorld, n: number, done: boolean): Promise<void> {
    const died = world.killAt(n, done)
    const session = opened(world.memory, between())
    await Promise.race([died, session.then((context) => execute(context))])
  }

  test('and whose home was written to since is resumed to the end, or taken back: nothing is left behind', async () => {
    const ends = new Set<string>()
    const whole = aDetourWorld()
    await execute(await opened(whole.memory, between()))
    for (let n = 1; n <= whole.effects.length; n += 1) {
      const world = aDetourWorld()
      await runUntil(world, n, true)
      const moved = world.visitors() === newer.tag
      world.revive()
      const open = async () => (await keptLedger(world.memory)).deployment !== null
      if (await open()) await again(world.memory)
      // Visitors may have been halfway to the copy, and one row was written there.
      if (await open()) await answered(world.memory, 'retry', 'it is one row')
      const { side, pair, history } = await keptLedger(world.memory)
      const { rows, writes, fence } = world.memory.detour.state
      const { outcome } = history[0] ?? {}
      ends.add(outcome?.kind ?? 'none')
      expect([n, writes, fence, world.breaches]).toEqual([n, 'open', null, []])
      if (outcome?.kind === 'succeeded') {
        expect([n, side, pair?.phase]).toEqual([n, 'stand-in', 'moved'])
        expect(moved || rows['stand-in'] === rows.home, `${n}`).toBe(true)
      } else
        expect([n, side ?? 'home', pair?.phase ?? 'back', world.visitors()]).toEqual([
          n,
          'home',
          'back',
          older.tag,
        ])
    }
    expect(ends).toEqual(new Set(['succeeded', 'failed', 'rolled-back']))
  })

  test('is resumed to the same end, with one copy, and visitors see one whole release at every moment', async () => {
    const whole = aDetourWorld()
    await execute(await opened(whole.memory, between()))
    const total = whole.effects.length
    expect(total).toBeGreaterThan(12)
    for (let n = 1; n <= total; n += 1)
      for (const done of [true, false]) {
        const world = aDetourWorld()
        await runUntil(world, n, done)
        world.revive({ writes: false })
        const ended = (await keptLedger(world.memory)).deployment === null
        if (!ended)
          expect(await again(world.memory), `${n} ${done}`).toMatchObject({ outcome: { kind: 'succeeded' } })
        const { pair, side } = await keptLedger(world.memory)
        const { copies, state } = world.memory.detour
        expect([n, done, world.visitors(), world.breaches, pair?.phase, side]).toEqual([
          ...[n, done, newer.tag, [], 'moved', 'stand-in'],
        ])
        expect([n, done, copies.made, state.writes, state.fence]).toEqual([n, done, 1, 'open', null])
      }
  })
})
