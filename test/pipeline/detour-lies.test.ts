import { describe, expect, test } from 'vitest'
import type { DetourDeed } from '../../src/domain/detour/deed.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { older } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld, steppingAside } from './a-detour-world.ts'
import { keptLedger, opened } from './in-memory.ts'
import { answered } from './later-run.ts'

/** Adapters that say done and are not: what they say is believed nowhere, only what is seen afterwards. */

const done = async (): Promise<DetourDeed> => ({
  kind: 'done',
  evidence: { position: '0/100', marker: 'stand-in' },
})

/** Changes the detour of a world so that a verb of it lies. */
type Lie = (world: DetourWorld) => void

const database =
  (...verbs: readonly string[]): Lie =>
  ({ memory: { detour } }) =>
    void Object.assign(detour.database, Object.fromEntries(verbs.map((verb) => [verb, done])))

const door =
  (...verbs: readonly string[]): Lie =>
  ({ memory: { detour } }) =>
    void Object.assign(detour.door, Object.fromEntries(verbs.map((verb) => [verb, done])))

/** The replay rests, and the stand-in would follow again with the next restart or promotion. */
const pausesReplay: Lie = ({ memory: { detour } }) =>
  void Object.assign(detour.database, {
    cut: async () => {
      detour.state.frozenAt = '0/100'
      return done()
    },
  })

const pointsIn =
  (...parts: readonly ('file' | 'memory' | 'marker')[]): Lie =>
  ({ memory: { detour } }) =>
    void Object.assign(detour.door, {
      point: async (side: 'home' | 'stand-in') => {
        for (const part of parts) detour.state[part] = side
        return done()
      },
    })

const openings: readonly [string, Lie][] = [
  ['makes no copy', database('open')],
  ['holds no fence', database('fence')],
  ['leaves the cut out', database('cut')],
  ['pauses the replay in place of the cut', pausesReplay],
  ['moves nobody', door('point')],
  ['writes the map in the file alone', pointsIn('file')],
  ['writes the map in memory alone', pointsIn('memory', 'marker')],
  ['turns what it says, and no visitor', pointsIn('file', 'memory')],
  ['leaves writes open', door('writes')],
]

describe('an opening whose adapter says done and', () => {
  test.each(openings)('%s stops before home is changed', async (_, lie) => {
    const world = aDetourWorld()
    lie(world)
    const ending = await execute(await opened(world.memory, steppingAside()))
    expect(ending.kind).not.toBe('interrupted')
    expect(world.effects.filter((effect) => /^(migrate|stop web|harden)/.test(effect))).toEqual([])
    expect([world.visitors(), world.breaches]).toEqual([older.tag, []])
  })
})

const returns: readonly [string, Lie][] = [
  ['moves nobody', door('point')],
  ['writes the map in the file alone', pointsIn('file')],
  ['writes the map in memory alone', pointsIn('memory', 'marker')],
  ['turns what it says, and no visitor', pointsIn('file', 'memory')],
]

describe.each(['complete', 'revert'] as const)('a return by %s whose adapter says done and', (decision) => {
  test.each(returns)('%s leaves the stand-in, and asks', async (_, lie) => {
    const world = aDetourWorld()
    await execute(await opened(world.memory, steppingAside()))
    lie(world)
    const ending = await answered(world.memory, decision)
    expect(ending).toMatchObject({ kind: 'waiting', pause: { failure: { code: 'detour-disagrees' } } })
    expect(world.effects.filter((effect) => /^(discard|stop aside)/.test(effect))).toEqual([])
    expect(world.breaches).toEqual([])
    expect((await keptLedger(world.memory)).detour).toMatchObject({ id: 'shop-production-7' })
  })
})

test.each([
  [
    'evidence of a deed',
    (detour: DetourWorld['memory']['detour']) => {
      const { open } = detour.database
      Object.assign(detour.database, {
        open: async (...asked: Parameters<typeof open>) => {
          const deed = await open(...asked)
          return { ...deed, evidence: { position: 'postgres://shop:hunter2@db' } }
        },
      })
    },
  ],
  [
    'words of a failure',
    (detour: DetourWorld['memory']['detour']) => detour.fail('open', '`address` is hunter2 and not home'),
  ],
])('a secret in the %s reaches no ledger, and the opening is taken back', async (_where, lie) => {
  const world = aDetourWorld()
  world.memory.given.masked.add('hunter2')
  lie(world.memory.detour)
  const ending = await execute(await opened(world.memory, steppingAside()))
  expect(ending).toMatchObject({
    outcome: { failure: { code: 'detour-unseen', what: expect.stringContaining('masked') } },
  })
  expect(JSON.stringify(world.memory.ledgers.commits('shop', 'production'))).not.toContain('hunter2')
  expect(world.visitors()).toBe(older.tag)
})
