// Applies the files of db/ that the database has not seen, each in a transaction.
import { readdirSync, readFileSync } from 'node:fs'
import pg from 'pg'

const client = new pg.Client({
  host: '127.0.0.1',
  port: Number(process.env.DATABASE_PORT ?? 5432),
  user: 'shop',
  database: 'shop',
})
await client.connect()
await client.query('CREATE TABLE IF NOT EXISTS migrations (file text PRIMARY KEY)')
const { rows } = await client.query('SELECT file FROM migrations')
const seen = new Set(rows.map(({ file }) => file))
for (const file of readdirSync('db')
  .sort()
  .filter((name) => !seen.has(name))) {
  await client.query('BEGIN')
  await client.query(readFileSync(`db/${file}`, 'utf8'))
  await client.query('INSERT INTO migrations VALUES ($1)', [file])
  await client.query('COMMIT')
  console.log(`applied ${file}`)
}
await client.end()
