import { expect, test } from 'vitest'
import { databaseSchema } from '../../src/domain/ledger/database-schema.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import type { Release } from '../../src/domain/release/release.ts'
import { aFailed, aHistory, aPast } from './a-ledger.ts'
import { aLedgerServing, aRelease } from './a-plan.ts'

const v1 = aRelease('v1', { sha: '1'.repeat(40), schemaVersion: '1' })
const v2 = aRelease('v2', { sha: '2'.repeat(40), schemaVersion: '2' })
const ledger = (serving: Release, ...pasts: Past[]) =>
  aLedgerServing(serving, { history: aHistory(...pasts) })
const migrated = (release: Release, change: Partial<Past> = {}) =>
  aPast(release, { migrated: 'expand', migrationDone: true, ...change })

test('after a rollback the schema is that of the last migration, not of the release that serves F12', () => {
  const back = ledger(v1, migrated(v1), migrated(v2), aPast(v1, { mode: 'rollback' }))
  expect(databaseSchema(back)).toMatchObject({ kind: 'migrated', version: '2', by: { tag: 'v2' } })
})

test('a deployment that was rolled back after its migration has left its schema F12', () => {
  const failed = { ...aFailed(v2), migrated: 'expand', migrationDone: true } as const
  expect(databaseSchema(ledger(v1, migrated(v1), failed))).toMatchObject({ kind: 'migrated', version: '2' })
})

test('a migration that did not end well leaves the schema in doubt F12', () => {
  const broken = { ...aFailed(v2), migrated: 'expand', migrationDone: false } as const
  expect(databaseSchema(ledger(v1, migrated(v1), broken))).toMatchObject({
    kind: 'doubtful',
    by: { tag: 'v2' },
  })
})

test('an older release that is deployed forward does not bring its schema back F12', () => {
  const forward = ledger(v1, migrated(v2), migrated(v1, { older: 'v2' }))
  expect(databaseSchema(forward)).toMatchObject({ version: '2' })
})

test('without a migration the schema is unknown; what the serving release is made for is no reading F12', () => {
  expect(databaseSchema(ledger(v1, aPast(v1)))).toEqual({
    kind: 'unknown',
    declared: { version: '1', tag: 'v1' },
  })
  expect(databaseSchema({ history: [], serving: null })).toEqual({ kind: 'unknown', declared: null })
})

test('a reset by an older release has made its schema, and one that broke leaves it in doubt F12', () => {
  const reset = { older: 'v2', reset: true, migrated: 'contract' } as const
  const made = ledger(v1, migrated(v2), migrated(v1, reset))
  expect(databaseSchema(made)).toMatchObject({ kind: 'migrated', version: '1', by: { tag: 'v1' } })
  const broken = ledger(v2, migrated(v2), { ...aFailed(v1), ...reset, migrationDone: false })
  expect(databaseSchema(broken)).toMatchObject({ kind: 'doubtful', by: { tag: 'v1' } })
})
