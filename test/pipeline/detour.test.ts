import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { close } from '../../src/pipeline/run/close.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aRun } from '../domain/a-journal.ts'
import { newer, older } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from './a-detour-world.ts'
import { keptLedger, leanPlan, opened } from './in-memory.ts'
import { again, answered } from './later-run.ts'

const kindsOf = ({ steps }: { readonly steps: readonly { readonly kind: string }[] }) =>
  steps.map(({ kind }) => kind)

describe('a deployment that steps aside', () => {
  test('has the stand-in serve while home is changed, asks people to look, and returns when one completes', async () => {
    const world = aDetourWorld()
    const { memory } = world
    const plan = steppingAside()
    const ending = await execute(await opened(memory, plan))
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: {
        kind: 'inspection',
        options: ['complete', 'revert', 'revert-code', 'abandon'],
        links: [`https://home.example/?release=${newer.tag}`],
      },
    })
    expect([world.visitors(), world.running.get('web-1')]).toEqual([older.tag, newer.tag])
    expect((await keptLedger(memory)).detour).toMatchObject({
      id: 'shop-production-7',
      phase: 'open',
      release: { tag: older.tag },
    })
    expect(await answered(memory, 'complete')).toMatchObject({ outcome: { kind: 'succeeded' } })
    const { detour, serving } = await keptLedger(memory)
    expect([world.visitors(), detour, serving?.release.tag]).toEqual([newer.tag, null, newer.tag])
    expect([memory.detour.copies, memory.detour.state.writes]).toEqual([{ made: 1, removed: 1 }, 'open'])
    expect(world.breaches).toEqual([])
  })

  test('has its own steps around the change, and one without a request has none of them SD-01', () => {
    const aside = kindsOf(steppingAside())
    expect(aside).toEqual([
      ...['source', 'open-detour', 'migrate', 'roll-services', 'inspect', 'close-detour', 'record-version'],
    ])
    expect(steppingAside().steps.find(({ kind }) => kind === 'roll-services')).toMatchObject({
      batches: [['web-1', 'web-2']],
      floor: 0,
    })
    expect(kindsOf(leanPlan({}))).toEqual(['source', 'record-version'])
  })
})

/** Runs until the inspection, or until the run is lost. */
async function opensUntil(
  world: DetourWorld,
  plan: Plan,
  n: number,
  done: boolean,
): Promise<'killed' | 'waiting'> {
  const killed = world.killAt(n, done)
  const ending = execute(await opened(world.memory, plan)).then(() => 'waiting' as const)
  return Promise.race([killed, ending])
}

/** The world once everything is over: the sides, the copy, and what the ledger says. */
async function worldAfter({ memory, running, visitors, breaches }: DetourWorld) {
  const { detour, serving, deployment } = await keptLedger(memory)
  const { standIn, fence, file, memory: inMemory, marker, writes } = memory.detour.state
  return {
    ...{ standIn, fence, file, inMemory, marker, writes, copies: memory.detour.copies },
    ...{ detour, deployment, serving: serving?.release.tag, visitors: visitors(), breaches },
    running: Object.fromEntries(running),
  }
}

const undisturbed = {
  ...{ standIn: null, fence: null, file: 'home', inMemory: 'home', marker: 'home', writes: 'open' },
  ...{ copies: { made: 1, removed: 1 }, detour: null, deployment: null },
  ...{ serving: newer.tag, visitors: newer.tag, breaches: [] },
  running: { 'web-1': newer.tag, 'web-2': newer.tag, 'aside-1': null, 'aside-2': null },
}

describe.each(['read-only', 'read-write'] as const)('a %s detour whose run is lost', (mode) => {
  const planOf = () => steppingAside({ mode, acceptDataLoss: true })
  const effects = async (): Promise<number> => {
    const world = aDetourWorld()
    await execute(await opened(world.memory, planOf()))
    return world.effects.length
  }

  test('at any effect before the inspection ends as if it never was, with one copy SD-09', async () => {
    const many = await effects()
    expect(many).toBe({ 'read-only': 20, 'read-write': 22 }[mode])
    for (let n = 1; n <= many; n += 1)
      for (const done of [false, true]) {
        const world = aDetourWorld()
        const what = `${done ? 'after' : 'before'} effect ${n} of ${many}`
        expect([what, await opensUntil(world, planOf(), n, done)]).toEqual([what, 'killed'])
        world.revive()
        expect([what, await again(world.memory)]).toMatchObject([what, { pause: { kind: 'inspection' } }])
        await answered(world.memory, 'complete')
        expect([what, await worldAfter(world)]).toEqual([what, undisturbed])
      }
  })

  test('at any effect of the return ends as if it never was, and removes the stand-in once SD-18', async () => {
    const before = aDetourWorld()
    await execute(await opened(before.memory, planOf()))
    const begun = before.effects.length
    await answered(before.memory, 'complete')
    const many = before.effects.length
    expect(await worldAfter(before)).toEqual(undisturbed)
    expect(many - begun).toBe({ 'read-only': 6, 'read-write': 8 }[mode])
    for (let n = begun + 1; n <= many; n += 1)
      for (const done of [false, true]) {
        const world = aDetourWorld()
        await execute(await opened(world.memory, planOf()))
        const killed = world.killAt(n, done)
        const what = `${done ? 'after' : 'before'} ${before.effects[n - 1]}`
        expect([what, await Promise.race([killed, answered(world.memory, 'complete')])]).toEqual([
          what,
          'killed',
        ])
        world.revive()
        expect([what, await again(world.memory, { run: aRun(3), by: [] })]).toMatchObject([
          what,
          { outcome: { kind: 'succeeded' } },
        ])
        expect([what, await worldAfter(world)]).toEqual([what, undisturbed])
      }
  })

  test('at any effect of the opening is taken back by the clock, as long as nothing changed home', async () => {
    const many = await effects()
    const whole = aDetourWorld()
    await execute(await opened(whole.memory, planOf()))
    const changes = whole.effects.indexOf('migrate')
    for (let n = 1; n <= many; n += 1)
      for (const done of [false, true]) {
        const world = aDetourWorld()
        const what = `${done ? 'after' : 'before'} ${whole.effects[n - 1]}`
        await opensUntil(world, planOf(), n, done)
        world.revive()
        await close(world.memory.ports, 'shop', 'production', { run: aRun(1), by: [] })
        const { copies, standIn, writes, visitors, breaches, detour } = await worldAfter(world)
        expect([what, breaches]).toEqual([what, []])
        if (n > changes) expect([what, detour?.phase, visitors]).toEqual([what, 'open', older.tag])
        else
          expect([what, standIn, writes, visitors, detour, copies.made - copies.removed]).toEqual([
            ...[what, null, 'open', older.tag, null, 0],
          ])
      }
  })
})
