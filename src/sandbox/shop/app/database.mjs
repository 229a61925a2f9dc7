import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

const file = process.env.SHOP_DATABASE
let open

/** The connection for reading. The file is opened again when another one has taken its place. */
function database() {
  const { ino } = statSync(file)
  if (open?.ino !== ino) {
    open?.connection.close()
    open = { ino, connection: new DatabaseSync(file, { readOnly: true, timeout: 2000 }) }
  }
  return open.connection
}

/** Keeps a visitor's wish. The engine itself says whether that is possible. */
export function keepWish(text) {
  const connection = new DatabaseSync(file, { timeout: 2000 })
  try {
    // A wish must survive no power cut, and a busy disk would keep readers waiting.
    connection.exec('PRAGMA synchronous = OFF')
    connection.exec('CREATE TABLE IF NOT EXISTS wishes (id INTEGER PRIMARY KEY, text TEXT UNIQUE)')
    connection.prepare('INSERT INTO wishes (text) VALUES (?)').run(text)
  } finally {
    connection.close()
  }
}

export function products() {
  return database()
    .prepare('SELECT name FROM products ORDER BY name')
    .all()
    .map((row) => row.name)
}

/**
 * The schema's version, and the oldest version whose releases it still serves: an expand migration keeps them all, a contract
 * migration only those written for it.
 */
export function schema() {
  return database()
    .prepare(
      `SELECT coalesce(max(version), 0) AS version,
              coalesce(max(version) FILTER (WHERE phase = 'contract'), 1) AS oldest
       FROM migrations`,
    )
    .get()
}
