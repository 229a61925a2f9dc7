import { doubtfulRestore, migrationsKept } from '../backup/restored.ts'
import type { Release } from '../release/release.ts'
import type { Past } from './past.ts'

/** The known schema of an environment's database: that of the last migration, never that of the serving release. */
export type DatabaseSchema =
  | { readonly kind: 'migrated'; readonly version: string; readonly by: RanMigration }
  /** The last migration began, and did not succeed: it may have changed the schema, or not. */
  | { readonly kind: 'doubtful'; readonly version: string | null; readonly by: RanMigration }
  /** No migration is remembered; `declared` is the schema of the serving release. */
  | { readonly kind: 'unknown'; readonly declared: { readonly version: string; readonly tag: string } | null }

/** The part of a ledger that tells of its database. */
interface DatabasePast {
  readonly history: readonly Past[]
  readonly serving: { readonly release: Release } | null
}

interface RanMigration {
  readonly tag: string
  readonly deployment: number
}

/**
 * Returns the schema of the database by the history. Neither a rollback nor an older release restores an
 * older schema; a reset does, of an older release too, and so does the rollback of a two-phase migration.
 */
export function databaseSchema({ history: whole, serving }: DatabasePast): DatabaseSchema {
  const history = migrationsKept(whole)
  const takenBack = history.filter(({ migration }) => migration?.part === 'rolled-back')
  const last = history.find(
    ({ number, migrated, older, reset }) =>
      migrated !== null &&
      (older === null || reset) &&
      !takenBack.some(({ migration }) => migration?.started === number),
  )
  const restore = doubtfulRestore(history, last?.number ?? 0)
  if (restore !== null)
    return { kind: 'doubtful', version: null, by: { tag: restore.release.tag, deployment: restore.number } }
  const [doubt] = takenBack
  if (doubt?.migration?.done === false && doubt.number >= (last?.number ?? 0))
    return {
      kind: 'doubtful',
      version: null,
      by: { tag: doubt.migration.release.tag, deployment: doubt.number },
    }
  const version = last?.release.schemaVersion ?? null
  if (last === undefined || (version === null && last.migrationDone)) {
    const declared = serving?.release.schemaVersion ?? null
    if (declared === null || last !== undefined) return { kind: 'unknown', declared: null }
    return { kind: 'unknown', declared: { version: declared, tag: serving?.release.tag ?? '' } }
  }
  const by = { tag: last.release.tag, deployment: last.number }
  return version !== null && last.migrationDone
    ? { kind: 'migrated', version, by }
    : { kind: 'doubtful', version, by }
}
