import { describe, expect, test } from 'vitest'
import { discardRefusals } from '../../src/domain/detour/by-name/discarding.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { readForm } from '../../src/inputs/form/read-form.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { undertakingFields } from '../../src/report/form/undertaking-fields.ts'
import { discardInWords } from '../../src/report/plan/detour-in-words.ts'
import { aRun } from '../domain/a-journal.ts'
import { aPolicy, aRecipe, older, stepOf } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from './a-detour-world.ts'
import { keptLedger, type Lean, opened } from './in-memory.ts'
import { again, answered, begun } from './later-run.ts'

const name = 'shop-production-7'
const where = `home.failed-${name}`

/** A deployment whose inspection was answered with `revert`: what failed is kept. */
async function reverted(): Promise<DetourWorld> {
  const world = aDetourWorld()
  await execute(await opened(world.memory, steppingAside()))
  await answered(world.memory, 'revert')
  return world
}

const discarding = async ({ memory }: DetourWorld, asks: Partial<Lean> = {}): Promise<Plan> =>
  steppingAside(
    {},
    {},
    {
      ...{ wanted: 'discard-failed-home', discards: name, detour: false },
      ...{ release: older, ledger: await keptLedger(memory) },
      ...asks,
    },
  )

async function endOf({ memory, visitors, breaches }: DetourWorld) {
  const { failedHomes, deployment, history, detour } = await keptLedger(memory)
  return {
    kept: failedHomes.map((one) => one.detour),
    there: memory.detour.state.failedHome,
    removed: memory.detour.changes.filter((what) => what === 'remove the failed home').length,
    past: [history[0]?.mode, history[0]?.outcome.kind],
    ...{ serves: visitors(), detour, deployment, breaches },
  }
}

const gone = {
  ...{ kept: [], there: null, removed: 1, past: ['discard-failed-home', 'succeeded'] },
  ...{ serves: older.tag, detour: null, deployment: null, breaches: [] },
}

describe('a failed home', () => {
  test('is kept after a revert, and the ledger says where and since when', async () => {
    const { failedHomes, detour } = await keptLedger((await reverted()).memory)
    expect(failedHomes).toEqual([{ detour: name, where, since: expect.stringMatching(/Z$/), deployment: 7 }])
    expect(detour).toBeNull()
  })

  test('is kept by no other end of a detour', async () => {
    for (const answer of ['complete', 'revert-code'] as const) {
      const world = aDetourWorld()
      await execute(await opened(world.memory, steppingAside()))
      await answered(world.memory, answer, 'known')
      expect((await keptLedger(world.memory)).failedHomes).toEqual([])
    }
  })

  test('is removed by the name of its detour, once, and nothing else is touched', async () => {
    const world = await reverted()
    const before = world.memory.detour.changes.length
    const plan = await discarding(world)
    expect([plan.refusals, plan.steps.map(({ kind }) => kind)]).toEqual([
      [],
      ['source', 'discard-failed-home'],
    ])
    await execute(await begun(world, plan))
    expect(await endOf(world)).toEqual(gone)
    expect(world.memory.detour.changes.slice(before)).toEqual(['remove the failed home'])
  })

  test('is removed once also where the run is lost at the removal', async () => {
    for (const done of [false, true]) {
      const world = await reverted()
      const context = await begun(world, await discarding(world))
      const killed = world.killAt(world.effects.length + 1, done)
      expect(await Promise.race([execute(context), killed])).toBe('killed')
      world.revive()
      await again(world.memory, { run: aRun(4), by: ['bob'] })
      expect({ done, ...(await endOf(world)) }).toEqual({ done, ...gone })
    }
  })

  test('that a person has removed before is seen to be gone, and forgotten', async () => {
    const world = await reverted()
    world.memory.detour.state.failedHome = null
    await execute(await begun(world, await discarding(world)))
    expect(await endOf(world)).toEqual({ ...gone, removed: 0 })
  })

  test.each([
    ['that does not tell', (world: DetourWorld) => world.memory.detour.hide('failedHome')],
    [
      'that is at another place by now',
      (world: DetourWorld) => Object.assign(world.memory.detour.state, { failedHome: 'elsewhere' }),
    ],
    [
      'whose removal fails',
      (world: DetourWorld) => world.memory.detour.fail('discardFailedHome', 'It is in use.'),
    ],
  ])('%s is kept, and a person is asked', async (_, change) => {
    const world = await reverted()
    change(world)
    await execute(await begun(world, await discarding(world)))
    expect(await endOf(world)).toMatchObject({ kept: [name], removed: 0 })
    await answered(world.memory, 'abandon')
    expect(await endOf(world)).toMatchObject({ kept: [name], removed: 0, deployment: null })
  })

  test('that a person says to have removed is forgotten with that answer', async () => {
    const world = await reverted()
    world.memory.detour.fail('discardFailedHome', 'The config names no folder.')
    await execute(await begun(world, await discarding(world)))
    await answered(world.memory, 'force-next', 'removed it by hand')
    expect(await endOf(world)).toMatchObject({ kept: [], removed: 0, deployment: null })
  })
})

describe('the removal of a failed home', () => {
  test('is refused for another name, and the plan says what is kept', async () => {
    const world = await reverted()
    for (const discards of ['', 'shop-production-6']) {
      const { refusals, steps } = await discarding(world, { discards })
      expect(refusals).toMatchObject([
        { code: 'detour-unknown', next: `Give the option detour=${name}. Nothing was changed.` },
      ])
      expect(steps.map(({ kind }) => kind)).not.toContain('discard-failed-home')
    }
  })

  test('is refused while a detour is open, and without one in the config', async () => {
    const world = aDetourWorld()
    await execute(await opened(world.memory, steppingAside()))
    await answered(world.memory, 'abandon')
    expect((await discarding(world)).refusals).toMatchObject([{ code: 'detour-open' }])
    const read = { ledger: await keptLedger((await reverted()).memory), release: older }
    const without = { recipe: aRecipe(), policy: aPolicy({ approval: { kind: 'none' } }) }
    const undertaking = { mode: 'discard-failed-home', discards: name } as const
    expect(discardRefusals(undertaking, { ...read, ...without })).toMatchObject([{ code: 'detour-missing' }])
  })

  test('has a page that names the place, and is asked for again by its values', async () => {
    const plan = await discarding(await reverted())
    expect(discardInWords(stepOf(plan, 'discard-failed-home'))[0]).toContain(where)
    const fields = undertakingFields(plan).map((field) => [field.name, 'value' in field ? field.value : ''])
    expect(readForm(JSON.stringify(Object.fromEntries(fields))).values).toMatchObject({
      ...{ only: 'discard-failed-home', 'open-detour': name },
    })
  })
})
