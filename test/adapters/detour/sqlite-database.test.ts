import { existsSync, linkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createSqliteDatabase } from '../../../src/adapters/detour/sqlite/database.ts'
import type { DetourDeed } from '../../../src/domain/detour/deed.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { scratch } from '../real-shell.ts'
import { whyNot } from './command-bed.ts'

const signal = new AbortController().signal

function setUp() {
  const folder = scratch()
  const [home, standIn] = [join(folder, 'home.db'), join(folder, 'stand-in.db')]
  const open = (file: string): DatabaseSync => {
    const database = new DatabaseSync(file, { timeout: 100 })
    onTestFinished(() => database.close())
    return database
  }
  const app = open(home)
  app.exec(`PRAGMA journal_mode = WAL; CREATE TABLE wishes (id INTEGER PRIMARY KEY, text TEXT);
    INSERT INTO wishes (text) VALUES ('tea')`)
  const recipe = { kind: 'sqlite', home: '$FOLDER/home.db', standIn: '$FOLDER/stand-in.db' } as const
  const another = () => createSqliteDatabase(recipe)
  const variables = { FOLDER: folder }
  const database = another()
  const observe = () => database.observe('d', variables, signal)
  const position = (deed: DetourDeed): string => (deed.kind === 'done' ? (deed.evidence.position ?? '') : '')
  async function cut(): Promise<string> {
    await database.open('d', variables, listener())
    const at = position(await database.fence('d', 'home', variables, listener()))
    await database.level('d', at, variables, listener())
    expect(whyNot(await database.cut('d', variables, listener()))).toBe('done')
    return at
  }
  return { folder, home, standIn, open, app, another, database, variables, observe, position, cut }
}

const wish = (database: DatabaseSync, text: string): void =>
  void database.prepare('INSERT INTO wishes (text) VALUES (?)').run(text)
const wishesIn = (database: DatabaseSync): unknown[] =>
  database
    .prepare('SELECT text FROM wishes ORDER BY id')
    .all()
    .map(({ text }) => text)

describe('a detour of SQLite files', () => {
  test('the copy is read only by the word of the engine: no option of a connection gets past it', async () => {
    const { database, variables, standIn, open, observe } = setUp()
    expect(await database.open('d', variables, listener())).toMatchObject({ kind: 'done' })
    const copy = open(standIn)
    copy.exec('PRAGMA query_only = OFF')
    expect(() => wish(copy, 'no')).toThrow('attempt to write a readonly database')
    expect(wishesIn(copy)).toEqual(['tea'])
    expect(await observe()).toMatchObject({
      standIn: { value: 'running' },
      follows: { value: true },
      writable: { home: { value: 'open' }, 'stand-in': { value: 'impossible' } },
    })
  })

  test('a fence shuts writers out and lets readers in; without it writes go on', async () => {
    const { database, variables, app, observe } = setUp()
    await database.open('d', variables, listener())
    await database.fence('d', 'home', variables, listener())
    expect(() => wish(app, 'late')).toThrow('database is locked')
    expect(wishesIn(app)).toEqual(['tea'])
    expect(await observe()).toMatchObject({
      fence: { value: 'home' },
      writable: { home: { value: 'fenced' } },
    })
    await database.unfence('d', 'home', variables, listener())
    wish(app, 'again')
    expect(wishesIn(app)).toEqual(['tea', 'again'])
  })

  test('files of a folder that cannot be listed are not gone: nothing is known of them', async () => {
    const { database, home, standIn } = setUp()
    const away = { FOLDER: join(dirname(home), 'unmounted') }
    const { standIn: copy, position } = await database.observe('d', away, signal)
    expect([copy.kind, position.home.kind, position['stand-in'].kind]).toEqual(Array(3).fill('unknown'))
    expect((await database.failedHome('d', `${home}.failed-d`, away, signal)).kind).toBe('unknown')
    expect(whyNot(await database.discard('d', away, listener()))).toMatch(/could not remove the copy/)
    expect(existsSync(standIn)).toBe(false)
  })

  test('a writer in flight keeps the fence from being taken', async () => {
    const { database, variables, app, observe } = setUp()
    await database.open('d', variables, listener())
    app.exec('BEGIN IMMEDIATE')
    expect(whyNot(await database.fence('d', 'home', variables, listener()))).toMatch(/database is locked/)
    expect((await observe()).writable.home.kind).toBe('unknown')
    expect((await observe()).fence.kind).toBe('unknown')
  })

  test('a row that was written after the copy is in it once it is level', async () => {
    const { database, variables, app, standIn, open, position } = setUp()
    await database.open('d', variables, listener())
    wish(app, 'rope')
    const at = position(await database.fence('d', 'home', variables, listener()))
    expect(await database.level('d', at, variables, listener())).toEqual({
      kind: 'done',
      evidence: { position: at },
    })
    expect(wishesIn(open(standIn))).toEqual(['tea', 'rope'])
  })

  test('the cut needs the fence of this run, and both files at one position', async () => {
    const { database, variables, app } = setUp()
    await database.open('d', variables, listener())
    expect(whyNot(await database.cut('d', variables, listener()))).toMatch(/fence of home is not held/)
    wish(app, 'rope')
    await database.fence('d', 'home', variables, listener())
    expect(whyNot(await database.cut('d', variables, listener()))).toMatch(/home is at .*, and the copy at/)
  })

  test('a cut copy shows none of the migration, and another run sees where it was frozen', async () => {
    const { database, variables, app, standIn, open, another, cut } = setUp()
    const at = await cut()
    expect(await database.harden('d', variables, listener())).toMatchObject({ kind: 'done' })
    app.exec('ALTER TABLE wishes ADD COLUMN price INTEGER')
    expect(await database.level('d', at, variables, listener())).toMatchObject({ kind: 'done' })
    expect(open(standIn).prepare('SELECT * FROM wishes').all()).toEqual([{ id: 1, text: 'tea' }])
    expect(await another().observe('d', variables, signal)).toMatchObject({
      follows: { value: false },
      frozenAt: { value: at },
      position: { 'stand-in': { value: at } },
      fence: { kind: 'absent' },
    })
  })

  test('a copy that stands where it was frozen proves that nothing was lost', async () => {
    const { database, variables, app, standIn, cut } = setUp()
    const at = await cut()
    await database.harden('d', variables, listener())
    app.exec('ALTER TABLE wishes ADD COLUMN price INTEGER')
    expect(await database.close('d', 'return', variables, listener())).toEqual({
      kind: 'done',
      evidence: { 'position.stand-in': at, 'frozen-at': at, 'writable.home': 'open' },
    })
    const meddler = new DatabaseSync(`${standIn}.x`)
    meddler.exec('CREATE TABLE other (id INTEGER)')
    meddler.close()
    writeFileSync(standIn, await import('node:fs').then((fs) => fs.readFileSync(`${standIn}.x`)))
    expect(whyNot(await database.close('d', 'return', variables, listener()))).toMatch(/was frozen at/)
  })

  test('writes that a copy took are fenced and counted by table', async () => {
    const { database, variables, standIn, open, cut } = setUp()
    await cut()
    expect(await database.lostWrites('d', variables, signal)).toEqual({ kind: 'absent' })
    expect(await database.unfence('d', 'stand-in', variables, listener())).toMatchObject({ kind: 'done' })
    const visitor = open(standIn)
    wish(visitor, 'one')
    wish(visitor, 'two')
    visitor.exec(`UPDATE wishes SET text = 'coffee' WHERE text = 'tea'`)
    expect(await database.close('d', 'return', variables, listener())).toMatchObject({ kind: 'done' })
    expect(() => wish(visitor, 'three')).toThrow('database is locked')
    expect(await database.lostWrites('d', variables, signal)).toEqual({
      kind: 'found',
      value: { kind: 'counted', byTable: { wishes: 3 } },
    })
  })

  test('home is the safe point again, and the failed database is kept', async () => {
    const { database, variables, app, home, open, cut } = setUp()
    await cut()
    await database.harden('d', variables, listener())
    app.exec('ALTER TABLE wishes RENAME TO hopes')
    expect(await database.close('d', 'revert', variables, listener())).toMatchObject({ kind: 'done' })
    const again = open(home)
    wish(again, 'rope')
    expect(wishesIn(again)).toEqual(['tea', 'rope'])
    expect(open(`${home}.failed-d`).prepare('SELECT text FROM hopes').all()).toHaveLength(1)
  })

  test('the failed database is removed by name, once, and home is left alone', async () => {
    const { database, variables, app, home, open, cut } = setUp()
    await cut()
    await database.harden('d', variables, listener())
    app.exec('ALTER TABLE wishes RENAME TO hopes')
    const closed = await database.close('d', 'revert', variables, listener())
    const kept = `${home}.failed-d`
    expect(closed).toMatchObject({ evidence: { kept } })
    const seen = () => database.failedHome('d', kept, variables, signal)
    expect(await seen()).toEqual({ kind: 'found', value: kept })
    expect(await database.failedHome('e', kept, variables, signal)).toEqual({ kind: 'absent' })
    for (let times = 0; times < 2; times += 1)
      expect(await database.discardFailedHome('d', kept, variables, listener())).toMatchObject({
        kind: 'done',
      })
    expect([await seen(), existsSync(kept)]).toEqual([{ kind: 'absent' }, false])
    expect(wishesIn(open(home))).toEqual(['tea'])
    linkSync(home, kept)
    expect(whyNot(await database.discardFailedHome('d', kept, variables, listener()))).toContain(
      'home itself',
    )
    expect(wishesIn(open(home))).toEqual(['tea'])
  })

  test('a second run of every verb finds the work of the first, and makes no second copy', async () => {
    const { database, variables, app, standIn, open, another } = setUp()
    await database.open('d', variables, listener())
    wish(app, 'rope')
    expect(await another().open('d', variables, listener())).toMatchObject({ kind: 'done' })
    expect(wishesIn(open(standIn))).toEqual(['tea'])
    expect(whyNot(await another().open('e', variables, listener()))).toMatch(/belongs to the detour d/)
    for (let times = 0; times < 2; times += 1)
      expect(await database.discard('d', variables, listener())).toMatchObject({ kind: 'done' })
    expect(existsSync(standIn)).toBe(false)
    expect((await database.observe('d', variables, signal)).standIn).toEqual({ kind: 'absent' })
  })

  test('a file that is no database is unknown, and never absent', async () => {
    const { database, variables, standIn } = setUp()
    writeFileSync(standIn, 'a'.repeat(4096))
    writeFileSync(`${standIn}.detour.json`, '{')
    const seen = await database.observe('d', variables, signal)
    expect([seen.standIn.kind, seen.position['stand-in'].kind, seen.writable['stand-in'].kind]).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ])
  })
})
