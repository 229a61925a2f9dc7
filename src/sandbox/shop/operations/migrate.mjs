/** Applies the migrations that the database has not seen, each in a transaction. Every run leaves a row in `migration_runs`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const { SHOP_HOME: home, ROLLGATE_RELEASE: release, ROLLGATE_SIDE: side } = process.env
const folder = new URL('../db/migrations/', import.meta.url)
const database = new DatabaseSync(join(home, side === 'stand-in' ? 'stand-in.db' : 'shop.db'), {
  timeout: 5000,
})

prepareTables()
const run = beginRun()
try {
  const applied = pending().map(apply)
  endRun('succeeded', applied.length)
  console.log(applied.length === 0 ? 'nothing to migrate' : `applied ${applied.join(', ')}`)
} catch (error) {
  endRun('failed', 0)
  console.error(error.message)
  process.exitCode = 1
}

function prepareTables() {
  database.exec(`
    CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, name TEXT, phase TEXT, release TEXT);
    CREATE TABLE IF NOT EXISTS migration_runs (
      id INTEGER PRIMARY KEY, release TEXT, outcome TEXT, applied INTEGER, jobs TEXT
    );
  `)
}

/** Notes which jobs run at this moment: a migration that had company is there to be seen afterwards. */
function beginRun() {
  const jobs = readdirSync(join(home, 'scheduler', 'running')).join(' ')
  return database
    .prepare(`INSERT INTO migration_runs (release, outcome, applied, jobs) VALUES (?, 'begun', 0, ?)`)
    .run(release, jobs).lastInsertRowid
}

function endRun(outcome, applied) {
  database
    .prepare('UPDATE migration_runs SET outcome = ?, applied = ? WHERE id = ?')
    .run(outcome, applied, run)
}

function pending() {
  const { version } = database.prepare('SELECT coalesce(max(version), 0) AS version FROM migrations').get()
  return readdirSync(folder)
    .sort()
    .filter((file) => Number.parseInt(file, 10) > version)
}

function apply(file) {
  const sql = readFileSync(new URL(file, folder), 'utf8')
  const phase = /^-- phase: (expand|contract)$/m.exec(sql)?.[1]
  if (phase === undefined) throw new Error(`${file} does not say its phase`)
  database.exec('BEGIN IMMEDIATE')
  try {
    database.exec(sql)
    database
      .prepare('INSERT INTO migrations VALUES (?, ?, ?, ?)')
      .run(Number.parseInt(file, 10), file, phase, release)
    database.exec('COMMIT')
  } catch (error) {
    database.exec('ROLLBACK')
    throw new Error(`${file}: ${error.message}`)
  }
  return file
}
