import { describe, expect, test } from 'vitest'
import { allModes } from '../../src/domain/plan/modes.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { Wanted } from '../../src/domain/plan/undertaking.ts'
import { Problem } from '../../src/domain/problem.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aRelease, aScheduler, older } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from './a-detour-world.ts'
import { keptLedger, type Lean, opened } from './in-memory.ts'
import { answered, begun } from './later-run.ts'

/** An environment whose deployment is in a detour takes no other one, in whatever state the detour is. */

const better = aRelease('v1.2.0', { schemaVersion: '43' })
const steps = { scheduler: aScheduler({ running: null }) }

type State = readonly [string, () => Promise<DetourWorld>, boolean]

async function inspected(): Promise<DetourWorld> {
  const world = aDetourWorld()
  await execute(await opened(world.memory, steppingAside({ validateBeforeSwap: true })))
  return world
}

async function migrationFailed(): Promise<DetourWorld> {
  const world = aDetourWorld()
  world.memory.shell.play('migrate', { ends: { kind: 'exited', code: 3 } })
  await execute(await opened(world.memory, steppingAside()))
  world.memory.shell.play('migrate', {})
  return world
}

async function after(decision: 'complete' | 'revert' | 'revert-code', fails?: string): Promise<DetourWorld> {
  const world = await inspected()
  if (fails !== undefined) world.memory.detour.fail(fails, 'It does not work today.')
  await answered(world.memory, decision, 'it must')
  if (fails !== undefined) world.memory.detour.fail(fails, null)
  return world
}

/** The states with the word if a better release may take its place there. */
const states: readonly State[] = [
  ['an inspection waits', inspected, true],
  ['its migration failed', migrationFailed, true],
  ['the inspection of a way back in code waits', () => after('revert-code'), true],
  ['the inspection of a way back with the database waits', () => after('revert'), false],
  ['a way back with the database failed halfway', () => after('revert', 'close'), false],
  ['a return failed once visitors were home', () => after('complete', 'discard'), false],
]

const others = allModes.filter((mode) => mode !== 'redeploy') as readonly Wanted['mode'][]

async function planFor({ memory }: DetourWorld, asks: Partial<Lean>): Promise<Plan> {
  return steppingAside({}, steps, { ledger: await keptLedger(memory), detour: false, ...asks })
}

/** Tries to begin, and returns the code of the refusal; null where it began. */
async function refusalOf(world: DetourWorld, plan: Plan): Promise<string | null> {
  try {
    await begun(world, plan)
    return null
  } catch (thrown) {
    if (thrown instanceof Problem) return thrown.code
    throw thrown
  }
}

describe.each(states)('while %s', (_, state, mayRollForward) => {
  test('every other undertaking is refused, and changes nothing SD-38', async () => {
    const world = await state()
    const before = await keptLedger(world.memory)
    const [effects, visitors] = [world.effects.length, world.visitors()]
    for (const wanted of others) {
      const goesBack = { release: older, closes: 'shop-production-7', discards: 'shop-production-7' }
      const plan = await planFor(world, wanted === 'deploy' ? { release: better } : { wanted, ...goesBack })
      expect([wanted, await refusalOf(world, plan)]).toEqual([wanted, 'decision-needed'])
    }
    expect(await keptLedger(world.memory)).toEqual(before)
    expect([world.effects.length, world.visitors()]).toEqual([effects, visitors])
  })

  test('the plan of an undertaking that steps into no detour names the question, and no other way out SD-38', async () => {
    const world = await state()
    const { refusals } = await planFor(world, { wanted: 'scheduler-run', release: older })
    expect(refusals).toMatchObject([
      { code: 'decision-needed', next: expect.stringMatching(/^Answer question 7\.\d with/) },
    ])
  })

  test(`a roll forward ${mayRollForward ? 'takes its place' : 'is refused'}, and makes no second copy SD-25 SD-38`, async () => {
    const world = await state()
    const before = await keptLedger(world.memory)
    const plan = await planFor(world, { release: better, rollForward: true })
    const effects = world.effects.length
    expect(await refusalOf(world, plan)).toBe(mayRollForward ? null : 'decision-needed')
    const ledger = await keptLedger(world.memory)
    expect(world.effects.length).toBe(effects)
    expect([world.memory.detour.copies.made, ledger.detour?.id]).toEqual([1, before.detour?.id])
    if (mayRollForward) expect(ledger.deployment?.number).toBe(8)
    else expect(ledger).toEqual(before)
  })
})
