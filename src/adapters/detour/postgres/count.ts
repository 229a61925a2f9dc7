import type { LostWrites } from '../../../domain/detour/deed.ts'
import { absent, found, type Reading } from '../../../domain/reading.ts'
import { onSide } from './engine/on-side.ts'
import { type DatabaseSession, EngineSaid } from './engine/session.ts'
import { positionOf } from './fence.ts'
import { seeStandIn } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { rowsChanged } from './promote.ts'

/** Counts the rows that committed transactions wrote on the stand-in since it was opened for writes. */
export async function lostWrites(work: PostgresWork): Promise<Reading<LostWrites>> {
  const { notes, folder } = await seeStandIn(work)
  const { opened, rows = '0' } = notes
  if (folder === 'absent' || opened === undefined) return absent
  return onSide(work, 'stand-in', async (on) => found(await counted(on, opened, rows)))
}

export async function counted(on: DatabaseSession, opened: string, rowsBefore: string): Promise<LostWrites> {
  try {
    await on.rows('CREATE EXTENSION IF NOT EXISTS pg_walinspect')
    return { kind: 'counted', byTable: await byTable(on, opened, await positionOf(on)) }
  } catch (error) {
    if (!(error instanceof EngineSaid)) throw error
    const rows = Number(await rowsChanged(on)) - Number(rowsBefore)
    return {
      kind: 'at-most',
      rows: Math.max(0, rows),
      why: `the log could not be read (${error.message}), so the engine's own counter stands in for it: it has rows that were rolled back as well, and may lack those of the last ten seconds`,
    }
  }
}

/**
 * Joins each change of a row in the log to the commit of its transaction, or of the transaction that a savepoint belongs
 * to. A change of a file that no table has any more was rewritten or dropped meanwhile, and is told as such. So is a table
 * that got a new file, which is how TRUNCATE empties one: the log has none of the rows that it takes away.
 */
const changes = `WITH log AS MATERIALIZED (
    SELECT xid, resource_manager AS manager, record_type AS type, description, block_ref
    FROM pg_get_wal_records_info($1::pg_lsn, $2::pg_lsn)
    WHERE resource_manager IN ('Heap', 'Heap2', 'Transaction', 'Storage')),
  ended AS (SELECT xid::text, description FROM log WHERE manager = 'Transaction' AND type LIKE 'COMMIT%'),
  committed AS (
    SELECT xid FROM ended
    UNION SELECT regexp_split_to_table(trim(substring(description FROM 'subxacts:((?: [0-9]+)+)')), ' ') FROM ended
    UNION SELECT substring(description FROM '^([0-9]+):') FROM ended),
  written AS (
    SELECT (regexp_match(block_ref, 'rel ([0-9]+)/([0-9]+)/([0-9]+) '))[3]::oid AS file,
      CASE WHEN type LIKE 'MULTI_INSERT%' THEN coalesce(substring(description FROM 'ntuples: ([0-9]+)'), substring(description FROM '([0-9]+) tuples'))::bigint
        ELSE 1 END AS rows
    FROM log WHERE manager LIKE 'Heap%' AND xid::text IN (SELECT xid FROM committed)
      AND (type ~ '^(INSERT|MULTI_INSERT|DELETE|UPDATE|HOT_UPDATE)' OR type = 'TRUNCATE')
      AND (regexp_match(block_ref, 'rel ([0-9]+)/([0-9]+)/'))[2]::oid = (SELECT oid FROM pg_database WHERE datname = current_database())),
  replaced AS (
    SELECT (regexp_match(description, '^base/[0-9]+/([0-9]+)$'))[1]::oid AS file
    FROM log WHERE manager = 'Storage' AND type = 'CREATE' AND xid::text IN (SELECT xid FROM committed)
      AND (regexp_match(description, '^base/([0-9]+)/'))[1]::oid = (SELECT oid FROM pg_database WHERE datname = current_database())),
  change AS (SELECT file, rows, '' AS how FROM written UNION ALL SELECT file, 1, ' (made, emptied or rewritten)' FROM replaced)
  SELECT coalesce(n.nspname || '.' || c.relname || w.how, 'tables that were rewritten or dropped') AS name, sum(w.rows) AS rows
  FROM change w LEFT JOIN pg_class c ON pg_relation_filenode(c.oid) = w.file LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE CASE WHEN n.nspname IS NULL THEN w.how = ''
    ELSE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND (w.how = '' OR c.relkind = 'r') END
  GROUP BY 1 ORDER BY 1`

async function byTable(
  on: DatabaseSession,
  from: string,
  to: string,
): Promise<Readonly<Record<string, number>>> {
  await on.rows("SELECT set_config('statement_timeout', '0', false)")
  const rows = await on.rows(changes, [from, to])
  return Object.fromEntries(rows.map(({ name, rows: count }) => [name ?? '', Number(count)]))
}
