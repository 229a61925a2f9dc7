import type { DatabaseSession } from '../engine/session.ts'
import type { PostgresWork } from '../means.ts'

/**
 * The settings that a stand-in must not share with home, as lines of `postgresql.auto.conf`, where the last one counts and
 * `ALTER SYSTEM` keeps them: its places, no archive, no subscriptions, and no standby that its commits wait for.
 */
export function ownSettings({ recipe, id, shape }: Pick<PostgresWork, 'recipe' | 'id' | 'shape'>): string {
  const { host, port, sockets } = recipe.standIn
  const settings = {
    listen_addresses: host,
    port: String(port),
    unix_socket_directories: sockets ?? '',
    cluster_name: id,
    archive_mode: 'off',
    hot_standby: 'on',
    max_logical_replication_workers: '0',
    recovery_min_apply_delay: '0',
    synchronous_standby_names: '',
    // Visitors may stay on the copy for weeks, and its log is kept meanwhile to be counted.
    ...(shape.copied === undefined ? {} : { max_slot_wal_keep_size: '1GB' }),
  }
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${quoted(value)}\n`)
    .join('')
}

export const quoted = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** The settings and rules of access that home keeps outside its data folder, where a copy does not reach. */
export interface OutsideFiles {
  readonly settings: string
  readonly access: string
}

/** Null where home's settings lie in its data folder, and are copied with it. */
export async function outsideFiles(on: DatabaseSession): Promise<OutsideFiles | null> {
  const { inside } = await on.row(
    "SELECT (starts_with(current_setting('config_file'), current_setting('data_directory') || '/') AND starts_with(current_setting('hba_file'), current_setting('data_directory') || '/'))::text AS inside",
  )
  if (inside === 'true') return null
  const rows = await on.rows(
    `SELECT name, setting || coalesce(CASE WHEN unit IN ('8kB', '16MB') THEN NULL ELSE unit END, '') AS value
      FROM pg_settings WHERE source IN ('configuration file', 'command line') AND context <> 'internal'
      AND name !~ '^(archive_|log_|logging_|primary_|recovery_|restore_|ssl)' AND name NOT IN ('data_directory', 'config_file', 'hba_file',
        'ident_file', 'external_pid_file', 'listen_addresses', 'port', 'unix_socket_directories', 'cluster_name',
        'stats_temp_directory', 'synchronous_standby_names')`,
  )
  const { access = '' } = await on.row("SELECT pg_read_file(current_setting('hba_file')) AS access")
  return {
    settings: rows.map(({ name, value }) => `${name} = ${quoted(value ?? '')}\n`).join(''),
    access: access ?? '',
  }
}
