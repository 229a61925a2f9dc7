import { describe, expect, test } from 'vitest'
import type { NoticeRule } from '../../src/domain/notify/notice-rule.ts'
import type { FinalDecision } from '../../src/domain/question/decision.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { watchSummary } from '../../src/report/act/watch-summary.ts'
import { watchInWords } from '../../src/report/act/watch-words.ts'
import { factsTable } from '../../src/report/status/facts.ts'
import { aCommand, aRelease, older } from '../domain/a-plan.ts'
import { aDetourWorld, steppingAside } from './a-detour-world.ts'
import { keptLedger, opened } from './in-memory.ts'
import { answered, begun, watched } from './later-run.ts'

const editors: NoticeRule = {
  on: ['detour-opened', 'detour-closed'],
  by: { kind: 'run', command: aCommand('bin/tell-editors') },
}

describe('an inspection without an answer', () => {
  test('a detour past its time is called expired by watch and status, and stays open as it is SD-24', async () => {
    const world = aDetourWorld()
    const { memory } = world
    await execute(await opened(memory, steppingAside({ lasts: 3_600_000 })))
    const before = await keptLedger(memory)
    await memory.clock.sleep(30 * 86_400_000)
    const after = await watched(memory)
    const now = memory.clock.now().toISOString()
    expect(after.deeds).toEqual([])
    expect(await keptLedger(memory)).toEqual(before)
    expect([world.visitors(), memory.detour.copies]).toEqual([older.tag, { made: 1, removed: 0 }])
    expect(watchInWords(after, now).open).toEqual([
      expect.stringMatching(
        /^the detour shop-production-7 is open .* It has expired, .*answer question 7\.1$/,
      ),
    ])
    expect(watchSummary([after], now)).toContain('🚨 Watch: 1 detour open for too long')
    const memoryOf = { kind: 'read', ledger: before, live: false, question: null } as const
    expect(factsTable(memoryOf, now)).toContain('it **expired** at')
  })
})

describe('the notices of a detour', () => {
  test.each<FinalDecision>(['complete', 'revert'])(
    'editors hear before the copy is made, and when %s has ended it SD-16',
    async (decision) => {
      const world = aDetourWorld()
      const plan = steppingAside({ mode: 'read-write', acceptDataLoss: true })
      const telling = { ...plan, environment: { ...plan.environment, notify: [editors] } }
      await execute(await opened(world.memory, telling))
      const first = (await keptLedger(world.memory)).notices.map(({ point, facts }) => [point, facts.title])
      expect(first).toEqual([['detour-opened', expect.stringContaining('Make no updates until it is over')]])
      await answered(world.memory, decision)
      const points = (await keptLedger(world.memory)).notices.map(({ point, facts }) => [point, facts.title])
      expect(points.at(-1)).toEqual(['detour-closed', expect.stringContaining('Updates are safe again')])
    },
  )

  test('editors hear that it is over when a deployment that joined it goes back SD-16', async () => {
    const world = aDetourWorld()
    const writes = { mode: 'read-write', acceptDataLoss: true } as const
    world.memory.shell.play('migrate', { ends: { kind: 'exited', code: 3 } })
    await execute(await opened(world.memory, steppingAside(writes)))
    await answered(world.memory, 'abandon')
    world.memory.shell.play('migrate', {})
    const ledger = await keptLedger(world.memory)
    const plan = steppingAside(writes, {}, { release: aRelease('v1.2.0'), ledger, detour: false })
    const telling = { ...plan, environment: { ...plan.environment, notify: [editors] } }
    expect(await execute(await begun(world, telling))).toMatchObject({ pause: { kind: 'inspection' } })
    await answered(world.memory, 'revert')
    const { notices, detour } = await keptLedger(world.memory)
    expect([notices.map(({ point }) => point), detour]).toEqual([['detour-closed'], null])
  })
})
