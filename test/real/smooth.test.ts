import { describe, expect, test, vi } from 'vitest'
import { found } from '../../src/domain/reading.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { listener } from '../contracts/shell.contract.ts'
import { missingParts } from './bed/parts.ts'
import { query } from './bed/postgres.ts'
import { comeHome, detour, done, figures, migrate, startSmooth, stepAside, stopwatch } from './bed/smooth.ts'

vi.setConfig({ testTimeout: 240_000 })

const missing = missingParts('initdb', 'flock', 'haproxy') !== null

describe.skipIf(missing)('visitors of a shop that steps aside', () => {
  test('read-only: no read fails, no order is lost or doubled; home’s migration is not noticed SD-07 SD-12 SD-14', async () => {
    const bed = await startSmooth()
    const watch = stopwatch()
    const { seen } = bed.visitors
    await eventually('orders come', () => seen.taken.length > 20)
    await stepAside(bed, watch)
    await expect(query(bed.postgres.standIn.url, 'BEGIN READ WRITE')).rejects.toThrow('during recovery')
    const before = seen.reads
    await watch.lap('migrate', migrate(bed))
    await bed.start('home')
    expect(await comeHome(bed, watch)).toMatchObject({ lost: '0' })
    const until = seen.taken.length + 20
    await eventually('orders come again', () => seen.taken.length > until)
    await bed.visitors.stop()
    console.log(figures(seen, watch.times))
    expect(seen.failed).toEqual([])
    expect(seen.doubtful).toEqual([])
    expect(seen.turnedAway).toBeGreaterThan(0)
    expect(seen.sides['stand-in']).toBeGreaterThan(0)
    expect(seen.reads).toBeGreaterThan(before)
    expect((await bed.orders()).sort()).toEqual([...seen.taken].sort())
    expect(seen.reused / seen.requests).toBeGreaterThan(0.9)
  })

  test('read-write: what was ordered at the stand-in is counted by table, and is all that is missing SD-17', async () => {
    const bed = await startSmooth({ mode: 'read-write' })
    const watch = stopwatch()
    const { seen } = bed.visitors
    await eventually('orders come', () => seen.taken.length > 20)
    await stepAside(bed, watch)
    await migrate(bed)
    const aside = seen.taken.length + 20
    await eventually('orders come at the stand-in', () => seen.taken.length > aside)
    await bed.start('home')
    await done(bed.door.writes('shut', {}, listener()))
    const { lost } = await watch.lap('close', done(bed.database.close(detour, 'return', {}, listener())))
    const counted = await bed.database.lostWrites(detour, {}, listener().signal)
    const [atHome, atStandIn] = [await bed.orders(), await bed.orders(bed.postgres.standIn.url)]
    await comeHome(bed, watch)
    await bed.visitors.stop()
    console.log(figures(seen, watch.times))
    expect([seen.failed, seen.doubtful]).toEqual([[], []])
    const missing = atStandIn.filter((note) => !atHome.includes(note))
    expect(lost).toBe(String(missing.length))
    expect(missing.length).toBeGreaterThan(10)
    expect(counted).toEqual(found({ kind: 'counted', byTable: { 'public.orders': missing.length } }))
    expect([...new Set([...(await bed.orders()), ...missing])].sort()).toEqual([...seen.taken].sort())
  })

  test('back with the data by copying back: the failed migration is gone, and orders go on', async () => {
    const bed = await startSmooth({ revertBy: 'copy-back' })
    const watch = stopwatch()
    const { seen } = bed.visitors
    await eventually('orders come', () => seen.taken.length > 20)
    await stepAside(bed, watch)
    await query(bed.postgres.home.url, 'DROP TABLE orders')
    await watch.lap('revert', done(bed.database.close(detour, 'revert', {}, listener())))
    await bed.start('home')
    await done(bed.door.point('home', {}, listener()))
    await done(bed.door.drained('stand-in', {}, listener()))
    await bed.stop('stand-in')
    await done(bed.database.discard(detour, {}, listener()))
    await done(bed.door.writes('open', {}, listener()))
    const until = seen.taken.length + 20
    await eventually('orders come again', () => seen.taken.length > until)
    await bed.visitors.stop()
    console.log(figures(seen, watch.times))
    expect([seen.failed, seen.doubtful]).toEqual([[], []])
    expect((await bed.orders()).sort()).toEqual([...seen.taken].sort())
  })

  test('back with the data by promotion: the stand-in’s own connections become writable, and orders go on', async () => {
    const bed = await startSmooth()
    const watch = stopwatch()
    const { seen } = bed.visitors
    await eventually('orders come', () => seen.taken.length > 20)
    await stepAside(bed, watch)
    await query(bed.postgres.home.url, 'DROP TABLE orders')
    await watch.lap('revert', done(bed.database.close(detour, 'revert', {}, listener())))
    await done(bed.door.writes('open', {}, listener()))
    const until = seen.taken.length + 20
    await eventually('orders come again', () => seen.taken.length > until)
    await bed.visitors.stop()
    console.log(figures(seen, watch.times))
    expect([seen.failed, seen.doubtful]).toEqual([[], []])
    expect((await bed.orders(bed.postgres.standIn.url)).sort()).toEqual([...seen.taken].sort())
  })
})
