import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import { createHaproxyDoor } from '../../../src/adapters/detour/haproxy-door.ts'
import { createPostgresDetour } from '../../../src/adapters/detour/postgres.ts'
import { createMasker } from '../../../src/adapters/masking.ts'
import { createProcessGroups } from '../../../src/adapters/shell/leftovers.ts'
import { createShell } from '../../../src/adapters/shell.ts'
import type { StepAside } from '../../../src/domain/config/detour-recipe.ts'
import type { Closing, DetourDeed, DetourEvidence } from '../../../src/domain/detour/deed.ts'
import type { DetourSide } from '../../../src/domain/detour/side.ts'
import type { DetourDatabase, DetourDoor, Shell } from '../../../src/pipeline/ports.ts'
import { freePorts } from '../../../src/sandbox/fleet/ports.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { type ShopRows, STOCK } from './client-log.ts'
import { type PostgresBed, type PostgresBedOptions, query, startPostgres } from './postgres.ts'
import { type Shop, startShop } from './shop.ts'
import { type SidedDoor, startSidedDoor } from './sided-door.ts'
import { startVisitors, type Visitors, type VisitorsSeen } from './visitors.ts'

/** A shop on a real PostgreSQL behind two real HAProxy, with visitors, and the hands for a detour. */
export interface SmoothBed {
  readonly postgres: PostgresBed
  readonly balancers: SidedDoor
  readonly database: DetourDatabase
  readonly door: DetourDoor
  /** They come from the first mention on. */
  readonly visitors: Visitors
  /** The port of the application of each side. */
  readonly ports: Readonly<Record<DetourSide, number>>
  readonly mode: StepAside['mode']
  /** Starts or stops the application of a side; one that is opened by mistake twice fails by its port. */
  start(side: DetourSide, release?: string): Promise<void>
  stop(side: DetourSide): Promise<void>
  /** The hands of another run: it holds nothing that the first one holds. */
  anew(): { database: DetourDatabase; door: DetourDoor }
  /** The rows of the shop at an address. */
  rows(url?: string): Promise<ShopRows>
}

export interface SmoothOptions extends PostgresBedOptions {
  readonly mode?: StepAside['mode']
  readonly revertBy?: StepAside['revertBy']
  /** Rows of the table that the migration rewrites, of about 300 bytes each. */
  readonly rows?: number
  /** Takes what ends a part of the bed, the newest first; a test's own end, where none is given. */
  readonly atEnd?: AtEnd
}

export type AtEnd = (end: () => Promise<void>) => void

export const detour = 'shop-production-7'

export async function startSmooth({
  mode = 'read-only',
  revertBy = 'promote',
  rows = 200_000,
  atEnd = onTestFinished,
  ...options
}: SmoothOptions = {}): Promise<SmoothBed> {
  const postgres = await startPostgres(options)
  atEnd(() => postgres.close())
  await query(
    postgres.home.url,
    'CREATE TABLE orders (id serial PRIMARY KEY, note text)',
    'CREATE TABLE stock (pieces int)',
    `INSERT INTO stock VALUES (${STOCK})`,
    'CREATE TABLE history (id int, words text)',
    `INSERT INTO history SELECT n, repeat(md5(n::text), 8) FROM generate_series(1, ${rows}) n`,
  )
  const [home = 0, standIn = 0] = await freePorts(2)
  const ports = { home, 'stand-in': standIn }
  const balancers = await startSidedDoor({ folder: postgres.folder, ports })
  atEnd(() => balancers.close())
  const shops = new Map<DetourSide, Shop>()
  const stop = async (side: DetourSide) => {
    await shops.get(side)?.close()
    shops.delete(side)
  }
  atEnd(async () => void (await Promise.all([stop('home'), stop('stand-in')])))
  /** A name whose address a person moves: home's database is the stand-in once the run has said that it took home's place. */
  const addressMoved = (side: DetourSide): boolean => {
    const said = `${postgres.standIn.data}.rollgate/home`
    return side === 'home' && existsSync(said) && readFileSync(said, 'utf8').trim() === 'stand-in'
  }
  const start = async (side: DetourSide, release = 'v1') => {
    const { url } = addressMoved(side) || side === 'stand-in' ? postgres.standIn : postgres.home
    shops.set(side, await startShop(ports[side], side, url, release))
  }
  await start('home')

  const anew = () => {
    const hands = { clock: createClock(), programs: shellIn(postgres.folder) }
    return {
      database: createPostgresDetour(postgres.recipe, { mode, revertBy }, { ...hands, env: postgres.env }),
      door: createHaproxyDoor(balancers.recipe, {
        ...hands,
        hosts: [{ name: '', programs: hands.programs }],
      }),
    }
  }
  const { database, door } = anew()
  let visitors: Visitors | null = null
  atEnd(async () => void (await visitors?.stop()))
  atEnd(
    async () =>
      void (await Promise.all(
        (['home', 'stand-in'] as const).map((side) => database.unfence(detour, side, {}, listener())),
      )),
  )
  return {
    postgres,
    balancers,
    database,
    door,
    get visitors() {
      visitors ??= startVisitors(balancers.doors)
      return visitors
    },
    ports,
    mode,
    start,
    stop,
    anew,
    async rows(url = postgres.admin) {
      const notes = (await query(url, 'SELECT note FROM orders')).map(({ note }) => String(note))
      const [stock] = await query(url, 'SELECT pieces FROM stock')
      return { orders: notes.sort(), stock: Number(stock?.pieces) }
    },
  }
}

const shellIn = (folder: string): Shell =>
  createShell({
    env: { ...process.env, LC_ALL: 'C', RUNNER_TEMP: folder },
    cwd: folder,
    masker: createMasker([]),
    groups: createProcessGroups(join(folder, 'groups')),
  })

export async function done(deed: Promise<DetourDeed>): Promise<DetourEvidence> {
  const end = await deed
  if (end.kind === 'failed') throw new Error(`${end.failure.what}\n${end.failure.tail.join('\n')}`)
  return end.evidence
}

type Times = Record<string, number>

/** Keeps how long each part of a story took, for a person to read. */
export interface Stopwatch {
  readonly times: Times
  lap<T>(name: string, work: Promise<T>): Promise<T>
}

export function stopwatch(): Stopwatch {
  const times: Times = {}
  return {
    times,
    async lap(name, work) {
      const from = performance.now()
      const result = await work
      times[name] = Math.round(performance.now() - from)
      return result
    },
  }
}

/** The deeds of opening, in their order, up to home being free to change. */
export async function stepAside(
  { database, door, start, stop, mode }: SmoothBed,
  { lap } = stopwatch(),
): Promise<void> {
  const watch = listener()
  await lap('open', done(database.open(detour, {}, watch)))
  await start('stand-in')
  await lap('shut', done(door.writes('shut', {}, watch)))
  const { position = '' } = await lap('fence', done(database.fence(detour, 'home', {}, watch)))
  await lap('level', done(database.level(detour, position, {}, watch)))
  await lap('cut', done(database.cut(detour, {}, watch)))
  await lap('point', done(door.point('stand-in', {}, watch)))
  await lap('drained', done(door.drained('home', {}, watch)))
  await stop('home')
  await lap('harden', done(database.harden(detour, {}, watch)))
  if (mode === 'read-only') return
  await lap('writable', done(database.unfence(detour, 'stand-in', {}, watch)))
  await lap('admitted', done(door.writes('open', {}, watch)))
}

/** The deeds of closing, in their order; home's application must be up. */
export async function comeHome(
  { database, door, stop }: SmoothBed,
  { lap } = stopwatch(),
  way: Closing = 'return',
): Promise<DetourEvidence> {
  const watch = listener()
  const evidence = await lap('close', done(database.close(detour, way, {}, watch)))
  await lap('home', done(door.point('home', {}, watch)))
  await lap('left', done(door.drained('stand-in', {}, watch)))
  await stop('stand-in')
  await lap('discard', done(database.discard(detour, {}, watch)))
  await lap('opened', done(door.writes('open', {}, watch)))
  return evidence
}

/** A migration that rewrites a table, with a lock on orders for its whole time. */
export const migrate = async ({ postgres }: SmoothBed): Promise<void> =>
  void (await query(
    postgres.home.url,
    `BEGIN; ALTER TABLE orders ADD COLUMN IF NOT EXISTS state text DEFAULT 'new'; ALTER TABLE history ALTER COLUMN id TYPE bigint;
      UPDATE history SET words = upper(words); COMMIT`,
  ))

/** The figures of a story in a line. */
export const figures = (seen: VisitorsSeen, times: Times): string =>
  JSON.stringify({
    reads: seen.reads,
    failed: seen.failed.length,
    taken: seen.taken.length,
    turnedAway: seen.turnedAway,
    shutMs: Math.round(seen.longestShut),
    slowestReadMs: Math.round(seen.slowestRead),
    longestWaitMs: Math.round(seen.longestWait),
    longestStallMs: Math.round(seen.longestStall),
    reused: `${Math.round((seen.reused / seen.requests) * 1000) / 10} %`,
    times,
  })
