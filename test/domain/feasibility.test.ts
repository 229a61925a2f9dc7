import { expect, test } from 'vitest'
import { describeFeasibility, feasibility } from '../../src/domain/feasibility.ts'
import type { Past } from '../../src/domain/ledger.ts'
import { aFailed, aHistory, aPast } from './a-ledger.ts'
import { aRelease } from './a-plan.ts'

const old = aRelease('v1', { schemaVersion: '41' })
const now = aRelease('v2', { schemaVersion: '42' })
const same = aRelease('v2', { schemaVersion: '41' })
const mute = aRelease('v2', { schemaVersion: null })
const expand = { migrated: 'expand' } as const
const contract = { migrated: 'contract' } as const

const crossed = (...deployments: number[]) => ({ kind: 'crosses-contract', deployments })

test.each<[string, { target?: typeof old; current: typeof now; pasts: Past[] }, object]>([
  ['nothing migrated since', { current: now, pasts: [aPast(old), aPast(now)] }, { kind: 'safe' }],
  [
    'SD-33: only expand migrations',
    { current: now, pasts: [aPast(old), aPast(now, expand)] },
    { kind: 'safe' },
  ],
  ['SD-33: a contract migration', { current: now, pasts: [aPast(old), aPast(now, contract)] }, crossed(2)],
  [
    'a contract migration further back in between',
    { current: now, pasts: [aPast(old), aPast(mute, contract), aPast(now, expand)] },
    crossed(2),
  ],
  [
    'a contract migration from before the target served',
    { current: now, pasts: [aPast(mute, contract), aPast(old), aPast(now, expand)] },
    { kind: 'safe' },
  ],
  ['the target came with it', { current: now, pasts: [aPast(old, contract), aPast(now)] }, { kind: 'safe' }],
  [
    'a contract migration that left the schema as declared',
    { current: same, pasts: [aPast(old), aPast(same, contract)] },
    { kind: 'safe' },
  ],
  [
    'a contract migration that only began, whatever the schemas say',
    { current: same, pasts: [aPast(old), aFailed(aRelease('v1.5'), contract), aPast(same)] },
    crossed(2),
  ],
  [
    'two of them',
    { current: now, pasts: [aPast(old), aPast(mute, contract), aPast(now, contract)] },
    crossed(3, 2),
  ],
  [
    'a target that never served, behind any contract migration',
    { target: aRelease('v0'), current: now, pasts: [aPast(old, contract), aPast(now)] },
    crossed(1),
  ],
  [
    'a target on another base',
    { target: aRelease('v1', { baseVersion: '2025.4' }), current: now, pasts: [aPast(now)] },
    { kind: 'other-base', target: '2025.4', current: '2026.1' },
  ],
  [
    'a target without a base',
    { target: aRelease('v1', { baseVersion: null }), current: now, pasts: [] },
    { kind: 'other-base', target: 'none', current: '2026.1' },
  ],
])('going back: %s', (_title, { target = old, current, pasts }, expected) => {
  expect(feasibility(target, current, aHistory(...pasts))).toMatchObject(expected)
})

test.each([
  ['safe: both have schema 41', old, same, aHistory(aPast(old), aPast(same))],
  ['safe: no migration ran since', old, now, aHistory(aPast(old), aPast(now))],
  ['safe: only expand migrations ran since', old, now, aHistory(aPast(old), aPast(now, expand))],
  [
    'crosses a contract migration (deployment 2): needs a restore and loses what was written since 2026-11-21T12:00:00.000Z',
    old,
    now,
    aHistory(aPast(old), aPast(now, contract)),
  ],
  [
    'other base version: 2025.4, here it is 2026.1',
    aRelease('v1', { baseVersion: '2025.4' }),
    now,
    aHistory(aPast(now)),
  ],
])('says: %s', (words, target, current, history) => {
  expect(describeFeasibility(feasibility(target, current, history))).toBe(words)
})
