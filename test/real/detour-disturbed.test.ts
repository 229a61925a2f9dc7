import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { listener } from '../contracts/shell.contract.ts'
import { missingParts } from './bed/parts.ts'
import { type PostgresBed, query } from './bed/postgres.ts'
import { aBed, databaseOf, doneOf, id } from './bed/postgres-detour.ts'
import { aSmallDisk, type SmallDisk } from './bed/small-disk.ts'

vi.setConfig({ testTimeout: 120_000 })

const missing = missingParts('initdb', 'flock') !== null
const named = (bed: PostgresBed, data: string) => ({ standIn: { ...bed.recipe.standIn, data } })

describe.skipIf(missing)('the slot of a copy that is dropped behind a detour', () => {
  test('while it is copied: the copy fails, and another try makes it anew', async () => {
    const { bed, database } = await aBed()
    const opening = slowed(bed).open(id, {}, listener())
    await dropped(bed)
    expect(await opening).toMatchObject({
      kind: 'failed',
      failure: { what: expect.stringContaining('The copy by pg_basebackup') },
    })
    const seen = await database.observe(id, {}, listener().signal)
    expect(seen.standIn).toMatchObject({ value: 'partial' })
    await doneOf(database.open(id, {}, listener()))
  })

  test('while it waits: the stand-in never comes level, and writes wait for a second at most', async () => {
    const { bed, database } = await aBed()
    await doneOf(database.open(id, {}, listener()))
    await dropped(bed)
    await query(bed.home.url, "INSERT INTO orders (note) VALUES ('unseen')")
    const { position = '' } = await doneOf(database.fence(id, 'home', {}, listener()))
    const from = performance.now()
    expect(await database.level(id, position, {}, listener())).toMatchObject({
      kind: 'failed',
      failure: { code: 'detour-slot', next: expect.stringContaining('a new copy') },
    })
    expect(performance.now() - from).toBeLessThan(3_000)
    // A run that resumes finds the copy whole, and does not wait a minute for what never comes.
    expect(await databaseOf(bed, {}).open(id, {}, listener())).toMatchObject({
      failure: { code: 'detour-slot' },
    })
    expect(performance.now() - from).toBeLessThan(15_000)
  })
})

describe.skipIf(missing)('a disk that is nearly full', () => {
  test('at the place of the stand-in: the detour is refused, with the bytes', async ({ skip }) => {
    const disk = mounted(200) ?? skip('no disk can be mounted here')
    const { bed } = await aBed()
    const able = await databaseOf(bed, named(bed, join(disk.folder, 'stand-in'))).able(id, {}, listener())
    expect(able).toMatchObject({
      value: {
        refusals: [
          expect.stringMatching(
            /^A copy needs \d+ bytes where the stand-in will live, with room for the log, and \d+ are free\.$/,
          ),
        ],
      },
    })
  })

  test('to its last block: the space is told as none, and not as unknown', async ({ skip }) => {
    const disk = mounted(20) ?? skip('no disk can be mounted here')
    disk.fill(0)
    const { bed } = await aBed()
    const able = await databaseOf(bed, named(bed, join(disk.folder, 'stand-in'))).able(id, {}, listener())
    expect(able).toMatchObject({ value: { refusals: [expect.stringContaining('and 0 are free')] } })
  })

  test('next to home’s data: a detour that would copy back there is refused', async ({ skip }) => {
    const disk = mounted(200) ?? skip('no disk can be mounted here')
    const { bed } = await aBed()
    const able = await databaseOf(
      bed,
      { homeData: join(disk.folder, 'home') },
      { revertBy: 'copy-back' },
    ).able(id, {}, listener())
    expect(able).toMatchObject({
      value: {
        refusals: [
          expect.stringMatching(
            /^Copying back needs \d+ bytes beside home’s data, with room for the log, and \d+ are free\.$/,
          ),
        ],
      },
    })
  })

  test('during the copy: it fails with the words of the disk, and another try makes it anew', async ({
    skip,
  }) => {
    const disk = mounted(1_300) ?? skip('no disk can be mounted here')
    const { bed } = await aBed()
    const database = databaseOf(bed, named(bed, join(disk.folder, 'stand-in')))
    expect(await database.able(id, {}, listener())).toMatchObject({ value: { refusals: [] } })
    disk.fill(5)
    const said: string[] = []
    const watch = { ...listener(), line: (text: string) => void said.push(text) }
    expect(await database.open(id, {}, watch)).toMatchObject({ kind: 'failed' })
    expect(said.join('\n')).toContain('No space left on device')
    await query(bed.home.url, "INSERT INTO orders (note) VALUES ('goes on')")
    disk.empty()
    await doneOf(database.open(id, {}, listener()))
    await bed.program('pg_ctl', '-D', join(disk.folder, 'stand-in'), '-m', 'immediate', 'stop')
  })
})

function mounted(megabytes: number): SmallDisk | null {
  const disk = aSmallDisk(megabytes)
  if (disk !== null) onTestFinished(() => disk.close())
  return disk
}

/** Ends what reads from the slot of the detour, and drops it at once. */
async function dropped({ admin }: PostgresBed): Promise<void> {
  const ends =
    'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL'
  const drops = 'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active'
  const left = 'SELECT count(*)::int AS left FROM pg_replication_slots'
  await eventually('the slot is there', async () => (await query(admin, left))[0]?.left === 1)
  await eventually('it is dropped', async () => (await query(admin, ends, drops, left))[0]?.left === 0)
}

/** The same detour, whose copy is made at a megabyte a second. */
function slowed(bed: PostgresBed) {
  const programs = join(bed.folder, 'slow')
  mkdirSync(programs)
  const copies = `#!/bin/sh\n[ "$1" = --version ] || set -- --max-rate=1M "$@"\nexec ${bed.programs}/pg_basebackup "$@"\n`
  writeFileSync(join(programs, 'pg_basebackup'), copies, { mode: 0o755 })
  symlinkSync(join(bed.programs, 'pg_ctl'), join(programs, 'pg_ctl'))
  return databaseOf(bed, { programs })
}
