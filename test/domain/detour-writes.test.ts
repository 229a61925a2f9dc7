import { describe, expect, test } from 'vitest'
import type { DetourState } from '../../src/domain/detour/turn.ts'
import { turnsWrites } from '../../src/domain/detour/turns-writes.ts'
import { absent, found, type Reading, unknown } from '../../src/domain/reading.ts'

const differ = unknown({
  code: 'detour-unseen',
  what: 'The balancers differ: shut, open.',
  why: 'A run was lost between them.',
  next: 'Look at the door.',
})

const state = (writes: Reading<'open' | 'shut'>, fresh: DetourState['fresh'] = []): DetourState =>
  ({ mode: 'read-only', notes: [], fresh, seen: { door: { writes } } }) as unknown as DetourState

describe('the answer of a door to writes', () => {
  test('is changed where it is the other one, and left where it is right or not told apart', () => {
    expect(
      [found('open'), found('shut'), absent].map((now) => turnsWrites(state(now as Reading<'open'>), 'shut')),
    ).toEqual([...[true, false, false]])
  })

  test('is told once more where two balancers differ, and is then to be seen', () => {
    expect(turnsWrites(state(differ), 'shut')).toBe(true)
    expect(turnsWrites(state(differ, ['writes-open']), 'shut')).toBe(true)
    expect(() => turnsWrites(state(differ, ['writes-shut']), 'shut')).toThrow('The balancers differ')
  })
})
