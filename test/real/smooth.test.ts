import { describe, expect, test, vi } from 'vitest'
import type { DetourSide } from '../../src/domain/detour/side.ts'
import { found } from '../../src/domain/reading.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { listener } from '../contracts/shell.contract.ts'
import { missingParts } from './bed/parts.ts'
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

/** Starts a shop that steps aside once its visitors have ordered. */
async function steppedAside(options: SmoothOptions = {}) {
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

/** Ends the visits, shows their figures, and expects that none failed or ended in doubt. */
async function visitorsLeave({ visitors }: SmoothBed, { times }: Stopwatch): Promise<void> {
  const seen = await visitors.stop()
  console.log(figures(seen, times))
  expect([seen.failed, seen.doubtful]).toEqual([[], []])
}

describe.skipIf(missing)('visitors of a shop that steps aside', () => {
  test('read-only: no read fails, no order is lost or doubled; home’s migration is not noticed SD-07 SD-12 SD-14', async () => {
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
    expect((await bed.orders()).sort()).toEqual([...seen.taken].sort())
    expect(seen.reused / seen.requests).toBeGreaterThan(0.9)
  })

  test('read-write: what was ordered at the stand-in is counted by table, and is all that is missing SD-17', async () => {
    const { bed, seen, watch } = await steppedAside({ mode: 'read-write' })
    await migrate(bed)
    await ordersComeAt('stand-in', seen)
    await bed.start('home')
    await done(bed.door.writes('shut', {}, listener()))
    const { lost } = await watch.lap('close', done(bed.database.close(detour, 'return', {}, listener())))
    const counted = await bed.database.lostWrites(detour, {}, listener().signal)
    const [atHome, atStandIn] = [await bed.orders(), await bed.orders(bed.postgres.standIn.url)]
    await comeHome(bed, watch)
    await visitorsLeave(bed, watch)
    const missing = atStandIn.filter((note) => !atHome.includes(note))
    expect(lost).toBe(String(missing.length))
    expect(missing.length).toBeGreaterThan(10)
    expect(counted).toEqual(found({ kind: 'counted', byTable: { 'public.orders': missing.length } }))
    expect([...new Set([...(await bed.orders()), ...missing])].sort()).toEqual([...seen.taken].sort())
  })

  test('back with the data by copying back: the failed migration is gone, and orders go on', async () => {
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
    expect((await bed.orders()).sort()).toEqual([...seen.taken].sort())
  })

  test('back with the data by promotion: the stand-in’s own connections become writable, and orders go on', async () => {
    const { bed, seen, watch } = await steppedAside()
    await query(bed.postgres.home.url, 'DROP TABLE orders')
    await watch.lap('revert', done(bed.database.close(detour, 'revert', {}, listener())))
    await done(bed.door.writes('open', {}, listener()))
    await ordersComeAt('stand-in', seen)
    await visitorsLeave(bed, watch)
    expect((await bed.orders(bed.postgres.standIn.url)).sort()).toEqual([...seen.taken].sort())
  })
})
