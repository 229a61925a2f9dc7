import { expect, test } from 'vitest'
import { stateInWords } from '../../src/report/outcome/state-in-words.ts'

test('a headline names what is watched: the test bed, or the whole environment F03', () => {
  const wait = {
    id: '7.1',
    step: 'bake',
    options: [],
    withheld: {},
    until: '2026-11-21T09:42:35.000Z',
  } as const
  const capacity = { available: 3, total: 3, floor: 1 }
  expect(stateInWords({ kind: 'waiting', pause: { ...wait, kind: 'wait', capacity } })).toBe(
    'watching the test bed',
  )
  expect(stateInWords({ kind: 'waiting', pause: { ...wait, kind: 'bake' } })).toBe(
    'watching the whole environment',
  )
})
