import type { Ability } from '../../../domain/detour/deed.ts'
import { found, type Reading } from '../../../domain/reading.ts'
import { addressOf } from './engine/address.ts'
import { onSide } from './engine/on-side.ts'
import type { DatabaseSession, SqlRow } from './engine/session.ts'
import { foreign, type RoomSeen, type StandInSeen, seeRoom, seeStandIn } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'

/** Looks for what speaks against a detour, at home and where the stand-in will be. */
export async function able(work: PostgresWork): Promise<Reading<Ability>> {
  const files = { ...(await seeStandIn(work)), ...(await seeRoom(work)) }
  return onSide(work, 'home', async (on) => {
    const home = await on.row(facts)
    const refusals = [
      ...(await said(on, refused)),
      ...others(work, await said(on, otherDatabases)),
      ...unfit(work, files, home),
    ]
    return found({
      refusals,
      warnings: await said(on, warned),
      facts: {
        address: addressOf(work, 'home').shown,
        version: home.version ?? '',
        size: `${home.bytes} bytes`,
        free: `${files.free ?? 'unknown'} bytes`,
        ...(files.homeFree !== null && !files.together && { 'free beside home': `${files.homeFree} bytes` }),
        position: home.position ?? '',
      },
    })
  })
}

const facts = `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int / 10000 AS major,
  (SELECT sum(pg_database_size(oid))::bigint FROM pg_database) AS bytes, pg_is_in_recovery() AS recovery,
  CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END AS position,
  current_setting('wal_level') AS wal_level,
  current_setting('max_wal_senders')::int - (SELECT count(*) FROM pg_stat_replication) AS senders,
  current_setting('max_replication_slots')::int - (SELECT count(*) FROM pg_replication_slots) AS slots,
  (SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user) AS replicates,
  pg_has_role(current_user, 'pg_monitor', 'MEMBER') AS monitors,
  (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser`

/** A rule: the sentence where it is broken, and the query that finds rows where it is; `what` fills the sentence. */
interface AbilityRule {
  readonly sentence: (what: string) => string
  readonly sql: string
}

const everyTable = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'`

const refused: readonly AbilityRule[] = [
  {
    sentence: (what) =>
      `A prepared transaction is open (${what}): its rows stay locked, and no fence would be got.`,
    sql: 'SELECT gid AS what FROM pg_prepared_xacts',
  },
  {
    sentence: (what) => `Transactions are open for longer than a minute: ${what}.`,
    sql: `SELECT 'process ' || pid || ' of ' || usename || ' for ' || round(extract(epoch FROM clock_timestamp() - xact_start)) || ' s' AS what
      FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND xact_start < clock_timestamp() - interval '1 minute'`,
  },
  {
    sentence: (what) =>
      `Commits at home wait for any standby (synchronous_standby_names = ${what}), so they would wait for the stand-in and hang after the cut.`,
    sql: `SELECT setting AS what FROM pg_settings WHERE name = 'synchronous_standby_names' AND setting LIKE '%*%'`,
  },
  {
    sentence: (what) =>
      `Tablespaces lie outside the data folder (${what}), and a copy on the same host would meet them there.`,
    sql: "SELECT spcname AS what FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')",
  },
  {
    sentence: (what) => `Unlogged tables are empty on a stand-in: ${what}.`,
    sql: `SELECT format('%I.%I', n.nspname, c.relname) AS what FROM ${everyTable} AND c.relkind = 'r' AND c.relpersistence = 'u'`,
  },
]

const otherDatabases: readonly AbilityRule[] = [
  {
    sentence: (what) => `A copy is of the whole cluster, and it holds other databases: ${what}.`,
    sql: "SELECT datname AS what FROM pg_database WHERE NOT datistemplate AND datname NOT IN (current_database(), 'postgres')",
  },
]

const warned: readonly AbilityRule[] = [
  {
    sentence: (what) => `Transactions are serializable by default (${what}); a stand-in refuses those.`,
    sql: "SELECT name AS what FROM pg_settings WHERE name = 'default_transaction_isolation' AND setting = 'serializable'",
  },
  {
    sentence: (what) =>
      `Sequences are not behind the fence: ${what} of them. A nextval in a read fails on the stand-in, as do FOR UPDATE, temporary tables and LISTEN.`,
    sql: `SELECT count(*) AS what FROM ${everyTable} AND c.relkind = 'S' HAVING count(*) > 0`,
  },
  {
    sentence: (what) => `Large objects are not behind the fence: ${what} of them.`,
    sql: 'SELECT count(*) AS what FROM pg_largeobject_metadata HAVING count(*) > 0',
  },
  {
    sentence: (what) => `Home has subscriptions (${what}); they do not run on the stand-in.`,
    sql: 'SELECT count(*) AS what FROM pg_stat_subscription HAVING count(*) > 0',
  },
  {
    sentence: (what) => `Home has replication slots of others (${what}); a copy has none of them.`,
    sql: "SELECT slot_name AS what FROM pg_replication_slots WHERE NOT starts_with(slot_name, 'rg_')",
  },
  {
    sentence: (what) =>
      `Libraries of the server may work by themselves on a stand-in that was opened for writes: ${what}.`,
    sql: "SELECT setting AS what FROM pg_settings WHERE name = 'shared_preload_libraries' AND setting <> ''",
  },
]

async function said(on: DatabaseSession, rules: readonly AbilityRule[]): Promise<readonly string[]> {
  const sentences: string[] = []
  for (const { sql, sentence } of rules) {
    const rows = await on.rows(sql)
    if (rows.length > 0) sentences.push(sentence(rows.map(({ what }) => what).join(', ')))
  }
  return sentences
}

const others = ({ recipe }: PostgresWork, sentences: readonly string[]): readonly string[] =>
  recipe.acknowledgeOthers ? [] : sentences

function unfit(
  work: PostgresWork,
  { folder, version, ...room }: StandInSeen & RoomSeen,
  home: SqlRow,
): readonly string[] {
  const sentences: [boolean, string][] = [
    [folder === 'foreign', foreign(work).message],
    [home.recovery === 't', 'Home is a standby itself.'],
    [home.wal_level === 'minimal', 'wal_level is minimal at home: nothing can follow it.'],
    [Number(home.senders) < 2, 'Home has fewer than two free connections for copies: raise max_wal_senders.'],
    [Number(home.slots) < 1, 'Home has no free replication slot: raise max_replication_slots.'],
    [home.replicates !== 't', 'The role may not copy the cluster: it needs REPLICATION.'],
    [
      home.monitors !== 't' && home.superuser !== 't',
      'The role does not see the sessions of others: it needs pg_monitor.',
    ],
    [
      version !== home.major,
      `The programs where the stand-in lives are of version ${version}, and home is of ${home.major}.`,
    ],
  ]
  const broken = sentences.flatMap(([isBroken, sentence]) => (isBroken ? [sentence] : []))
  return folder === 'absent' ? [...broken, ...short(work, room, Number(home.bytes))] : broken
}

/** Room for the log that comes while a copy is made, and that home keeps for it. */
const LOG = 1_000_000_000

/**
 * A copy takes a fifth more than the data, and room for its log. Copying back makes another beside home's folder, which
 * may be in the same file system.
 */
function short(
  { recipe, shape }: PostgresWork,
  { free, homeFree, together }: Omit<RoomSeen, 'version'>,
  bytes: number,
): readonly string[] {
  const copy = Math.ceil(bytes * 1.2)
  const back = shape.revertBy === 'copy-back' ? copy : 0
  const aside = copy + LOG + (together ? back : 0)
  const beside = together ? 0 : back + LOG
  return [
    ...lacking('where the stand-in will live', 'A copy', free, aside),
    ...(recipe.homeData === null || together
      ? []
      : lacking(
          'beside home’s data',
          back === 0 ? 'The log that home keeps for the copy' : 'Copying back',
          homeFree,
          beside,
        )),
  ]
}

function lacking(where: string, what: string, free: number | null, needed: number): readonly string[] {
  if (free === null) return [`The free space ${where} is unknown.`]
  return free < needed
    ? [`${what} needs ${needed} bytes ${where}, with room for the log, and ${free} are free.`]
    : []
}
