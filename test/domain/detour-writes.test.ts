import { describe, expect, test } from 'vitest'
import { nextReturn } from '../../src/domain/detour/closing.ts'
import type { DetourAct } from '../../src/domain/detour/deed.ts'
import type { Writable } from '../../src/domain/detour/detour-seen.ts'
import { nextOpening } from '../../src/domain/detour/opening.ts'
import { nextJoining, nextOnward } from '../../src/domain/detour/reverting.ts'
import type { DetourSide } from '../../src/domain/detour/side.ts'
import { nextTakingBack } from '../../src/domain/detour/taking-back.ts'
import { type DetourState, doing, over } from '../../src/domain/detour/turn.ts'
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

describe('evidence of an earlier run that is no longer true of the world', () => {
  const noted = (...acts: readonly DetourAct[]) =>
    acts.map((act) => ({ at: '', act, evidence: act === 'at-stand-in' ? { 'frozen-at': '0/1' } : {} }))
  const away: readonly DetourAct[] = [
    'able',
    'copied',
    'level',
    'cut',
    'at-stand-in',
    'home-drained',
    'home-stopped',
    'hardened',
  ]
  const seenAs = (
    mode: DetourState['mode'],
    writable: Writable,
    side: DetourSide,
    notes: readonly DetourAct[],
    {
      writes = 'open',
      frozenAt = '0/1',
    }: { readonly writes?: 'open' | 'shut'; readonly frozenAt?: string } = {},
  ): DetourState =>
    ({
      ...{ mode, notes: noted(...away, ...notes), fresh: ['home-warm'] },
      seen: {
        database: {
          ...{ standIn: found('running'), follows: found(false), frozenAt: found(frozenAt), fence: absent },
          writable: { home: found('open'), 'stand-in': found(writable) },
        },
        door: { file: found(side), memory: found(side), marker: found(side), writes: found(writes) },
      },
    }) as unknown as DetourState

  test.each([
    ['before visitors went home', 'stand-in', ['closed']],
    ['after they went home', 'home', ['closed', 'at-home']],
  ] as const)('is the count of lost writes, once the fence of its run is gone: %s', (_when, side, notes) => {
    const writes = side === 'home' ? 'open' : 'shut'
    expect(nextReturn(seenAs('read-write', 'open', side, notes, { writes }))).toEqual(doing('closed'))
    expect(nextReturn(seenAs('read-write', 'fenced', side, notes, { writes }))).not.toEqual(doing('closed'))
  })

  test('shuts the door before it counts again, where visitors are on the stand-in once more', () => {
    const state = seenAs('read-write', 'open', 'stand-in', ['closed', 'at-home'])
    expect(nextReturn(state)).toEqual(doing('writes-shut'))
  })

  test('is the proof that a read-only stand-in was not written to', () => {
    const moved = seenAs('read-only', 'impossible', 'stand-in', ['closed'], { frozenAt: '0/2' })
    expect(nextReturn(moved)).toMatchObject({ kind: 'stop', failure: { code: 'detour-moved' } })
    const opened = seenAs('read-only', 'open', 'stand-in', ['closed'])
    expect(nextReturn(opened)).toMatchObject({ kind: 'stop', failure: { code: 'detour-writable' } })
  })

  test.each([
    ['gone', absent, absent],
    ['stopped, and tells no position', found('stopped'), absent],
  ])(
    'is a stand-in that is %s now: nobody has written to it, and none goes on in its detour',
    (_how, standIn, frozenAt) => {
      const state = seenAs('read-only', 'impossible', 'stand-in', [])
      const database = { ...state.seen.database, standIn, frozenAt } as DetourState['seen']['database']
      const dead = { ...state, seen: { ...state.seen, database } }
      for (const next of [nextReturn, nextJoining, nextOnward])
        expect(next(dead)).toMatchObject({ kind: 'stop', failure: { code: 'detour-gone' } })
    },
  )

  test('is a stand-in that was stopped where it was cut off: visitors may go home from it, and no release joins it', () => {
    const state = seenAs('read-only', 'impossible', 'stand-in', [])
    const database = { ...state.seen.database, standIn: found('stopped') } as DetourState['seen']['database']
    const dead = { ...state, seen: { ...state.seen, database } }
    expect(nextReturn(dead)).toEqual(doing('closed'))
    expect(nextJoining(dead)).toEqual(over)
    expect(nextOnward(dead)).toMatchObject({ kind: 'stop', failure: { code: 'detour-gone' } })
  })

  test('is a door that was opened for the writes of visitors', () => {
    const again = (writes: 'open' | 'shut') =>
      nextOpening(seenAs('read-write', 'open', 'stand-in', ['writable', 'writes-open'], { writes }))
    expect([again('shut'), again('open')]).toEqual([doing('writes-open'), over])
  })

  test('is missing where a run was lost right after it opened the stand-in: its writes are counted', () => {
    const state = seenAs('read-write', 'open', 'stand-in', [], { writes: 'shut' })
    const started = { ...state, notes: state.notes.filter(({ act }) => act !== 'home-drained') }
    expect(nextTakingBack(started)).toEqual(doing('closed'))
  })
})
