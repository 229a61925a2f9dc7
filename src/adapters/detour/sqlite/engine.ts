import type * as Sqlite from 'node:sqlite'
import type { DatabaseSync } from 'node:sqlite'
import type { Writable } from '../../../domain/detour/detour-seen.ts'

/** The wait for a lock that a writer of the application holds for a moment. */
const BUSY_MS = 500

/** Returns Node's own SQLite, or null where Node has none. Looked for late: the command line runs on a Node without it. */
export const sqlite = (): typeof Sqlite | null =>
  (process.getBuiltinModule('node:sqlite') as typeof Sqlite | undefined) ?? null

export function opened(file: string, readOnly = false): DatabaseSync {
  const engine = sqlite()
  if (engine === null) throw new Error(`this Node, ${process.version}, has no SQLite`)
  return new engine.DatabaseSync(file, { readOnly, timeout: BUSY_MS })
}

/** Uses a database for a moment. */
export function using<T>(file: string, use: (database: DatabaseSync) => T, readOnly = false): T {
  const database = opened(file, readOnly)
  try {
    return use(database)
  } finally {
    database.close()
  }
}

/**
 * Tries a write and takes it back. `impossible` is the engine's own word: a file of a newer write format may be read only.
 * `fenced`: another connection holds the lock.
 */
export function writableNow(file: string): Writable {
  return using(file, (database) => {
    try {
      database.exec('BEGIN IMMEDIATE')
      const { user_version: version } = database.prepare('PRAGMA user_version').get() as {
        user_version: number
      }
      database.exec(`PRAGMA user_version = ${version}`)
      return 'open'
    } catch (error) {
      return refusedAs(error)
    } finally {
      if (database.isTransaction) database.exec('ROLLBACK')
    }
  })
}

/** SQLite's primary result codes. */
const [BUSY, READONLY] = [5, 8]

function refusedAs(error: unknown): Writable {
  const code = ((error as { errcode?: number }).errcode ?? 0) & 0xff
  if (code === READONLY) return 'impossible'
  if (code === BUSY) return 'fenced'
  throw error
}
