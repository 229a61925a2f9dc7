import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { onTestFinished } from 'vitest'
import { createSqliteDatabase } from '../../../src/adapters/detour/sqlite/database.ts'
import { detourDatabaseContract } from '../../contracts/detour-database.contract.ts'
import { scratch } from '../real-shell.ts'

/** Does something with a file of SQLite, and closes it. */
function using<T>(file: string, work: (database: DatabaseSync) => T): T {
  const database = new DatabaseSync(file, { timeout: 50 })
  try {
    return work(database)
  } finally {
    database.close()
  }
}

detourDatabaseContract('SQLite', async () => {
  const folder = scratch()
  const fileOf = (side: string) => join(folder, `${side}.db`)
  using(fileOf('home'), (home) =>
    home.exec('PRAGMA journal_mode = WAL; CREATE TABLE orders (id INTEGER PRIMARY KEY)'),
  )
  const recipe = { kind: 'sqlite', home: fileOf('home'), standIn: fileOf('stand-in') } as const
  const database = createSqliteDatabase(recipe)
  const held = new DatabaseSync(fileOf('home'))
  onTestFinished(() => held.close())
  return {
    ...{ database, variables: {} },
    async write(side) {
      try {
        using(fileOf(side), (file) => file.exec('INSERT INTO orders DEFAULT VALUES'))
        return true
      } catch {
        return false
      }
    },
    rows: async (side) =>
      using(fileOf(side), (file) => Number(file.prepare('SELECT count(*) AS n FROM orders').get()?.n)),
    lose: null,
    enter: null,
  }
})
