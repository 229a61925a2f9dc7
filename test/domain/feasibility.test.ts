import { expect, test } from 'vitest'
import { servedBefore } from '../../src/domain/ledger/history.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { configIn, describeFeasibility, feasibility } from '../../src/domain/release/feasibility.ts'
import { aFailed, aHistory, aPast } from './a-ledger.ts'
import { aLedgerServing, aPlan, aRelease, older } from './a-plan.ts'

const old = aRelease('v1', { schemaVersion: '41' })
const now = aRelease('v2', { schemaVersion: '42' })
const same = aRelease('v2', { schemaVersion: '41' })
const mute = aRelease('v2', { schemaVersion: null })
const expand = { migrated: 'expand' } as const
const contract = { migrated: 'contract' } as const

const here = (history: readonly Past[]) => ({ environment: 'production', history, migration: null })
const crossed = (...deployments: number[]) => ({ kind: 'crosses-contract', deployments })

test.each<[string, { target?: typeof old; current: typeof now; pasts: Past[] }, object]>([
  ['nothing migrated since', { current: now, pasts: [aPast(old), aPast(now)] }, { kind: 'safe' }],
  [
    'only expand migrations SD-33',
    { current: now, pasts: [aPast(old), aPast(now, expand)] },
    { kind: 'safe' },
  ],
  ['a contract migration SD-33', { current: now, pasts: [aPast(old), aPast(now, contract)] }, crossed(2)],
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
    { current: same, pasts: [aPast(old), aPast(same, { ...contract, migrationDone: true })] },
    { kind: 'safe' },
  ],
  [
    'a contract migration whose end nobody saw, on a schema that is declared the same F12',
    { current: same, pasts: [aPast(old), aPast(same, contract)] },
    crossed(2),
  ],
  [
    'the same schema declared, on a database that a contract migration had left before a rollback F12',
    {
      current: same,
      pasts: [
        aPast(old),
        aPast(now, { ...contract, migrationDone: true }),
        aPast(same, { mode: 'rollback' }),
      ],
    },
    crossed(2),
  ],
  [
    'a contract migration to the very schema that the target is made for F12',
    {
      current: now,
      pasts: [aPast(old), aPast(same, { ...contract, migrationDone: true }), aPast(now)],
    },
    { kind: 'safe', because: 'the database has schema 41, which v1 is made for' },
  ],
  [
    'an older release that set all data up anew, behind the release that is made for the schema before F12',
    {
      target: now,
      current: old,
      pasts: [
        aPast(now, { ...expand, migrationDone: true }),
        aPast(old, { ...contract, migrationDone: true, older: 'v2' }),
      ],
    },
    crossed(2),
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
  expect(feasibility(target, current, here(aHistory(...pasts)))).toMatchObject(expected)
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
  expect(describeFeasibility(feasibility(target, current, here(history)))).toBe(words)
})

const differing = { kind: 'read', differences: ['steps.post-deploy', 'services.web.fleet'] } as const
const unreadable = { kind: 'unreadable', why: 'It has one mistake.' } as const

test.each([
  ['safe: no migration ran since', { kind: 'read', differences: [] }],
  [
    'safe (no migration ran since), but the config differs in steps.post-deploy, services.web.fleet',
    differing,
  ],
  ['refused, because its config cannot be read: It has one mistake.', unreadable],
] as const)('says of the configs: %s SD-33', (words, config) => {
  const verdict = feasibility(old, now, here(aHistory(aPast(old), aPast(now))), config)
  expect(describeFeasibility(verdict)).toBe(words)
  expect(configIn(verdict)).toEqual(config)
})

test('names all contract migrations, and the first says since when data is lost', () => {
  const history = aHistory(
    aPast(old),
    aPast(now, { ...contract, startedAt: '2026-11-01T12:00:00.000Z' }),
    aPast(now),
    aPast(now, contract),
  )
  expect(feasibility(old, now, here(history))).toEqual({
    kind: 'crosses-contract',
    since: '2026-11-01T12:00:00.000Z',
    deployments: [4, 2],
  })
})

test('two releases that say nothing of their schema are not known to have the same', () => {
  const silent = { schemaVersion: null, baseVersion: '2026.1' }
  const [before, after] = [aRelease('v1', silent), aRelease('v2', silent)]
  const history = aHistory(aPast(before), aPast(after, contract))
  expect(feasibility(before, after, here(history))).toMatchObject(crossed(2))
})

test('no config makes up for the data, nor for another base', () => {
  const history = aHistory(aPast(old), aPast(now, contract))
  expect(feasibility(old, now, here(history), differing)).toMatchObject(crossed(2))
  const elsewhere = aRelease('v1', { baseVersion: '2025.4' })
  expect(feasibility(elsewhere, now, here(history), unreadable).kind).toBe('other-base')
})

test('every plan says in what the way back differs', () => {
  expect(aPlan({ configBack: differing }).wayBack).toMatchObject({
    release: older,
    feasibility: { kind: 'config-differs', differences: differing.differences },
  })
})

test('the releases that served before are each named once, the latest first, and only those that did', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((tag) => aRelease(tag)) as [
    typeof old,
    typeof old,
    typeof old,
    typeof old,
  ]
  const history = aHistory(aPast(a), aPast(b), aPast(a), aFailed(d), aPast(c))
  expect(servedBefore(aLedgerServing(c, { history }), 10).map(({ tag }) => tag)).toEqual(['a', 'b'])
  expect(servedBefore(aLedgerServing(c, { history }), 1).map(({ tag }) => tag)).toEqual(['a'])
})
