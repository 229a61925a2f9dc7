import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

let connection

function database() {
  connection ??= new DatabaseSync(join(process.env.SHOP_HOME, 'shop.db'), { readOnly: true, timeout: 2000 })
  return connection
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
