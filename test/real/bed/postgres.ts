import { execFile } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import type { PostgresDetour } from '../../../src/domain/config/detour-recipe.ts'
import { freePorts } from '../../../src/sandbox/fleet/ports.ts'
import { postgresFolders } from './parts.ts'

const execute = promisify(execFile)

/** A real PostgreSQL with a database `shop`, and room beside it for a stand-in. */
export interface PostgresBed {
  readonly folder: string
  /** The programs of PostgreSQL, which refuse to run as root: each runs as the user `postgres` there. */
  readonly programs: string
  /** Addresses of the superuser and of the application, which owns the database. */
  readonly admin: string
  readonly home: DatabasePlace
  readonly standIn: DatabasePlace
  readonly recipe: PostgresDetour
  /** The variables of a run that name the addresses of the recipe. */
  readonly env: NodeJS.ProcessEnv
  /** Runs a program of PostgreSQL. */
  program(name: string, ...words: readonly string[]): Promise<void>
  /** The programs that ran so far, each with its words. */
  ran(): string[]
  close(): Promise<void>
}

export interface DatabasePlace {
  readonly data: string
  readonly port: number
  /** The address for the application. */
  readonly url: string
}

export interface PostgresBedOptions {
  /** Further lines of postgresql.conf. */
  readonly settings?: string
  /** The folder of PostgreSQL's programs; that of all beds, where none is given. */
  readonly server?: string
  /** Home's settings lie outside its data folder, as Debian has them. */
  readonly outside?: true
}

export async function startPostgres({
  settings = '',
  server = postgresFolders()[0] ?? '',
  outside,
}: PostgresBedOptions = {}): Promise<PostgresBed> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-bed-'))
  const owner = await ownerOf()
  if (owner !== null) chownSync(folder, owner.uid, owner.gid)
  const programs = wrapPrograms(folder, server, owner)
  // A place for an archive of the log, seen from a data folder as `../archive`.
  mkdirSync(join(folder, 'archive'))
  if (owner !== null) chownSync(join(folder, 'archive'), owner.uid, owner.gid)
  const [homePort = 0, standInPort = 0] = await freePorts(2)
  const home = placeOf(join(folder, 'home'), homePort)
  const standIn = placeOf(join(folder, 'stand-in'), standInPort)
  const program = async (name: string, ...words: readonly string[]) =>
    void (await execute(join(programs, name), words))

  writeFileSync(join(folder, 'password'), 'secret\n', { mode: 0o644 })
  await program(
    'initdb',
    '-D',
    home.data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    '--pwfile',
    join(folder, 'password'),
    '-E',
    'UTF8',
    '--no-sync',
  )
  appendFileSync(
    join(home.data, 'postgresql.conf'),
    `listen_addresses = '127.0.0.1'\nport = ${homePort}\nunix_socket_directories = ''\nmax_connections = 60\nfsync = off\n${settings}\n`,
  )
  const options = outside === true ? moveOut(folder, home.data) : []
  await program('pg_ctl', '-D', home.data, '-l', join(home.data, 'log'), '-w', ...options, 'start')
  const admin = `postgres://postgres:secret@127.0.0.1:${homePort}/shop`
  await query(
    admin.replace('/shop', '/postgres'),
    "CREATE ROLE shop LOGIN PASSWORD 'shop'",
    'CREATE DATABASE shop OWNER shop',
  )

  return {
    folder,
    programs,
    admin,
    home,
    standIn,
    program,
    ran: () => readFileSync(join(folder, 'ran'), 'utf8').split('\n').filter(Boolean),
    env: { DATABASE_ADMIN: admin },
    recipe: {
      kind: 'postgres',
      home: 'DATABASE_ADMIN',
      replication: null,
      standIn: { data: standIn.data, port: standInPort, host: '127.0.0.1', sockets: null },
      homeData: home.data,
      programs,
      on: null,
      lockTimeout: 2000,
      acknowledgeOthers: false,
    },
    async close() {
      for (const { data } of [standIn, home])
        await program('pg_ctl', '-D', data, '-m', 'immediate', 'stop').catch(() => {})
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

const placeOf = (data: string, port: number): DatabasePlace => ({
  data,
  port,
  url: `postgres://shop:shop@127.0.0.1:${port}/shop`,
})

/** Runs statements over one connection, each in a transaction of its own. Returns the rows of the last. */
export async function query(
  url: string,
  ...statements: readonly string[]
): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'test' })
  client.on('error', () => {})
  await client.connect()
  try {
    let rows: Record<string, unknown>[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

interface Owner {
  readonly uid: number
  readonly gid: number
}

/** The user of the servers; null where this one may run them itself. */
async function ownerOf(): Promise<Owner | null> {
  if (process.getuid?.() !== 0) return null
  const [, , uid, gid] = (await execute('getent', ['passwd', 'postgres'])).stdout.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

function wrapPrograms(folder: string, server: string, owner: Owner | null): string {
  const programs = join(folder, 'bin')
  mkdirSync(programs)
  const as = owner === null ? '' : `setpriv --reuid=${owner.uid} --regid=${owner.gid} --clear-groups`
  for (const name of ['initdb', 'pg_ctl', 'pg_basebackup', 'pg_dump', 'psql', 'pg_controldata']) {
    writeFileSync(
      join(programs, name),
      `#!/bin/sh\necho "${name} $*" >>${join(folder, 'ran')}\nHOME=/nonexistent PGUSER=\${PGUSER-postgres}; export HOME PGUSER; cd /; exec ${as} ${server}/${name} "$@"\n`,
    )
    chmodSync(join(programs, name), 0o755)
  }
  return programs
}

/** As Debian has it: the data folder holds no settings, and the server is told where they are. */
function moveOut(folder: string, data: string): string[] {
  const files = { config: 'postgresql.conf', hba: 'pg_hba.conf', ident: 'pg_ident.conf' }
  mkdirSync(join(folder, 'etc'))
  for (const file of Object.values(files)) {
    writeFileSync(join(folder, 'etc', file), readFileSync(join(data, file)))
    rmSync(join(data, file))
  }
  const at = (file: string) => join(folder, 'etc', file)
  appendFileSync(
    at(files.config),
    `data_directory = '${data}'\nhba_file = '${at(files.hba)}'\nident_file = '${at(files.ident)}'\n`,
  )
  return ['-o', `-c config_file=${at(files.config)}`]
}
