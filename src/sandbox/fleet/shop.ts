import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { endProcess, isRunning } from './ending.ts'
import type { FrontDoor } from './front-door.ts'
import { startFrontDoorApart } from './front-door-apart.ts'
import type { PooledInstance } from './pool.ts'
import { freePorts } from './ports.ts'
import type { Jobs, SchedulerState } from './scheduler.ts'
import { startScheduler } from './scheduler.ts'
import type { ShopTrouble } from './trouble.ts'
import { openTrouble } from './trouble.ts'

export interface ShopOptions {
  /** An empty or absent folder, which becomes SHOP_HOME. */
  folder: string
  /** The number of instances: `web-1`, `web-2`, … */
  instances?: number
  jobs?: Jobs
}

export interface ShopInstance extends PooledInstance {
  url: string
  /** The variables of its scripts besides the shop's own `env`. */
  env: { PORT: string }
}

export interface MigrationRun {
  release: string
  outcome: 'begun' | 'succeeded' | 'failed'
  /** The number of applied migrations. */
  applied: number
  /** The jobs that ran when it began, separated by blanks. */
  jobs: string
}

export interface Shop {
  readonly home: string
  readonly instances: readonly ShopInstance[]
  readonly frontDoor: FrontDoor
  readonly trouble: ShopTrouble
  /** The variables of every script: SHOP_HOME, FRONT_DOOR, and a PATH on which `node` is the one that runs this. */
  readonly env: { SHOP_HOME: string; FRONT_DOOR: string; PATH: string }
  /** `<script> <release> <instance>`, in the order in which the scripts began. */
  journal(): string[]
  migrationRuns(): MigrationRun[]
  schedulerState(): SchedulerState
  /** The release that the instance reports; undefined if it does not answer. */
  instanceVersion(name: string): Promise<string | undefined>
  /** The pids of everything of the shop that runs: instances, scheduler, jobs, scripts that wait. */
  processes(): number[]
  /** Ends every process of the shop; throws when one survives. */
  close(): Promise<void>
}

/** A shop with a database, a front door and a scheduler at work, and with instances on which nothing is installed yet. */
export async function openShop({ folder, instances: count = 3, jobs }: ShopOptions): Promise<Shop> {
  mkdirSync(folder, { recursive: true })
  createDatabase(folder)
  const instances = (await freePorts(count)).map(toInstance)
  const trouble = openTrouble(folder)
  const scheduler = startScheduler(folder, jobs)
  const frontDoor = await startFrontDoorApart(instances, folder)
  const processes = () =>
    [
      ...instances.flatMap((instance) => pidOf(folder, instance) ?? []),
      ...trouble.held().map((script) => script.pid),
      ...scheduler.pids(),
    ].filter(isRunning)
  const path = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter)

  return {
    home: folder,
    instances,
    frontDoor,
    trouble,
    env: { SHOP_HOME: folder, FRONT_DOOR: frontDoor.url, PATH: path },
    journal: () => journal(folder),
    migrationRuns: () => migrationRuns(folder),
    schedulerState: scheduler.state,
    async instanceVersion(name) {
      const instance = instances.find((each) => each.name === name)
      if (instance === undefined) throw new Error(`The shop has no instance ${name}`)
      return await versionOf(instance)
    },
    processes,
    async close() {
      const pids = processes()
      await frontDoor.close()
      await Promise.all(pids.map(endProcess))
      const answering = await Promise.all(instances.map(listens))
      const strays = instances.filter((_, index) => answering[index]).map((instance) => instance.name)
      const survivors = [...pids.filter(isRunning), ...strays]
      if (survivors.length > 0) throw new Error(`The shop left something running: ${survivors.join(', ')}`)
    },
  }
}

function toInstance(port: number, index: number): ShopInstance {
  return { name: `web-${index + 1}`, port, url: `http://127.0.0.1:${port}`, env: { PORT: String(port) } }
}

/** The database is in WAL mode, so that a migration and concurrent pages do not wait for each other. */
function createDatabase(folder: string): void {
  const database = new DatabaseSync(join(folder, 'shop.db'))
  database.exec('PRAGMA journal_mode = WAL')
  database.close()
}

function journal(folder: string): string[] {
  const file = join(folder, 'journal.log')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}

function migrationRuns(folder: string): MigrationRun[] {
  const database = new DatabaseSync(join(folder, 'shop.db'))
  try {
    const tables = database.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'migration_runs'`).all()
    if (tables.length === 0) return []
    const rows = database
      .prepare('SELECT release, outcome, applied, jobs FROM migration_runs ORDER BY id')
      .all()
    return rows.map((row) => ({ ...row }) as unknown as MigrationRun)
  } finally {
    database.close()
  }
}

async function versionOf({ url }: ShopInstance): Promise<string | undefined> {
  try {
    const response = await fetch(`${url}/version`, { signal: AbortSignal.timeout(15_000) })
    return await response.text()
  } catch {
    return undefined
  }
}

function pidOf(folder: string, { name }: PooledInstance): number | undefined {
  const file = join(folder, 'instances', name, 'pid')
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined
}

function listens({ port }: PooledInstance): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
