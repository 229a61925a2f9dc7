import { expect, test } from 'vitest'
import { nextJoining, nextOnward } from '../../src/domain/detour/reverting.ts'
import type { DetourState } from '../../src/domain/detour/turn.ts'
import { absent, found } from '../../src/domain/reading.ts'

const note = (act: string, evidence: Readonly<Record<string, string>> = {}) => ({ at: '', act, evidence })

/** A detour whose visitors are on the stand-in, after these deeds. */
const after = (...notes: ReturnType<typeof note>[]): DetourState =>
  ({
    mode: 'read-write',
    notes: [note('at-stand-in'), ...notes],
    fresh: [],
    seen: {
      door: { file: found('stand-in'), memory: found('stand-in'), marker: found('stand-in') },
      database: { standIn: found('running'), frozenAt: absent },
    },
  }) as unknown as DetourState

test('another release goes on in an open detour, unless its database was brought back: a closing still may SD-36', () => {
  const restored = after(note('closed', { way: 'revert' }))
  expect(nextOnward(after())).toEqual({ kind: 'over' })
  expect(nextOnward(restored)).toMatchObject({ kind: 'stop', failure: { code: 'detour-disagrees' } })
  expect(nextOnward(after(note('closed', { way: 'revert' }), note('at-stand-in')))).toEqual({ kind: 'over' })
  expect(nextJoining(restored)).toEqual({ kind: 'over' })
})
