import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { createClock } from '../../src/adapters/clock.ts'
import { createPostgresDetour } from '../../src/adapters/detour/postgres.ts'
import { createMasker } from '../../src/adapters/masking.ts'
import { createProcessGroups } from '../../src/adapters/shell/leftovers.ts'
import { createShell } from '../../src/adapters/shell.ts'
import type { DetourParts, OwnDatabases } from '../../src/domain/config/detour-recipe.ts'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import type { DetourSide } from '../../src/domain/detour/side.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import type { Release } from '../../src/domain/release/release.ts'
import type { DetourDatabase, Ports, Variables } from '../../src/pipeline/ports.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { aCommand, aRelease, aService, newer, older } from '../domain/a-plan.ts'
import { aDetourWorld, type DetourWorld } from '../pipeline/a-detour-world.ts'
import { aMoveOver } from '../pipeline/a-move.ts'
import { keptLedger, type Lean, leanPlan, opened } from '../pipeline/in-memory.ts'
import { again, answered, begun } from '../pipeline/later-run.ts'
import { bySide, changedBy, rowsAfter } from './bed/client-log.ts'
import { missingParts } from './bed/parts.ts'
import { query } from './bed/postgres.ts'
import { figures, type SmoothBed, startSmooth } from './bed/smooth.ts'

vi.setConfig({ testTimeout: 240_000 })

/** A shop of two sides with a PostgreSQL each, behind two HAProxy, whose runs are Rollgate's own with their ledger in memory. */
interface OwnBed {
  readonly bed: SmoothBed
  readonly world: DetourWorld
  readonly urls: Readonly<Record<DetourSide, string>>
  /** The plan of a release from what the ledger says by then. */
  planned(release: Release, asks?: Lean): Promise<Plan>
  /** The hands of another run from now on: what the last one held is gone. */
  lose(): Promise<void>
}

const migration = `BEGIN; ALTER TABLE orders ADD COLUMN IF NOT EXISTS state text DEFAULT 'new';
  UPDATE history SET words = upper(words); COMMIT`

async function twoSides(steps: Partial<StepRecipes> = {}): Promise<OwnBed> {
  const bed = await startSmooth({ rows: 20_000 })
  const { postgres } = bed
  const urls = { home: postgres.home.url, 'stand-in': postgres.standIn.url }
  const place = (side: 'home' | 'standIn') => ({
    ...{ data: postgres[side].data, port: postgres[side].port, host: '127.0.0.1', sockets: null },
  })
  const of: OwnDatabases['of'] = {
    ...{ kind: 'postgres', address: 'DATABASE_ADMIN', replication: null, programs: postgres.programs },
    places: { home: place('home'), 'stand-in': place('standIn') },
    ...{ on: null, lockTimeout: 2_000, acknowledgeOthers: false },
  }
  const world = aDetourWorld()
  let databases = new Map<DetourSide, DetourDatabase>()
  const hands = {
    clock: createClock(),
    programs: createShell({
      env: { ...process.env, LC_ALL: 'C', RUNNER_TEMP: postgres.folder },
      cwd: postgres.folder,
      masker: createMasker([]),
      groups: createProcessGroups(join(postgres.folder, 'more-groups')),
    }),
  }
  const databaseOf = (parts: DetourParts): DetourDatabase => {
    const { database, copied = 'stand-in' } = parts
    if (database.kind !== 'postgres') throw new Error('the databases are of PostgreSQL')
    const known =
      databases.get(copied) ?? createPostgresDetour(database, parts, { ...hands, env: postgres.env })
    databases.set(copied, known)
    return known
  }
  const running = new Set<DetourSide>(['home'])
  /** One application stands for all instances of a side. */
  let operating: Promise<void> = Promise.resolve()
  const operate = (command: string, instance: string): Promise<void> => {
    operating = operating.then(() => operated(command, instance))
    return operating
  }
  const operated = async (command: string, instance: string): Promise<void> => {
    const side = instance.startsWith('web') ? 'home' : 'stand-in'
    if (command === 'start' && !running.has(side)) await bed.start(side)
    if (command === 'stop' && running.has(side)) await bed.stop(side)
    if (command === 'start') running.add(side)
    if (command === 'stop') running.delete(side)
  }
  const fleet = world.memory.ports.fleet
  const { shell } = world.memory.ports
  const run: Ports['shell']['run'] = async (command, seen: Variables, watch) => {
    if (command.run === 'migrate-one')
      await query(urls[seen.ROLLGATE_SIDE === 'home' ? 'home' : 'stand-in'], migration)
    return shell.run(command, seen, watch)
  }
  Object.assign(world.memory.ports, {
    door: () => bed.door,
    detour: (parts: DetourParts) => ({ database: databaseOf(parts), door: bed.door }),
    shell: { run },
    fleet: (recipe: Parameters<typeof fleet>[0]) => {
      const one = fleet(recipe)
      const run: typeof one.run = async (instance, command, seen, watch) => {
        await operate(command.run, instance.name)
        return one.run(instance, command, seen, watch)
      }
      return { ...one, run }
    },
  })
  const lose = async () => {
    for (const [copied, database] of databases)
      for (const side of ['home', 'stand-in'] as const)
        await database
          .unfence(`lost-${copied}`, side, {}, { line: () => {}, signal: new AbortController().signal })
          .catch(() => {})
    databases = new Map()
  }
  onTestFinished(lose)
  const planned = async (release: Release, asks: Lean = {}) => {
    const ledger = await keptLedger(world.memory)
    return leanPlan({
      ...{ release, services: [aService('web', 2)] },
      steps: {
        detour: aMoveOver({ database: { of, acceptDataLoss: false }, door: bed.balancers.recipe }),
        migrate: { command: aCommand('migrate-one'), phase: 'contract', repeatable: true },
        ...steps,
      },
      ...(ledger.serving === null ? {} : { ledger }),
      ...asks,
    })
  }
  return { bed, world, urls, planned, lose }
}

const written = async (bed: SmoothBed, side: DetourSide, least: number): Promise<void> =>
  eventually(`${side} takes ${least} writes`, () => bySide(bed.visitors.seen.taken)[side].length >= least)

describe.skipIf(missingParts('haproxy', 'initdb', 'flock') !== null)(
  'blue-green with a real PostgreSQL a side',
  () => {
    test('no read fails, no row is lost or doubled, and the next release copies the other way MM-11', async () => {
      const { bed, world, urls, planned } = await twoSides()
      const { visitors } = bed
      await written(bed, 'home', 10)
      expect(await execute(await opened(world.memory, await planned(newer)))).toMatchObject({
        outcome: { kind: 'succeeded' },
      })
      await written(bed, 'stand-in', 10)
      const shut = Math.round(visitors.seen.longestShut)
      const next = aRelease('v1.2.0', { schemaVersion: '43' })
      const context = await begun(world, await planned(next))
      expect(await execute(context)).toMatchObject({ outcome: { kind: 'succeeded' } })
      const atHome = bySide(visitors.seen.taken).home.length
      await written(bed, 'home', atHome + 10)
      const seen = await visitors.stop()

      console.log(
        `writes refused for ${shut} ms, then at most ${Math.round(seen.longestShut)} ms: ${figures(seen, {})}`,
      )
      expect([seen.failed, seen.doubtful, seen.missing]).toEqual([[], [], []])
      expect(await bed.rows(urls.home)).toEqual(rowsAfter(seen.taken))
      const { pair, side } = await keptLedger(world.memory)
      expect([side, pair]).toMatchObject([
        'home',
        { copied: 'home', phase: 'moved', left: { tag: newer.tag } },
      ])
      expect(pair?.notes.find(({ act }) => act === 'cleared')?.evidence).toEqual({ place: 'cleared' })
      expect(pair?.notes.find(({ act }) => act === 'left')?.evidence).toMatchObject({ unchanged: 'yes' })
    })

    test('going back before a write loses nothing, and after one the rows that the client knows', async () => {
      const { bed, world, urls, planned } = await twoSides()
      const before = await bed.rows(urls.home)
      expect(await execute(await opened(world.memory, await planned(newer)))).toMatchObject({
        outcome: { kind: 'succeeded' },
      })
      const wanted = { wanted: 'rollback' } as const
      expect(await execute(await begun(world, await planned(older, wanted)))).toMatchObject({
        outcome: { kind: 'succeeded' },
      })
      const back = await keptLedger(world.memory)
      expect([back.side, back.pair?.phase, await bed.rows(urls.home)]).toEqual(['home', 'back', before])
      expect(back.pair?.notes.findLast(({ act }) => act === 'counted')?.evidence).toEqual({ lost: '0' })

      const { visitors } = bed
      await written(bed, 'home', 10)
      const next = aRelease('v1.2.0', { schemaVersion: '43' })
      expect(await execute(await begun(world, await planned(next)))).toMatchObject({
        outcome: { kind: 'succeeded' },
      })
      await written(bed, 'stand-in', 10)
      const refused = await execute(await begun(world, await planned(older, wanted)))
      expect(refused).toMatchObject({ pause: { failure: { code: 'detour-loss' } } })
      await written(bed, 'stand-in', bySide(visitors.seen.taken)['stand-in'].length + 5)
      expect(await answered(world.memory, 'retry', 'the rows are of no use')).toMatchObject({
        outcome: { kind: 'succeeded' },
      })
      const seen = await visitors.stop()
      const { pair, side } = await keptLedger(world.memory)
      const taken = bySide(seen.taken)
      const { lost, 'lost-by-table': tables } =
        pair?.notes.findLast(({ act }) => act === 'counted')?.evidence ?? {}
      const changed = changedBy(taken['stand-in'])
      console.log(`lost ${lost} rows: ${tables}`)
      expect([side, tables]).toEqual([
        'home',
        `public.orders ${changed['public.orders']}, public.stock ${changed['public.stock']}`,
      ])
      expect(seen.failed).toEqual([])
      expect(await bed.rows(urls.home)).toEqual(rowsAfter(taken.home))
    })

    test('a run that is lost after the copy is resumed where nothing was written, and taken back where a job wrote', async () => {
      for (const wrote of [false, true]) {
        const { bed, world, urls, planned, lose } = await twoSides()
        const died = world.killAt(3, true)
        const running = opened(world.memory, await planned(newer)).then((context) => execute(context))
        await Promise.race([died, running])
        await lose()
        world.revive({ writes: false })
        if (wrote) await query(urls.home, "INSERT INTO orders (note) VALUES ('a job')")
        const ending = await again(world.memory)
        const { side, pair } = await keptLedger(world.memory)
        expect([wrote, ending]).toMatchObject([
          wrote,
          { outcome: { kind: wrote ? 'rolled-back' : 'succeeded' } },
        ])
        expect([side ?? 'home', pair?.phase]).toEqual(wrote ? ['home', undefined] : ['stand-in', 'moved'])
        expect((await bed.rows(urls[side ?? 'home'])).orders).toEqual(wrote ? ['a job'] : [])
      }
    })
  },
)
