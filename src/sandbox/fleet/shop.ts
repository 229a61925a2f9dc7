import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { ShopSide } from './door-sides.ts'
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
  /** Each instance has two slots, a and b: the front door knows `web-1-a` and `web-1-b`. */
  slots?: boolean
  /** The number of instances of the stand-in, `stand-in-1` and so on; none by default. */
  standIn?: number
  /** True for blue-green: both sides work on one database, unless each has its own. Otherwise the stand-in has a copy. */
  blueGreen?: boolean
  /** With blue-green: each side has a database of its own. */
  ownDatabases?: boolean
}

/** A process of the shop, as the front door knows it. */
export interface ShopPlace extends PooledInstance {
  url: string
}

/** An instance; with two slots its own address is that of slot a. */
export interface ShopInstance extends ShopPlace {
  /** The variables of its scripts besides the shop's own `env`. */
  env: Record<string, string>
  /** Itself, or its two slots. */
  places: readonly ShopPlace[]
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
  /** The instances of the stand-in, which run while there is a detour; with blue-green they are the other side. */
  readonly standIn: readonly ShopInstance[]
  /** True if visitors move from side to side, and both work on one database. */
  readonly blueGreen: boolean
  readonly ownDatabases: boolean
  /** The databases of both sides. That of the stand-in exists while there is a detour. */
  readonly databases: Readonly<Record<ShopSide, string>>
  readonly frontDoor: FrontDoor
  readonly trouble: ShopTrouble
  /** The variables of every script: SHOP_HOME, FRONT_DOOR, and a PATH on which `node` is the one that runs this. */
  readonly env: { SHOP_HOME: string; FRONT_DOOR: string; PATH: string }
  /** `<script> <release> <instance>`, in the order in which the scripts began. */
  journal(): string[]
  migrationRuns(): MigrationRun[]
  schedulerState(): SchedulerState
  /** The release that the instance reports; undefined if it does not answer. With slots, the releases in traffic. */
  instanceVersion(name: string): Promise<string | undefined>
  /** The pids of everything of the shop that runs: instances, scheduler, jobs, scripts that wait. */
  processes(): number[]
  /** Ends every process of the shop; throws when one survives. */
  close(): Promise<void>
}

/** A shop with a database, a front door and a scheduler at work, and with instances on which nothing is installed yet. */
export async function openShop({
  folder,
  instances: count = 3,
  jobs,
  slots = false,
  standIn: aside = 0,
  blueGreen = false,
  ownDatabases = false,
}: ShopOptions): Promise<Shop> {
  mkdirSync(folder, { recursive: true })
  createDatabase(folder)
  const homes = slots ? 2 * count : count
  const ports = await freePorts(homes + aside)
  const instances = Array.from({ length: count }, (_, at) =>
    slots ? inSlots(at, ports[2 * at] ?? 0, ports[2 * at + 1] ?? 0) : toInstance(ports[at] ?? 0, at),
  )
  const databases = { home: join(folder, 'shop.db'), 'stand-in': join(folder, 'stand-in.db') }
  const standIn = ports
    .slice(homes)
    .map((port, at) => asStandIn(port, at, databases[blueGreen && !ownDatabases ? 'home' : 'stand-in']))
  const places = [...instances, ...standIn].flatMap((instance) => instance.places)
  const trouble = openTrouble(folder)
  const scheduler = startScheduler(folder, jobs)
  const frontDoor = await startFrontDoorApart(
    instances.flatMap((instance) => instance.places),
    standIn,
    folder,
  )
  const processes = () =>
    [
      ...places.flatMap((place) => pidOf(folder, place) ?? []),
      ...trouble.held().map((script) => script.pid),
      ...scheduler.pids(),
    ].filter(isRunning)
  const path = [dirname(process.execPath), process.env.PATH ?? ''].join(delimiter)

  return {
    home: folder,
    instances,
    standIn,
    blueGreen,
    ownDatabases,
    databases,
    frontDoor,
    trouble,
    env: { SHOP_HOME: folder, FRONT_DOOR: frontDoor.url, PATH: path },
    journal: () => journal(folder),
    migrationRuns: () => migrationRuns(folder),
    schedulerState: scheduler.state,
    async instanceVersion(name) {
      const instance = [...instances, ...standIn].find((each) => each.name === name)
      if (instance === undefined) throw new Error(`The shop has no instance ${name}`)
      const [only, ...others] = instance.places
      if (others.length === 0 && only !== undefined) return await versionOf(only)
      const inTraffic = (name: string) =>
        frontDoor.members.some((member) => member.name === name && member.in)
      const serving = instance.places.filter(({ name }) => inTraffic(name))
      const said = await Promise.all(serving.map(versionOf))
      return said.length === 0 ? undefined : said.map((version) => version ?? 'nothing').join(' and ')
    },
    processes,
    async close() {
      const pids = processes()
      await frontDoor.close()
      await Promise.all(pids.map(endProcess))
      const answering = await Promise.all(places.map(listens))
      const strays = places.filter((_, index) => answering[index]).map((place) => place.name)
      const survivors = [...pids.filter(isRunning), ...strays]
      if (survivors.length > 0) throw new Error(`The shop left something running: ${survivors.join(', ')}`)
    },
  }
}

const placeAt = (name: string, port: number): ShopPlace => ({ name, port, url: `http://127.0.0.1:${port}` })

function toInstance(port: number, index: number): ShopInstance {
  const name = `web-${index + 1}`
  const place = placeAt(name, port)
  return { ...place, env: { PORT: String(port) }, places: [place] }
}

function asStandIn(port: number, index: number, database: string): ShopInstance {
  const place = placeAt(`stand-in-${index + 1}`, port)
  const env = { PORT: String(port), SHOP_SIDE: 'stand-in', SHOP_DATABASE: database }
  return { ...place, env, places: [place] }
}

function inSlots(index: number, a: number, b: number): ShopInstance {
  const name = `web-${index + 1}`
  const places = [placeAt(`${name}-a`, a), placeAt(`${name}-b`, b)]
  return { ...placeAt(name, a), env: { PORT_A: String(a), PORT_B: String(b) }, places }
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

/** By a connection of its own: one that was kept open may be that of the process which was replaced. */
async function versionOf({ url }: ShopPlace): Promise<string | undefined> {
  try {
    const signal = AbortSignal.timeout(15_000)
    const response = await fetch(`${url}/version`, { headers: { connection: 'close' }, signal })
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
