import { execFile } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'
import { type PostgresBed, query, startPostgres } from '../../../test/real/bed/postgres.ts'
import type { AtEnd } from '../../../test/real/bed/smooth.ts'

const execute = promisify(execFile)

/** One copy in one way. */
export interface Copying {
  readonly way: string
  /** Milliseconds; null where it could not be made, with the reason. */
  readonly took: number | null
  /** Milliseconds that a new connection to the copied database took at most meanwhile. */
  readonly longestWait: number
  readonly why: string
}

/** The ways to copy a database while it is used, by turns, so many rounds. A new connection is made all the time. */
export async function copyings(
  options: { readonly megabytes: number; readonly rounds: number; readonly server?: string },
  atEnd: AtEnd,
): Promise<readonly Copying[]> {
  const { megabytes, rounds, server } = options
  const settings = 'fsync = on\nmax_wal_size = 4GB\nshared_buffers = 256MB'
  const bed = await startPostgres({ settings, ...(server === undefined ? {} : { server }) })
  atEnd(() => bed.close())
  await query(
    bed.home.url,
    'CREATE TABLE history (id int PRIMARY KEY, words text)',
    `INSERT INTO history SELECT n, repeat(md5(n::text), 8) FROM generate_series(1, ${megabytes * ROWS_PER_MB}) n`,
  )
  const results: Copying[] = []
  for (let round = 0; round < rounds; round += 1)
    for (const [way, copy] of Object.entries(ways)) {
      await query(maintenance(bed), 'CHECKPOINT')
      results.push(await timed(bed, way, copy))
      await query(maintenance(bed), 'DROP DATABASE IF EXISTS copy')
      rmSync(copyOf(bed), { recursive: true, force: true })
    }
  return results
}

/** About 310 bytes a row with its index. */
const ROWS_PER_MB = 3200

const copyOf = ({ folder }: PostgresBed): string => join(folder, 'copy')

const maintenance = ({ admin }: PostgresBed): string => admin.replace('/shop', '/postgres')

type Copy = (bed: PostgresBed) => Promise<unknown>

const template =
  (strategy: string): Copy =>
  (bed) =>
    query(maintenance(bed), `CREATE DATABASE copy TEMPLATE shop STRATEGY ${strategy}`)

const ways: Readonly<Record<string, Copy>> = {
  pg_basebackup: (bed) => program(bed, '"$P/pg_basebackup" -D "$COPY" -X stream -c fast -w'),
  'pg_dump | psql': async (bed) => {
    await query(maintenance(bed), 'CREATE DATABASE copy')
    await program(bed, '"$P/pg_dump" shop | "$P/psql" -qX -v ON_ERROR_STOP=1 copy >/dev/null')
  },
  'CREATE DATABASE … TEMPLATE, wal_log': template('wal_log'),
  'CREATE DATABASE … TEMPLATE, file_copy': template('file_copy'),
  'the same with file_copy_method = clone': (bed) =>
    query(
      maintenance(bed),
      "SET file_copy_method = 'clone'",
      'CREATE DATABASE copy TEMPLATE shop STRATEGY file_copy',
    ),
  reflink,
}

/** The folder of the running server, file by file, between the start and the stop of a backup. */
async function reflink(bed: PostgresBed): Promise<void> {
  const session = new pg.Client({ connectionString: maintenance(bed) })
  await session.connect()
  try {
    await session.query("SELECT pg_backup_start('bench', true)")
    await program(bed, 'cp -R --reflink=always "$DATA" "$COPY"')
    await session.query('SELECT pg_backup_stop(false)')
  } finally {
    await session.end()
  }
}

const program = (bed: PostgresBed, words: string): Promise<unknown> =>
  execute('bash', ['-c', `set -euo pipefail; ${words}`], {
    env: {
      ...process.env,
      P: bed.programs,
      COPY: copyOf(bed),
      DATA: bed.home.data,
      PGHOST: '127.0.0.1',
      PGPORT: String(bed.home.port),
      PGPASSWORD: 'secret',
    },
  })

async function timed(bed: PostgresBed, way: string, copy: Copy): Promise<Copying> {
  const probe = startProbe(bed.home.url)
  const from = performance.now()
  try {
    await copy(bed)
    return { way, took: performance.now() - from, longestWait: await probe.stop(), why: '' }
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string }
    const why = (stderr.trim().split('\n').at(-1) || message).replace(/^.*: /, '')
    return { way, took: null, longestWait: await probe.stop(), why }
  }
}

/** Makes one new connection after the other, with a short rest between: a copy by TEMPLATE needs a moment without one. */
function startProbe(url: string) {
  let stopped = false
  const probing = (async () => {
    let longest = 0
    while (!stopped) {
      const from = performance.now()
      await query(url, 'SELECT 1')
      longest = Math.max(longest, performance.now() - from)
      await pause(20)
    }
    return longest
  })()
  return {
    stop() {
      stopped = true
      return probing
    },
  }
}
