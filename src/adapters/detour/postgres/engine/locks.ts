import { type DatabaseSession, sessionName } from './session.ts'

/** Every table whose rows a client could write, from the catalog. */
const tables = `SELECT c.oid, format('%I.%I', n.nspname, c.relname) AS name
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
    AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`

export const tableNames = async (on: DatabaseSession): Promise<readonly string[]> =>
  (await on.rows(`${tables} ORDER BY 1`)).map(({ name }) => name ?? '')

export const fenceName = (id: string): string => sessionName(id, ' fence')

/** The fence as the engine's lock table shows it: held on every table, on some of them, or not at all. */
export interface FenceSeen {
  readonly held: 'all' | 'some' | 'none'
  readonly tables: number
}

export async function fenceOn(on: DatabaseSession, id: string): Promise<FenceSeen> {
  const {
    all = '0',
    locked = '0',
    holders = '0',
  } = await on.row(
    `SELECT count(*) AS all, count(l.pid) AS locked,
        (SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()) AS holders
      FROM (${tables}) t LEFT JOIN (SELECT DISTINCT l.relation, l.pid FROM pg_locks l JOIN pg_stat_activity a USING (pid)
        WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'ShareRowExclusiveLock' AND a.application_name = $1
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())) l ON l.relation = t.oid`,
    [fenceName(id)],
  )
  const held = Number(locked) > 0 ? (locked === all ? 'all' : 'some') : 'none'
  // A database without a table has nothing to lock; the session alone then stands for the fence.
  return { held: all === '0' && Number(holders) > 0 ? 'all' : held, tables: Number(all) }
}

/** The sessions that stand in the way of a process, in words: who, since when, with which statement. */
export async function blockersOf(on: DatabaseSession, pid: string): Promise<readonly string[]> {
  const rows = await on.rows(
    `SELECT a.pid, coalesce(a.usename, '?') AS usename, coalesce(nullif(a.application_name, ''), 'unnamed') AS application,
        coalesce(host(a.client_addr), 'a local socket') AS client, coalesce(a.state, a.backend_type) AS state,
        round(extract(epoch FROM clock_timestamp() - a.xact_start)) AS seconds
      FROM unnest(pg_blocking_pids($1::int)) AS blocking(pid) LEFT JOIN pg_stat_activity a ON a.pid = blocking.pid
      ORDER BY a.xact_start`,
    [pid],
  )
  return rows.map((row) =>
    row.pid === null
      ? 'a prepared transaction'
      : `process ${row.pid} of ${row.usename} (${row.application}, from ${row.client}), ${row.state}, in a transaction for ${row.seconds ?? '0'} s`,
  )
}
