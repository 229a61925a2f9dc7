import { createHash } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

/** The rows of each table: a hash of each, by the number that SQLite gives it. */
export type TableRows = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * Returns a digest of everything in a database. SQLite has no position in a log that a copy shares, so the content itself
 * stands for it: it costs reading the whole file.
 */
export function positionOf(database: DatabaseSync): string {
  const hash = createHash('sha256')
  for (const { name, sql } of schemaOf(database)) {
    hash.update(`${name}\n${sql}\n`)
  }
  for (const name of tablesOf(database))
    for (const row of database.prepare(`SELECT * FROM ${quoted(name)}`).iterate()) hash.update(text(row))
  return hash.digest('hex').slice(0, 16)
}

export const rowsOf = (database: DatabaseSync): TableRows =>
  Object.fromEntries(tablesOf(database).map((name) => [name, hashesOf(database, name)]))

/** Counts the rows of each table that were added, changed or removed; a table without any is left out. */
export function differences(then: TableRows, now: TableRows): Record<string, number> {
  const counts = [...new Set([...Object.keys(then), ...Object.keys(now)])].map((table) => {
    const [before, after] = [then[table] ?? {}, now[table] ?? {}]
    const keys = new Set([...Object.keys(before), ...Object.keys(after)])
    return [table, [...keys].filter((key) => before[key] !== after[key]).length] as const
  })
  return Object.fromEntries(counts.filter(([, count]) => count > 0))
}

function hashesOf(database: DatabaseSync, table: string): Record<string, string> {
  const rows = database.prepare(`SELECT rowid AS "rollgate rowid", * FROM ${quoted(table)}`).all()
  return Object.fromEntries(
    rows.map(({ 'rollgate rowid': key, ...row }) => [
      String(key),
      createHash('sha256').update(text(row)).digest('hex'),
    ]),
  )
}

const schemaOf = (database: DatabaseSync) =>
  database.prepare('SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name').all()

const tablesOf = (database: DatabaseSync): string[] =>
  database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
    .all()
    .map(({ name }) => String(name))

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

const text = (row: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
