import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { absent, found } from '../../src/domain/reading.ts'
import type { DetourDatabase } from '../../src/pipeline/ports.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { detourDatabaseContract } from '../contracts/detour-database.contract.ts'
import { listener } from '../contracts/shell.contract.ts'
import { missingParts } from './bed/parts.ts'
import { type PostgresBed, query } from './bed/postgres.ts'
import { aBed, databaseOf, doneOf, id, toCut } from './bed/postgres-detour.ts'

vi.setConfig({ testTimeout: 180_000 })

const missing = missingParts('initdb', 'flock') !== null

describe.skipIf(missing)('the contract', () => {
  detourDatabaseContract('PostgreSQL', async () => {
    const { bed, database } = await aBed({ shape: { mode: 'read-write' } })
    const sides = { home: bed.home.url, 'stand-in': bed.standIn.url }
    return {
      database,
      variables: {},
      write: (side) =>
        query(sides[side], "SET lock_timeout = '300ms'", "INSERT INTO orders (note) VALUES ('x')").then(
          () => true,
          () => false,
        ),
      rows: async (side) => (await query(sides[side], 'SELECT FROM orders')).length,
      async lose() {
        await database.unfence(id, 'home', {}, listener())
        return databaseOf(bed, {}, { mode: 'read-write' })
      },
      async enter() {
        const client = await held(bed.standIn.url, 'SELECT 1')
        return () => client.end()
      },
    }
  })
})

describe.skipIf(missing)('a detour of a real PostgreSQL', () => {
  test('an ordinary database may take one, and the reasons of another are sentences', async () => {
    const { bed, database } = await aBed()
    expect(await database.able(id, {}, listener())).toMatchObject({
      kind: 'found',
      value: { refusals: [], facts: { address: `127.0.0.1:${bed.home.port}/shop` } },
    })
    const writer = await held(bed.home.url, 'BEGIN', "INSERT INTO orders (note) VALUES ('open')")
    await writer.query("PREPARE TRANSACTION 'invoice'")
    await query(bed.admin, 'CREATE DATABASE other', "ALTER SYSTEM SET synchronous_standby_names = '*'")
    await query(bed.home.url, 'CREATE UNLOGGED TABLE carts (id int)')
    await query(bed.admin, 'SELECT pg_reload_conf()')
    const able = await database.able(id, {}, listener())
    expect(able.kind === 'found' && able.value.refusals).toEqual([
      'A prepared transaction is open (invoice): its rows stay locked, and no fence would be got.',
      'Commits at home wait for any standby (synchronous_standby_names = *), so they would wait for the stand-in and hang after the cut.',
      'Unlogged tables are empty on a stand-in: public.carts.',
      'A copy is of the whole cluster, and it holds other databases: other.',
    ])
  })

  test('every verb does its part, in order, and what is seen afterwards says so', async () => {
    const { bed, database, see, done } = await aBed()
    expect(await see()).toMatchObject({ standIn: absent, follows: absent, fence: absent })
    await done(database.open(id, {}, listener()))
    expect(await see()).toMatchObject({
      standIn: found('running'),
      follows: found(true),
      frozenAt: absent,
      writable: { home: found('open'), 'stand-in': found('impossible') },
      timeline: { home: found('1'), 'stand-in': found('1') },
    })

    const { position = '' } = await done(database.fence(id, 'home', {}, listener()))
    expect(await see()).toMatchObject({ fence: found('home'), writable: { home: found('fenced') } })
    await done(database.level(id, position, {}, listener()))
    const cut = await done(database.cut(id, {}, listener()))
    expect(await see()).toMatchObject({ follows: found(false), frozenAt: found(cut.position) })
    await done(database.harden(id, {}, listener()))
    expect(await see()).toMatchObject({ fence: absent, sessions: { home: found(0) } })
    expect(await query(bed.admin, 'SELECT slot_name FROM pg_replication_slots')).toEqual([])

    await query(bed.home.url, "INSERT INTO orders (note) VALUES ('after')")
    expect(await done(database.close(id, 'return', {}, listener()))).toMatchObject({
      lost: '0',
      cut: cut.position,
    })
    await done(database.discard(id, {}, listener()))
    await done(database.discard(id, {}, listener()))
    expect(existsSync(bed.standIn.data) || existsSync(`${bed.standIn.data}.rollgate`)).toBe(false)
    expect(await query(bed.home.url, 'SELECT note FROM orders ORDER BY id')).toEqual([
      { note: 'first' },
      { note: 'after' },
    ])
  })

  test('a writer that is at work keeps the fence away, and is named', async () => {
    const { bed, database } = await aBed({ recipe: { lockTimeout: 300 } })
    const writer = await held(bed.home.url, 'BEGIN', "INSERT INTO orders (note) VALUES ('slow')")
    const { pid } = (await writer.query('SELECT pg_backend_pid() AS pid')).rows[0]
    const started = Date.now()
    const refused = await database.fence(id, 'home', {}, listener())
    expect(refused).toMatchObject({
      kind: 'failed',
      failure: {
        code: 'detour-fence',
        what: expect.stringContaining(`process ${pid} of shop (nightly, from 127.0.0.1)`),
      },
    })
    expect(Date.now() - started).toBeLessThan(3000)
    await writer.query('COMMIT')
    expect(await database.fence(id, 'home', {}, listener())).toMatchObject({ kind: 'done' })
  })

  test('a writer of several tables ends well beside a fence that waits for it, and the fence is got', async () => {
    const { bed, database } = await aBed()
    const writer = await held(bed.home.url, 'BEGIN', 'INSERT INTO stock VALUES (1)')
    const fencing = database.fence(id, 'home', {}, listener())
    await eventually('the fence waits', async () =>
      Boolean((await query(bed.admin, 'SELECT count(*) > 0 AS yes FROM pg_locks WHERE NOT granted'))[0]?.yes),
    )
    await writer.query("INSERT INTO orders (note) VALUES ('both')")
    await writer.query('COMMIT')
    expect(await fencing).toMatchObject({ kind: 'done' })
    expect(await query(bed.home.url, 'SELECT note FROM orders')).toHaveLength(2)
  })

  test('a fence lets reads pass and keeps every role from writing, until it is taken away', async () => {
    const { bed, database, done } = await aBed()
    await done(database.fence(id, 'home', {}, listener()))
    expect(await query(bed.home.url, 'SELECT note FROM orders')).toHaveLength(1)
    for (const url of [bed.home.url, bed.admin])
      await expect(
        query(url, "SET lock_timeout = '100ms'", "INSERT INTO orders (note) VALUES ('x')"),
      ).rejects.toThrow('lock timeout')
    await done(database.unfence(id, 'home', {}, listener()))
    await query(bed.home.url, "INSERT INTO orders (note) VALUES ('x')")
  })

  test('a fence whose session was ended is seen to be gone, and nothing is cut without it', async () => {
    const { bed, database, see, done } = await aBed()
    await done(database.open(id, {}, listener()))
    await done(database.fence(id, 'home', {}, listener()))
    await query(
      bed.admin,
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE '% fence'",
    )
    expect(await see()).toMatchObject({ fence: absent })
    expect(await database.cut(id, {}, listener())).toMatchObject({
      kind: 'failed',
      failure: { what: expect.stringContaining('is gone') },
    })
    expect(await see()).toMatchObject({ follows: found(true) })
    await done(database.fence(id, 'home', {}, listener()))
    await query(bed.admin, 'CREATE TABLE late (id int)')
    expect(await database.cut(id, {}, listener())).toMatchObject({
      kind: 'failed',
      failure: { what: expect.stringContaining('does not cover every table') },
    })
  })

  test('a cut holds over a restart with an archive at hand, and is no pause of the replay', async () => {
    const { bed, database, see, done } = await aBed({
      settings:
        "archive_mode = on\narchive_command = 'cp %p ../archive/%f'\nrestore_command = 'cp ../archive/%f %p'",
    })
    await toCut(database, done)
    const [paused] = await query(bed.standIn.url, 'SELECT pg_get_wal_replay_pause_state() AS state')
    expect(paused).toEqual({ state: 'not paused' })
    const before = await see()
    await done(database.unfence(id, 'home', {}, listener()))
    await query(bed.home.url, "INSERT INTO orders (note) VALUES ('after')")
    await query(bed.admin, 'SELECT pg_switch_wal()', 'CHECKPOINT')
    await bed.program(
      'pg_ctl',
      '-D',
      bed.standIn.data,
      '-l',
      join(bed.standIn.data, 'log'),
      '-w',
      '-m',
      'fast',
      'restart',
    )
    await query(bed.admin, 'SELECT pg_switch_wal()')
    await eventually('home has archived', async () =>
      Boolean((await query(bed.admin, 'SELECT archived_count > 0 AS yes FROM pg_stat_archiver'))[0]?.yes),
    )
    expect((await see()).frozenAt).toEqual(before.frozenAt)
    expect(await query(bed.standIn.url, 'SELECT note FROM orders')).toHaveLength(1)
  })

  test('a cut is undone as long as home keeps the log, and no longer', async () => {
    const { bed, database, see, done } = await aBed()
    await toCut(database, done)
    await done(database.rejoin(id, {}, listener()))
    await done(database.unfence(id, 'home', {}, listener()))
    expect(await see()).toMatchObject({ follows: found(true), frozenAt: absent })
    await query(bed.home.url, "INSERT INTO orders (note) VALUES ('followed')")
    await eventually(
      'it arrives',
      async () => (await query(bed.standIn.url, 'SELECT FROM orders')).length === 2,
    )
    await toCut(database, done)
    await done(database.harden(id, {}, listener()))
    expect(await database.rejoin(id, {}, listener())).toMatchObject({
      kind: 'failed',
      failure: { code: 'detour-slot' },
    })
  })

  test('a stopped stand-in is started again before the cut, and keeps its cut after it', async () => {
    const { bed, database, see, done } = await aBed()
    const stop = () => bed.program('pg_ctl', '-D', bed.standIn.data, '-m', 'fast', '-w', 'stop')
    await done(database.open(id, {}, listener()))
    await stop()
    expect(await see()).toMatchObject({ standIn: found('stopped'), follows: absent, frozenAt: absent })
    await toCut(database, done)
    const { frozenAt } = await see()
    await stop()
    expect(await see()).toMatchObject({ standIn: found('stopped'), follows: found(false), frozenAt })
    await done(database.open(id, {}, listener()))
    expect(await see()).toMatchObject({ standIn: found('running'), follows: found(false), frozenAt })
  })

  test('nothing is hardened before the cut', async () => {
    const { bed, database, done } = await aBed()
    await done(database.open(id, {}, listener()))
    expect(await database.harden(id, {}, listener())).toMatchObject({
      kind: 'failed',
      failure: { code: 'detour-cut' },
    })
    expect(await query(bed.standIn.url, 'SELECT note FROM orders')).toHaveLength(1)
  })

  test('a writer that waits at the fence is turned away by the hardening, and writes nothing', async () => {
    const { bed, database, done } = await aBed()
    await toCut(database, done)
    const waiting = query(bed.home.url, "INSERT INTO orders (note) VALUES ('waits')")
    waiting.catch(() => {})
    await eventually('it waits', async () =>
      Boolean((await query(bed.admin, 'SELECT count(*) > 0 AS yes FROM pg_locks WHERE NOT granted'))[0]?.yes),
    )
    await done(database.harden(id, {}, listener()))
    await expect(waiting).rejects.toThrow('terminat')
    expect(await query(bed.home.url, 'SELECT note FROM orders')).toEqual([{ note: 'first' }])
  })

  test('a copy that broke off is begun anew, and a folder of others is left alone', async () => {
    const { bed, database, see, done } = await aBed()
    const aborting = new AbortController()
    const opening = slowly(bed).open(id, {}, { ...listener(), signal: aborting.signal })
    await eventually('the copy has begun', () => existsSync(bed.standIn.data))
    aborting.abort()
    expect(await opening).toMatchObject({ kind: 'failed' })
    expect(await see()).toMatchObject({ standIn: found('partial') })
    await done(database.open(id, {}, listener()))
    await done(database.open(id, {}, listener()))
    expect(await see()).toMatchObject({ standIn: found('running'), follows: found(true) })
    expect(await database.open('shop-production-8', {}, listener())).toMatchObject({
      kind: 'failed',
      failure: { code: 'detour-foreign' },
    })
    expect(await database.discard('shop-production-8', {}, listener())).toMatchObject({ kind: 'failed' })
    expect(await see()).toMatchObject({ standIn: found('running') })
  })

  test('a stand-in with sessions is not taken away', async () => {
    const { bed, database, done } = await aBed()
    await toCut(database, done)
    const reader = await held(bed.standIn.url, 'SELECT 1')
    expect(await database.discard(id, {}, listener())).toMatchObject({
      kind: 'failed',
      failure: { code: 'detour-sessions' },
    })
    await reader.end()
    await done(database.discard(id, {}, listener()))
  })

  test('a stand-in that still follows home is taken away with its slot', async () => {
    const { bed, database, see, done } = await aBed()
    await done(database.open(id, {}, listener()))
    await done(database.discard(id, {}, listener()))
    expect((await see()).standIn).toEqual(absent)
    expect(await query(bed.admin, 'SELECT slot_name FROM pg_replication_slots')).toEqual([])
  })

  test('settings that lie outside home’s data folder come along', async () => {
    const { bed, database, done } = await aBed({ outside: true, settings: 'work_mem = 5MB' })
    await done(database.open(id, {}, listener()))
    expect(await query(bed.standIn.url, 'SHOW work_mem')).toEqual([{ work_mem: '5MB' }])
  })

  test('an address that leads nowhere is unknown, and never absent', async () => {
    const { bed, database, see } = await aBed()
    await bed.program('pg_ctl', '-D', bed.home.data, '-m', 'immediate', 'stop')
    const seen = await see()
    for (const reading of [seen.position.home, seen.writable.home, seen.fence, seen.sessions.home])
      expect(reading).toMatchObject({
        kind: 'unknown',
        why: { what: expect.stringContaining('cannot be reached') },
      })
    expect(JSON.stringify(await database.able(id, {}, listener()))).not.toContain('secret')
  })
})

describe.skipIf(missing)('a way back with the data', () => {
  test('by promotion the stand-in is home, with the rows of the safe point, and is not discarded', async () => {
    const { bed, database, see, done } = await aBed()
    await toCut(database, done)
    await done(database.harden(id, {}, listener()))
    await query(bed.home.url, 'DROP TABLE orders')
    const { address, kept = '' } = await done(database.close(id, 'revert', {}, listener()))
    expect(address).toBe(`127.0.0.1:${bed.standIn.port}/shop`)
    expect((await see()).address).toEqual(found(address))
    await query(bed.standIn.url, "INSERT INTO orders (note) VALUES ('goes on')")
    expect(await done(database.discard(id, {}, listener()))).toEqual({ copy: 'kept: it is home now' })
    const discard = () => database.discardFailedHome(id, kept, {}, listener())
    expect(await discard()).toMatchObject({ failure: { what: expect.stringContaining('server works on') } })
    await bed.program('pg_ctl', '-D', bed.home.data, '-w', 'stop')
    await removed(database, bed, kept)
    expect(await query(bed.standIn.url, 'SELECT note FROM orders ORDER BY id')).toEqual([
      { note: 'first' },
      { note: 'goes on' },
    ])
  })

  test('by promotion of a stand-in that took writes keeps them, and no log for their count', async () => {
    const { bed, database, done } = await aBed({ shape: { mode: 'read-write' } })
    await toCut(database, done)
    await done(database.harden(id, {}, listener()))
    await done(database.unfence(id, 'stand-in', {}, listener()))
    await query(bed.standIn.url, "INSERT INTO orders (note) VALUES ('meanwhile')")
    for (let times = 0; times < 2; times += 1) await done(database.close(id, 'revert', {}, listener()))
    expect(await query(bed.standIn.url, 'SELECT note FROM orders ORDER BY id')).toHaveLength(2)
    const admin = bed.admin.replace(`:${bed.home.port}/`, `:${bed.standIn.port}/`)
    expect(await query(admin, 'SELECT slot_name FROM pg_replication_slots')).toEqual([])
  })

  test('a failed home that follows the database in its place by now is not removed', async () => {
    const { bed, database, done } = await aBed()
    await toCut(database, done)
    await done(database.harden(id, {}, listener()))
    const { kept = '' } = await done(database.close(id, 'revert', {}, listener()))
    await bed.program('pg_ctl', '-D', bed.home.data, '-w', 'stop')
    const mark = join(kept, '.rollgate-failed')
    const [detour = ''] = readFileSync(mark, 'utf8').split(' ')
    writeFileSync(mark, `${detour} 1\n`)
    expect(await database.discardFailedHome(id, kept, {}, listener())).toMatchObject({
      failure: { what: expect.stringContaining('joined the timeline') },
    })
    writeFileSync(mark, 'another 2\n')
    expect(await database.failedHome(id, kept, {}, listener().signal)).toEqual(absent)
    expect(existsSync(join(kept, 'PG_VERSION'))).toBe(true)
  })

  test.each([false, true])(
    'by copying back home keeps its address (settings outside: %s)',
    async (outside) => {
      const { bed, database, see, done } = await aBed({
        shape: { revertBy: 'copy-back' },
        ...(outside ? { outside } : {}),
      })
      await toCut(database, done)
      await done(database.harden(id, {}, listener()))
      await query(bed.home.url, 'DROP TABLE orders')
      await done(database.close(id, 'revert', {}, listener()))
      const { kept = '' } = await done(database.close(id, 'revert', {}, listener()))
      expect((await see()).address).toEqual(found(`127.0.0.1:${bed.home.port}/shop`))
      await query(bed.home.url, "INSERT INTO orders (note) VALUES ('goes on')")
      await done(database.discard(id, {}, listener()))
      await removed(database, bed, kept)
      expect(await query(bed.home.url, 'SELECT note FROM orders ORDER BY id')).toEqual([
        { note: 'first' },
        { note: 'goes on' },
      ])
      expect(existsSync(bed.standIn.data)).toBe(false)
    },
  )

  test('a copy back that a lost run has left at work is never disturbed by the next run', async () => {
    const { bed, database, see, done } = await aBed({ shape: { revertBy: 'copy-back' } })
    await toCut(database, done)
    await done(database.harden(id, {}, listener()))
    await query(bed.home.url, 'DROP TABLE orders')
    const runs = Array.from({ length: 3 }, () => databaseOf(bed, {}, { revertBy: 'copy-back' }))
    const ends = await Promise.all(runs.map((run) => run.close(id, 'revert', {}, listener())))
    expect(ends.some(({ kind }) => kind === 'done')).toBe(true)
    for (const end of ends.filter(({ kind }) => kind === 'failed'))
      expect(JSON.stringify(end)).toContain('another run still works on the folders')
    await done(database.close(id, 'revert', {}, listener()))
    expect((await see()).address).toEqual(found(`127.0.0.1:${bed.home.port}/shop`))
    expect(await query(bed.home.url, 'SELECT note FROM orders')).toEqual([{ note: 'first' }])
    expect(readdirSync(bed.home.data).filter((name) => name.includes('home'))).toEqual([])
    await Promise.all(runs.map((run) => run.discard(id, {}, listener())))
    await done(database.discard(id, {}, listener()))
    expect(existsSync(bed.standIn.data) || existsSync(`${bed.standIn.data}.rollgate`)).toBe(false)
  })

  test('a stand-in that was promoted by another hand is not taken for where it was frozen', async () => {
    const { bed, database, done } = await aBed()
    await toCut(database, done)
    await bed.program('pg_ctl', '-D', bed.standIn.data, '-w', 'promote')
    for (const way of ['return', 'revert', 'revert-code'] as const)
      expect(await database.close(id, way, {}, listener())).toMatchObject({
        kind: 'failed',
        failure: { code: 'detour-moved', what: expect.stringContaining('out of recovery') },
      })
  })
})

describe.skipIf(missing)('a stand-in that is opened for writes', () => {
  test('its writes are counted by table: committed rows alone, savepoints and copies among them', async () => {
    const { bed, database, see, done } = await aBed({ shape: { mode: 'read-write' } })
    expect(await database.lostWrites(id, {}, listener().signal)).toEqual(absent)
    await toCut(database, done)
    await done(database.unfence(id, 'stand-in', {}, listener()))
    expect(await see()).toMatchObject({
      writable: { 'stand-in': found('open') },
      timeline: { 'stand-in': found('2') },
    })
    await query(
      bed.standIn.url,
      ...Array.from({ length: 5 }, (_, row) => `INSERT INTO orders (note) VALUES ('${row}')`),
      "BEGIN; INSERT INTO orders (note) VALUES ('undone'); ROLLBACK",
      "BEGIN; SAVEPOINT a; INSERT INTO orders (note) VALUES ('saved'); RELEASE a; COMMIT",
      "UPDATE orders SET note = 'changed' WHERE note = 'saved'",
      "DELETE FROM orders WHERE note = 'first'",
      'INSERT INTO stock SELECT generate_series(1, 500)',
    )
    expect(await database.lostWrites(id, {}, listener().signal)).toEqual(
      found({ kind: 'counted', byTable: { 'public.orders': 8, 'public.stock': 500 } }),
    )
    expect(await done(database.close(id, 'return', {}, listener()))).toMatchObject({
      opened: expect.stringMatching(/^0\//),
    })
    expect(await see()).toMatchObject({ fence: found('stand-in') })
  })

  test('a table that was made or emptied is named, though the log has none of its rows', async () => {
    const { bed, database, done } = await aBed({ shape: { mode: 'read-write' } })
    await toCut(database, done)
    await done(database.unfence(id, 'stand-in', {}, listener()))
    await query(bed.standIn.url, 'TRUNCATE orders', 'CREATE TABLE carts (id int PRIMARY KEY, words text)')
    await query(bed.standIn.url, 'BEGIN; TRUNCATE stock; ROLLBACK')
    expect(await database.lostWrites(id, {}, listener().signal)).toEqual(
      found({
        kind: 'counted',
        byTable: {
          'public.carts (made, emptied or rewritten)': 1,
          'public.orders (made, emptied or rewritten)': 1,
        },
      }),
    )
  })

  test('without pg_walinspect it is a bound, which says so', async () => {
    const { bed, database, done } = await aBed({ shape: { mode: 'read-write' } })
    const limited = databaseOf(
      bed,
      {},
      { mode: 'read-write' },
      {
        DATABASE_ADMIN: bed.admin.replace('postgres:secret', 'copier:copier'),
      },
    )
    await query(
      bed.admin,
      "CREATE ROLE copier LOGIN REPLICATION PASSWORD 'copier' IN ROLE shop, pg_monitor, pg_signal_backend, pg_read_all_settings",
      'GRANT ALTER SYSTEM ON PARAMETER primary_conninfo, primary_slot_name, restore_command TO copier',
      'GRANT EXECUTE ON FUNCTION pg_reload_conf(), pg_promote(boolean, integer) TO copier',
    )
    await toCut(limited, done)
    await done(limited.unfence(id, 'stand-in', {}, listener()))
    await query(bed.standIn.url, "INSERT INTO orders (note) VALUES ('x')")
    expect(await database.lostWrites(id, {}, listener().signal)).toMatchObject({ value: { kind: 'counted' } })
    expect(await limited.lostWrites(id, {}, listener().signal)).toMatchObject({
      value: { kind: 'at-most', why: expect.stringContaining('rolled back as well') },
    })
  })
})

/** Removes a failed home, of which a lost run has removed a part. */
async function removed(database: DetourDatabase, { home }: PostgresBed, kept: string): Promise<void> {
  const { signal } = listener()
  expect(kept.startsWith(home.data)).toBe(true)
  expect(await database.failedHome(id, kept, {}, signal)).toEqual(found(kept))
  renameSync(kept, `${kept}.removing-${id}`)
  expect(await database.failedHome(id, kept, {}, signal)).toEqual(found(kept))
  await doneOf(database.discardFailedHome(id, kept, {}, listener()))
  expect(await database.failedHome(id, kept, {}, signal)).toEqual(absent)
  expect([existsSync(kept), existsSync(`${kept}.removing-${id}`)]).toEqual([false, false])
}

/** The same with a copy that begins and does not end. */
function slowly(bed: PostgresBed): DetourDatabase {
  const programs = join(bed.folder, 'slow')
  mkdirSync(programs)
  writeFileSync(
    join(programs, 'pg_basebackup'),
    '#!/bin/sh\n[ "$1" = --version ] || { mkdir "$2"; exec sleep 60; }\n',
    { mode: 0o755 },
  )
  symlinkSync(join(bed.programs, 'pg_ctl'), join(programs, 'pg_ctl'))
  return databaseOf(bed, { programs })
}

/** A connection of an application that stays. */
async function held(url: string, ...statements: readonly string[]): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'nightly' })
  client.on('error', () => {})
  onTestFinished(() => client.end().catch(() => {}))
  await client.connect()
  for (const statement of statements) await client.query(statement)
  return client
}
