import { describe, expect, test } from 'vitest'
import { onFleets } from '../../src/domain/config/declared-service.ts'
import type { MoveOver } from '../../src/domain/config/detour-recipe.ts'
import { withHosts } from '../../src/domain/config/inventory.ts'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import type { DetourSide } from '../../src/domain/detour/side.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { moveOverStep } from '../../src/domain/step/steps-in.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aCommand, anSshFleet, aService, newer, older } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld } from './a-detour-world.ts'
import { aMoveOver, movingOver } from './a-move.ts'
import { keptLedger, type Lean, leanPlan, opened } from './in-memory.ts'
import { again, answered } from './later-run.ts'

const rollOf = ({ steps }: Plan) => steps.find((step) => step.kind === 'roll-services')

/** The instances of the side that visitors leave, by name. */
const left = ({ steps }: Plan): string[] =>
  onFleets(moveOverStep(steps)?.moving.services ?? []).flatMap(({ fleet }) =>
    fleet.instances.map(({ name }) => name),
  )

describe('blue-green', () => {
  test('changes the side that visitors are not on as a whole, then moves them in one switch MM-11', async () => {
    const world = aDetourWorld()
    const plan = movingOver()
    expect(plan.steps.map(({ kind }) => kind)).toEqual([
      ...['source', 'migrate', 'roll-services', 'move-over', 'record-version'],
    ])
    expect(rollOf(plan)).toMatchObject({ batches: [['aside-1', 'aside-2']], floor: 0, unvisited: true })
    expect(left(plan)).toEqual(['web-1', 'web-2'])
    expect(await execute(await opened(world.memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    const { serving, side } = await keptLedger(world.memory)
    expect([world.visitors(), side, serving?.release.tag]).toEqual([newer.tag, 'stand-in', newer.tag])
    expect([...world.running]).toEqual([
      ['web-1', older.tag],
      ['web-2', older.tag],
      ['aside-1', newer.tag],
      ['aside-2', newer.tag],
    ])
    expect(world.breaches).toEqual([])
  })

  test('changes the hosts that an inventory prints as a whole, and takes none of them back', () => {
    const fleet = anSshFleet([], { inventory: aCommand('bin/hosts') })
    const plan = movingOver({ services: [aService('web', 2, {}, { fleet })] })
    const { instances } = anSshFleet(['aside-1', 'aside-2'])
    expect(rollOf(withHosts(plan, new Map([['web', { ...fleet, instances }]])))).toMatchObject({
      ...{ batches: [['aside-1', 'aside-2']], floor: 0, unvisited: true, back: null },
    })
  })

  test('changes home where visitors are on the stand-in', () => {
    const plan = movingOver({}, { side: 'stand-in' })
    expect(rollOf(plan)).toMatchObject({ batches: [['web-1', 'web-2']] })
    expect(left(plan)).toEqual(['aside-1', 'aside-2'])
    expect(plan.steps).toContainEqual(expect.objectContaining({ kind: 'move-over', to: 'home' }))
  })

  test('a failure on the other side is asked about while visitors see nothing, and going back changes nothing', async () => {
    const world = aDetourWorld()
    world.memory.prober.reply('self-test', { kind: 'no', why: 'answered 500', text: '' })
    expect(await execute(await opened(world.memory, movingOver()))).toMatchObject({
      pause: { kind: 'failed-instances' },
    })
    expect(world.visitors()).toBe(older.tag)
    const before = world.effects.length
    expect(await answered(world.memory, 'roll-back')).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect([world.visitors(), world.effects.length]).toEqual([older.tag, before])
    expect(world.breaches).toEqual([])
  })

  async function failingItsSmokeTest(onFailure: 'ask' | 'revert') {
    const world = aDetourWorld()
    const probe = { kind: 'http', url: 'https://green.example/', timeout: 1_000 } as const
    world.memory.prober.reply(probe.url, { kind: 'no', why: 'answered 500', text: '', status: 500 })
    const smokeTest = { http: [probe], command: null, delay: 0, attempts: 2, interval: 1_000, onFailure }
    const plan = movingOver({ smokeTest: { home: smokeTest, 'stand-in': smokeTest } })
    return { world, ending: await execute(await opened(world.memory, plan)) }
  }

  test('a smoke test that fails leaves visitors where they are SP-31', async () => {
    const { world, ending } = await failingItsSmokeTest('ask')
    expect(ending).toMatchObject({
      pause: { kind: 'failed-step', step: 'move-over', failure: { code: 'inspection-failed' } },
    })
    expect(world.visitors()).toBe(older.tag)
  })

  test('a smoke test that fails, with on-failure: revert → it goes back unasked', async () => {
    const { world, ending } = await failingItsSmokeTest('revert')
    expect(ending).toMatchObject({ outcome: { kind: 'rolled-back' } })
    expect([world.visitors(), (await keptLedger(world.memory)).side]).toEqual([older.tag, 'home'])
    expect(world.breaches).toEqual([])
  })

  test('after the switch going back is one switch, and the older release was up all the time MM-19', async () => {
    const world = aDetourWorld()
    const verify = {
      http: { kind: 'http', url: 'https://front.example/', timeout: 1_000 },
      command: null,
      attempts: 1,
      interval: 0,
      onFailure: 'roll-back',
    } as const
    world.memory.prober.reply('https://front.example/', { kind: 'no', why: 'answered 500', text: '' })
    expect(await execute(await opened(world.memory, movingOver({}, { verify })))).toMatchObject({
      outcome: { kind: 'rolled-back' },
    })
    expect([world.visitors(), (await keptLedger(world.memory)).side]).toEqual([older.tag, 'home'])
    expect(world.effects.slice(world.effects.indexOf('point stand-in'))).toEqual([
      'point stand-in',
      'file home',
      'point home',
    ])
    expect(world.breaches).toEqual([])
  })

  test('visitors who were moved by somebody meanwhile keep their side: nothing is changed under them', async () => {
    const world = aDetourWorld()
    const plan = movingOver()
    Object.assign(world.memory.detour.state, { file: 'stand-in', memory: 'stand-in', marker: 'stand-in' })
    expect(await execute(await opened(world.memory, plan))).toMatchObject({
      kind: 'interrupted',
      problem: { words: { code: 'detour-disagrees' } },
    })
    expect(world.effects.filter((effect) => / aside-/.test(effect))).toEqual([])
  })

  test('a redeployment changes the instances that visitors are on, and moves nobody', async () => {
    const world = aDetourWorld()
    Object.assign(world.memory.detour.state, { file: 'stand-in', memory: 'stand-in', marker: 'stand-in' })
    const plan = leanPlan({
      ...{ release: older, wanted: 'deploy', redeploy: true, side: 'stand-in' },
      ...{ services: [aService('web', 2)], steps: { detour: aMoveOver() } },
    })
    expect([plan.mode, plan.refusals]).toEqual(['redeploy', []])
    world.memory.workspace.head = older.sha
    expect(await execute(await opened(world.memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    const changed = world.effects.filter((effect) => /^install /.test(effect))
    expect(changed).toEqual(['install aside-1', 'install aside-2'])
    expect(world.effects.filter((effect) => /^point /.test(effect))).toEqual([])
  })

  test.each<[string, Partial<Lean>]>([
    ['a release', {}],
    ['a restart', { wanted: 'restart', release: older }],
  ])(
    '%s without blue-green is refused while visitors are on the stand-in: it would change home alone',
    (_, asks) => {
      const without = (side: DetourSide | null) =>
        leanPlan({ services: [aService('web', 2)], side, ...asks }).refusals.map(({ code }) => code)
      expect(without('stand-in')).toContain('detour-missing')
      expect(without('home')).not.toContain('detour-missing')
      expect(without(null)).not.toContain('detour-missing')
    },
  )

  test.each<[string, Partial<MoveOver>, Partial<StepRecipes>]>([
    [
      'Both sides share one database, and the older release does not work on it once it is migrated.',
      {},
      { migrate: { command: aCommand('migrate'), phase: 'contract', repeatable: true } },
    ],
    ['The config migrates a database, and its blue-green says database: none.', { database: 'none' }, {}],
    ['web has no place on the stand-in: it would be changed while it serves.', { services: [] }, {}],
    ['web-1 of web is the name of an instance on both sides.', { services: [aService('web', 1)] }, {}],
  ])('is refused: %s', (what, change, steps) => {
    expect(movingOver(change, steps).refusals.map((refusal) => refusal.what)).toContain(what)
  })
})

describe('a run of it that is killed at any effect', () => {
  async function runUntil(world: DetourWorld, n: number, done: boolean): Promise<void> {
    const died = world.killAt(n, done)
    const session = opened(world.memory, movingOver())
    await Promise.race([died, session.then((context) => execute(context))])
  }

  test('is resumed to the same end, and visitors see one whole release at every moment', async () => {
    const whole = aDetourWorld()
    await execute(await opened(whole.memory, movingOver()))
    const total = whole.effects.length
    expect(total).toBeGreaterThan(5)
    for (let n = 1; n <= total; n += 1)
      for (const done of [true, false]) {
        const world = aDetourWorld()
        await runUntil(world, n, done)
        world.revive()
        const ended = (await keptLedger(world.memory)).deployment === null
        if (!ended)
          expect(await again(world.memory), `${n} ${done}`).toMatchObject({ outcome: { kind: 'succeeded' } })
        expect([n, done, world.visitors(), world.breaches]).toEqual([n, done, newer.tag, []])
      }
  })
})
