import { describe, expect, test, vi } from 'vitest'
import type { DetourSide } from '../../src/domain/detour/side.ts'
import { found } from '../../src/domain/reading.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { listener } from '../contracts/shell.contract.ts'
import { bySide, changedBy, rowsAfter } from './bed/client-log.ts'
import { missingParts, postgresFolders } from './bed/parts.ts'
import { query } from './bed/postgres.ts'
import {
  comeHome,
  detour,
  done,
  figures,
  migrate,
  type SmoothBed,
  type SmoothOptions,
  type Stopwatch,
  startSmooth,
  stepAside,
  stopwatch,
} from './bed/smooth.ts'
import type { VisitorsSeen } from './bed/visitors.ts'

vi.setConfig({ testTimeout: 240_000 })

const missing = missingParts('initdb', 'flock', 'haproxy') !== null

/** True if every story runs on the second PostgreSQL too. */
const everyStory = process.env.ROLLGATE_POSTGRES === 'all'

/** The longest time that a read may take beyond its own work. */
const LONGEST_WAIT_MS = 500

/** Starts a shop that steps aside once its visitors have ordered. */
async function stepsAside(options: SmoothOptions) {
  const bed = await startSmooth(options)
  const watch = stopwatch()
  const { seen } = bed.visitors
  await ordersComeAt('home', seen)
  await stepAside(bed, watch)
  return { bed, seen, watch }
}

async function ordersComeAt(side: DetourSide, { taken }: VisitorsSeen): Promise<void> {
  const until = taken.length + 20
  await eventually(`orders come at the ${side}`, () => taken.length > until)
}

/** Ends the visits, shows their figures, and expects that none failed, ended in doubt, or waited long for others. */
async function visitorsLeave({ visitors }: SmoothBed, { times }: Stopwatch): Promise<void> {
  const seen = await visitors.stop()
  console.log(figures(seen, times))
  expect([seen.failed, seen.doubtful]).toEqual([[], []])
  expect(seen.longestWait - seen.longestStall).toBeLessThan(LONGEST_WAIT_MS)
}

const [first, ...others] = missing ? [] : postgresFolders()
const servers = [
  { server: first, all: true },
  ...others.slice(-1).map((server) => ({ server, all: everyStory })),
]
if (others.length === 0)
  console.warn('The second PostgreSQL is left out: there is but one here, and .ci/setup names the reason.')
else if (!everyStory)
  console.warn('On the second PostgreSQL one story runs; all of them with ROLLGATE_POSTGRES=all.')

describe.skipIf(missing).each(servers)('visitors of a shop that steps aside ($server)', ({ server, all }) => {
  const steppedAside = (options: SmoothOptions = {}) => stepsAside({ ...options, ...(server && { server }) })

  test.runIf(all)(
    'read-only: no read fails, no order is lost or doubled; home’s migration is not noticed SD-07 SD-12 SD-14',
    async () => {
      const { bed, seen, watch } = await steppedAside()
      await expect(query(bed.postgres.standIn.url, 'BEGIN READ WRITE')).rejects.toThrow('during recovery')
      const before = seen.reads
      await watch.lap('migrate', migrate(bed))
      await bed.start('home')
      expect(await comeHome(bed, watch)).toMatchObject({ lost: '0' })
      await ordersComeAt('home', seen)
      await visitorsLeave(bed, watch)
      expect(seen.turnedAway).toBeGreaterThan(0)
      expect(seen.sides['stand-in']).toBeGreaterThan(0)
      expect(seen.reads).toBeGreaterThan(before)
      expect([await bed.rows(), seen.missing]).toEqual([rowsAfter(seen.taken), []])
      expect(seen.reused / seen.requests).toBeGreaterThan(0.9)
    },
  )

  test('read-write: writes at the stand-in are counted by table as their client knows them, and alone are missing SD-17', async () => {
    const { bed, seen, watch } = await steppedAside({ mode: 'read-write' })
    await migrate(bed)
    await ordersComeAt('stand-in', seen)
    await bed.start('home')
    await done(bed.door.writes('shut', {}, listener()))
    await watch.lap('close', done(bed.database.close(detour, 'return', {}, listener())))
    const counted = await bed.database.lostWrites(detour, {}, listener().signal)
    expect(await bed.rows(bed.postgres.standIn.url)).toEqual(rowsAfter(seen.taken))
    await comeHome(bed, watch)
    await ordersComeAt('home', seen)
    await visitorsLeave(bed, watch)
    const log = bySide(seen.taken)
    const byTable = changedBy(log['stand-in'])
    expect(new Set(log['stand-in'].map(({ did }) => did))).toEqual(
      new Set(['ordered', 'amended', 'cancelled']),
    )
    expect(counted).toEqual(found({ kind: 'counted', byTable }))
    expect(await bed.rows()).toEqual(rowsAfter(log.home))
    expect(seen.missing.filter(({ side }) => side === 'home')).toEqual([])
  })

  test.runIf(all)(
    'back in code alone: the older release works on what was migrated, and no order is lost',
    async () => {
      const { bed, seen, watch } = await steppedAside({ rows: 1000 })
      await migrate(bed)
      await bed.start('home', 'v1')
      expect(await comeHome(bed, watch, 'revert-code')).toMatchObject({ lost: '0' })
      await ordersComeAt('home', seen)
      await visitorsLeave(bed, watch)
      expect([await bed.rows(), seen.missing]).toEqual([rowsAfter(seen.taken), []])
      expect(await query(bed.postgres.home.url, 'SELECT DISTINCT state FROM orders')).toEqual([
        { state: 'new' },
      ])
    },
  )

  test.runIf(all)(
    'back with the data by copying back: the failed migration is gone, and orders go on',
    async () => {
      const { bed, seen, watch } = await steppedAside({ revertBy: 'copy-back' })
      await query(bed.postgres.home.url, 'DROP TABLE orders')
      await watch.lap('revert', done(bed.database.close(detour, 'revert', {}, listener())))
      await bed.start('home')
      await done(bed.door.point('home', {}, listener()))
      await done(bed.door.drained('stand-in', {}, listener()))
      await bed.stop('stand-in')
      await done(bed.database.discard(detour, {}, listener()))
      await done(bed.door.writes('open', {}, listener()))
      await ordersComeAt('home', seen)
      await visitorsLeave(bed, watch)
      expect([await bed.rows(), seen.missing]).toEqual([rowsAfter(seen.taken), []])
    },
  )

  test.runIf(all)(
    'back with the data by promotion: the stand-in’s own connections become writable, and orders go on',
    async () => {
      const { bed, seen, watch } = await steppedAside()
      await query(bed.postgres.home.url, 'DROP TABLE orders')
      await watch.lap('revert', done(bed.database.close(detour, 'revert', {}, listener())))
      await done(bed.door.writes('open', {}, listener()))
      await ordersComeAt('stand-in', seen)
      await visitorsLeave(bed, watch)
      expect([await bed.rows(bed.postgres.standIn.url), seen.missing]).toEqual([rowsAfter(seen.taken), []])
    },
  )
})
