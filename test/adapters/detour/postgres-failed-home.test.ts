import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import { keepInPlace } from '../../../src/adapters/detour/postgres/failed-home.ts'
import type { PostgresMeans, PostgresWork } from '../../../src/adapters/detour/postgres/means.ts'
import { createPostgresDetour } from '../../../src/adapters/detour/postgres.ts'
import type { PostgresDetour } from '../../../src/domain/config/detour-recipe.ts'
import { absent, found } from '../../../src/domain/reading.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { realShell, scratch } from '../real-shell.ts'
import { whyNot } from './command-bed.ts'

const id = 'shop-production-7'

/** The folder of a home on timeline 1, with a program that tells it. */
function setUp(change: Partial<PostgresDetour> = {}) {
  const folder = scratch()
  const [data, programs] = [join(folder, 'home'), join(folder, 'bin')]
  for (const made of [data, programs]) mkdirSync(made)
  writeFileSync(join(data, 'PG_VERSION'), '15\n')
  const telling = (timeline: string) =>
    writeFileSync(
      join(programs, 'pg_controldata'),
      `#!/bin/sh\necho "Latest checkpoint's TimeLineID:       ${timeline}"\necho "Latest checkpoint's PrevTimeLineID:   9"\n`,
      { mode: 0o755 },
    )
  telling('1')
  const recipe: PostgresDetour = {
    ...{ kind: 'postgres', home: 'DATABASE_ADMIN', replication: null, homeData: data, programs, on: null },
    standIn: { data: join(folder, 'stand-in'), port: 5433, host: '127.0.0.1', sockets: null },
    ...{ lockTimeout: 2_000, acknowledgeOthers: false },
    ...change,
  }
  const env = { DATABASE_ADMIN: 'postgres://admin:secret@db.example:5432/shop' }
  const means: PostgresMeans = { clock: createClock(), programs: realShell().shell, env }
  const database = createPostgresDetour(recipe, { mode: 'read-only', revertBy: 'promote' }, means)
  const { signal } = listener()
  const work = { ...means, recipe, id, variables: {}, signal, say() {} } as unknown as PostgresWork
  return {
    ...{ data, telling },
    keep: () => keepInPlace(work, '2'),
    seen: (where: string) => database.failedHome(id, where, {}, signal),
    discard: (where: string) => database.discardFailedHome(id, where, {}, listener()),
  }
}

describe('a failed home of PostgreSQL', () => {
  test('that stayed in its folder is marked there, removed, and gone however often it is asked', async () => {
    const { data, keep, seen, discard } = setUp()
    expect(await keep()).toBe(data)
    expect(await seen(data)).toEqual(found(data))
    for (let times = 0; times < 2; times += 1) expect(whyNot(await discard(data))).toBe('done')
    expect([await seen(data), existsSync(data)]).toEqual([absent, false])
  })

  test('half removed by a lost run is removed to the end, and a new folder in its place stays', async () => {
    const { data, keep, seen, discard } = setUp()
    await keep()
    renameSync(data, `${data}.removing-${id}`)
    mkdirSync(data)
    expect(await seen(data)).toEqual(found(data))
    expect(whyNot(await discard(data))).toBe('done')
    expect([await seen(data), existsSync(data), existsSync(`${data}.removing-${id}`)]).toEqual([
      absent,
      true,
      false,
    ])
  })

  test.each([
    [
      'with a server',
      (data: string) => writeFileSync(join(data, 'postmaster.pid'), '1\n'),
      '1',
      /server works on/,
    ],
    ['on the timeline of the database in its place', () => {}, '2', /joined the timeline/],
    ['whose timeline is not told', () => {}, '', /Removing the failed home failed/],
  ])('%s is not removed', async (_, change, timeline, why) => {
    const { data, telling, keep, discard } = setUp()
    await keep()
    change(data)
    telling(timeline)
    expect(whyNot(await discard(data))).toMatch(why)
    expect(existsSync(join(data, 'PG_VERSION'))).toBe(true)
  })

  test('without the mark of its detour is another database, and stays', async () => {
    const { data, keep, seen } = setUp()
    expect(await seen(data)).toEqual(absent)
    await keep()
    const mark = join(data, '.rollgate-failed')
    expect(readFileSync(mark, 'utf8')).toBe(`${id} 2\n`)
    writeFileSync(mark, 'shop-production-5 2\n')
    expect(await seen(data)).toEqual(absent)
  })

  test('is known by its address where the config names no folder, and cannot be removed there', async () => {
    const { keep, seen, discard } = setUp({ homeData: null })
    const where = await keep()
    expect(where).toBe('db.example:5432/shop')
    expect(await seen(where)).toMatchObject({ kind: 'unknown' })
    expect(whyNot(await discard(where))).toContain('names no folder')
  })

  test('in a folder that cannot be listed is unknown, and not gone', async () => {
    const folder = join(scratch(), 'not-mounted', 'home')
    const { seen, discard } = setUp({ homeData: folder })
    expect(await seen(folder)).toMatchObject({ kind: 'unknown' })
    expect(whyNot(await discard(folder))).toContain('Removing the failed home failed')
  })

  test('with a mark that cannot be read is unknown, and not gone', async () => {
    const { data, seen, discard } = setUp()
    mkdirSync(join(data, '.rollgate-failed'), { recursive: true })
    expect(await seen(data)).toMatchObject({ kind: 'unknown' })
    expect(whyNot(await discard(data))).toContain('Removing the failed home failed')
    expect(existsSync(data)).toBe(true)
  })

  test('at another place than the config names is not touched', async () => {
    const { data, discard } = setUp()
    mkdirSync(`${data}-old`)
    expect(whyNot(await discard(`${data}-old`))).toContain('was kept at')
    expect(existsSync(`${data}-old`)).toBe(true)
  })
})
