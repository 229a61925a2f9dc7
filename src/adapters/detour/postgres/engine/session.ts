import pg from 'pg'
import { DatabaseTrouble } from '../trouble.ts'

/** The address of a database, as libpq's variables name its parts. */
export interface DatabaseAddress {
  readonly url: URL
  /** Like `db-1:5432/shop`: no credentials. */
  readonly shown: string
}

/** A connection to one database. Failures are rejections with `DatabaseTrouble`, or the engine's own with its SQLSTATE. */
export interface DatabaseSession {
  readonly shown: string
  /** The rows of one statement, each value a text or null. */
  rows(sql: string, values?: readonly (string | number)[]): Promise<readonly SqlRow[]>
  /** The first row; an empty one where there is none. */
  row(sql: string, values?: readonly (string | number)[]): Promise<SqlRow>
  /** Lets the process end while nothing is asked of the session: a run that waits for a person must not be kept alive. */
  rest(): void
  end(): Promise<void>
}

/** Methods of a client that the types of pg leave out: they say if it keeps its process alive. */
interface KeepsAlive {
  ref(): void
  unref(): void
}

export type SqlRow = Readonly<Record<string, string | null>>

/** The names of all sessions of a detour begin so: applications have others. */
export const sessionName = (id: string, part = ''): string => `rollgate ${id}${part}`.slice(0, 63)

const CONNECT_MS = 5_000
/** The longest look or change in a session: a fence and a copy have their own limits. */
const STATEMENT_MS = 60_000

export async function openSession({ url, shown }: DatabaseAddress, name: string): Promise<DatabaseSession> {
  const client: pg.Client & Partial<KeepsAlive> = new pg.Client({
    connectionString: withSslOfLibpq(url),
    application_name: name,
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: { getTypeParser: () => (text: string | Buffer) => String(text) },
  })
  // A lost connection also rejects what waits for it; without a listener it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(limits)
  } catch (error) {
    await client.end().catch(() => {})
    throw saidBy(shown, error)
  }
  const rows: DatabaseSession['rows'] = async (sql, values = []) => {
    try {
      return (await client.query(sql, [...values])).rows
    } catch (error) {
      throw saidBy(shown, error)
    }
  }
  return {
    shown,
    rows,
    row: async (sql, values) => (await rows(sql, values))[0] ?? {},
    rest: () => client.unref?.(),
    end() {
      client.ref?.()
      return client.end().catch(() => {})
    },
  }
}

/** Limits that a server may set for others must not end a session that holds a fence; a dead runner's must end soon. */
const limits = `SELECT set_config(name, CASE name
    WHEN 'statement_timeout' THEN '${STATEMENT_MS}'
    WHEN 'tcp_keepalives_idle' THEN '5' WHEN 'tcp_keepalives_interval' THEN '2' WHEN 'tcp_keepalives_count' THEN '3'
    WHEN 'synchronous_commit' THEN 'local'
    ELSE '0' END, false)
  FROM pg_settings WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_session_timeout', 'transaction_timeout',
    'idle_in_transaction_session_timeout', 'tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count',
    'synchronous_commit')`

/** libpq's meaning of `sslmode`, which an address was written for. */
function withSslOfLibpq(url: URL): string {
  if (!url.searchParams.has('sslmode')) return url.href
  const compatible = new URL(url)
  compatible.searchParams.set('uselibpqcompat', 'true')
  return compatible.href
}

/** An answer of the engine that a caller may expect, by its SQLSTATE. */
export class EngineSaid extends DatabaseTrouble {
  readonly state: string

  constructor(shown: string, state: string, said: string) {
    super('detour-database', `The database ${shown} said: ${said}`)
    this.state = state
  }
}

function saidBy(shown: string, error: unknown): DatabaseTrouble {
  const { code = '', message } = error as NodeJS.ErrnoException
  if (/^[0-9A-Z]{5}$/.test(code)) return new EngineSaid(shown, code, message)
  return new DatabaseTrouble('detour-database', `The database ${shown} cannot be reached: ${message || code}`)
}
