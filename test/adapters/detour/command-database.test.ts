import { describe, expect, test } from 'vitest'
import { createCommandDatabase } from '../../../src/adapters/detour/command/database.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { before, changes, databaseRecipe, type System, systemBed, whyNot } from './command-bed.ts'

function setUp(change: (system: System) => void = () => {}, parts: Parameters<typeof systemBed>[1] = {}) {
  const system = before()
  change(system)
  const bed = systemBed(system, parts)
  return { ...bed, database: createCommandDatabase(databaseRecipe, bed) }
}
const signal = new AbortController().signal
const exits = (code: number) => ({ ends: { kind: 'exited', code } as const })

/** A bed whose stand-in is cut off, and home is shut. */
async function cutBed(parts: Parameters<typeof systemBed>[1] = {}) {
  const bed = setUp(() => {}, parts)
  const { database } = bed
  await database.open('d', {}, listener())
  await database.fence('d', 'home', {}, listener())
  await database.level('d', '7', {}, listener())
  await database.cut('d', {}, listener())
  return bed
}

describe('observe by a command', () => {
  test('a printed value is found, null is absent, and a key left out is unknown', async () => {
    const { database } = setUp((system) => {
      delete system.fence
    })
    const seen = await database.observe('d', {}, signal)
    expect(seen.standIn).toEqual({ kind: 'absent' })
    expect(seen.position.home).toEqual({ kind: 'found', value: '7' })
    expect(seen.fence).toMatchObject({ kind: 'unknown', why: { what: '`db observe` does not say `fence`.' } })
  })

  test.each([
    ['no JSON', { lines: ['Welcome!'] }],
    ['a value of another kind', { lines: ['{"follows":"yes"}'] }],
    ['a misspelt key', { lines: ['{"standin":"running"}'] }],
    ['an exit code of 1 beside the JSON', { lines: ['{}'], ...exits(1) }],
  ])('%s makes every reading unknown', async (_, part) => {
    const { database, shell } = setUp()
    shell.play('db observe', part)
    const { standIn, writable } = await database.observe('d', {}, signal)
    expect([standIn.kind, writable.home.kind]).toEqual(['unknown', 'unknown'])
  })
})

describe('a verb by a command', () => {
  test('the whole way there and back is done as it is observed, with names in the environment', async () => {
    const { database, shell } = await cutBed()
    expect(await database.harden('d', {}, listener())).toMatchObject({ kind: 'done' })
    expect(await database.close('d', 'return', {}, listener())).toMatchObject({
      kind: 'done',
      evidence: { 'position.stand-in': '7' },
    })
    expect(await database.discard('d', {}, listener())).toMatchObject({ kind: 'done' })
    expect(changes(shell)).toEqual(
      ['open', 'fence', 'level', 'cut', 'harden', 'close', 'discard'].map((verb) => `db ${verb}`),
    )
    const told = shell.calls.map(({ variables }) => variables)
    expect(told[1]).toMatchObject({ ROLLGATE_DETOUR: 'd' })
    expect(told).toContainEqual({ ROLLGATE_DETOUR: 'd', ROLLGATE_SIDE: 'home' })
    expect(told).toContainEqual({ ROLLGATE_DETOUR: 'd', ROLLGATE_POSITION: '7' })
    expect(told).toContainEqual({ ROLLGATE_DETOUR: 'd', ROLLGATE_CLOSING: 'return' })
  })

  test('a command that exits with 0 and changes nothing is not believed', async () => {
    const { database, clock } = setUp(() => {}, { open: {} })
    const began = clock.now().getTime()
    const deed = await database.open('d', {}, listener())
    expect(whyNot(deed)).toBe(
      'It was not seen that the stand-in follows home and refuses writes: `stand-in` is none and not running.',
    )
    expect(clock.now().getTime() - began).toBeGreaterThan(60_000)
  })

  test('a command that fails after its work is done by what is observed, and the evidence has its end', async () => {
    const { database, shell, system } = setUp()
    shell.play('db fence', () => {
      system.fence = 'home'
      Object.assign(system.writable ?? {}, { home: 'fenced' })
      return exits(1)
    })
    expect(await database.fence('d', 'home', {}, listener())).toEqual({
      kind: 'done',
      evidence: { 'writable.home': 'fenced', fence: 'home', position: '7', command: 'exited with 1' },
    })
  })

  test('a command that fails without a result fails at once with both', async () => {
    const { database } = setUp(() => {}, { open: { lines: ['no space left'], ...exits(2) } })
    const deed = await database.open('d', {}, listener())
    expect(whyNot(deed)).toMatch(/: its command exited with 2, and `stand-in` is none and not running\.$/)
    expect(deed).toMatchObject({ failure: { tail: ['no space left'] } })
  })

  test('a command whose end was not seen has done nothing that counts', async () => {
    const { database, shell, system } = setUp()
    shell.play('db open', () => {
      Object.assign(system, { 'stand-in': 'running', follows: true })
      Object.assign(system.writable ?? {}, { 'stand-in': 'impossible' })
      return { takes: Number.POSITIVE_INFINITY, unconfirmed: true }
    })
    expect(whyNot(await database.open('d', {}, listener()))).toMatch(
      /still ran after 5 s, and it may still run/,
    )
  })

  test('a result that is there already needs no command: there is no second copy', async () => {
    const { database, shell } = setUp()
    await database.open('d', {}, listener())
    await database.open('d', {}, listener())
    expect(changes(shell)).toEqual(['db open'])
  })

  test('a stand-in of which it is unknown if it is there is not opened', async () => {
    const { database, shell } = setUp((system) => {
      delete system['stand-in']
    })
    expect(whyNot(await database.open('d', {}, listener()))).toMatch(/`stand-in` is unknown/)
    expect(changes(shell)).toEqual([])
  })

  test('a fence without a known position is none', async () => {
    const { database } = setUp((system) => {
      system.position = { 'stand-in': null }
    })
    expect(whyNot(await database.fence('d', 'home', {}, listener()))).toMatch(/`position.home` is unknown/)
  })

  test('a fence that is not held keeps the stand-in from being cut', async () => {
    const { database, shell } = setUp()
    await database.open('d', {}, listener())
    expect(whyNot(await database.cut('d', {}, listener()))).toMatch(/`fence` is none and not home/)
    expect(changes(shell)).toEqual(['db open'])
  })

  test('a fence that is lost while the stand-in is cut makes the cut void', async () => {
    const { database, shell, system } = await cutBed({ cut: {} })
    shell.play('db cut', () => {
      Object.assign(system, { follows: false, 'frozen-at': '7', fence: null })
      return {}
    })
    expect(whyNot(await database.cut('d', {}, listener()))).toMatch(/`fence` is none and not home/)
  })

  test('a stand-in that moved on since it was frozen keeps the databases from being ended', async () => {
    const { database, system } = await cutBed()
    Object.assign(system.position ?? {}, { 'stand-in': '8' })
    expect(whyNot(await database.close('d', 'return', {}, listener()))).toMatch(
      /`position.stand-in` is 8 and not 7/,
    )
  })

  test('a stand-in that took writes is fenced before home takes over', async () => {
    const { database, system } = await cutBed()
    Object.assign(system.writable ?? {}, { 'stand-in': 'open' })
    expect(whyNot(await database.close('d', 'return', {}, listener()))).toMatch(
      /`writable.stand-in` is open and not fenced/,
    )
  })

  test('home that is not where the stand-in was frozen is not taken back', async () => {
    const { database, shell, system } = await cutBed()
    Object.assign(system.position ?? {}, { home: '9' })
    shell.play('db close', () => {
      Object.assign(system.writable ?? {}, { home: 'open' })
      return {}
    })
    expect(whyNot(await database.close('d', 'revert', {}, listener()))).toMatch(
      /`position.home` is 9 and not 7/,
    )
  })

  test('a failed home is kept at the place that is told, and is gone when observe says so', async () => {
    const { database, shell, system } = await cutBed()
    const closed = await database.close('d', 'revert', {}, listener())
    expect(closed).toMatchObject({ kind: 'done', evidence: { kept: 'db-failed' } })
    shell.play('db discard-failed-home', {})
    expect(whyNot(await database.discardFailedHome('d', 'db-failed', {}, listener()))).toMatch(
      /`failed-home` is db-failed and not none/,
    )
    system['failed-home'] = null
    expect(await database.discardFailedHome('d', 'db-failed', {}, listener())).toMatchObject({ kind: 'done' })
  })

  test('a failed home whose place is not told is no end of a revert', async () => {
    const { database, shell, system } = await cutBed()
    shell.play('db close', () => {
      Object.assign(system.writable ?? {}, { home: 'open' })
      Object.assign(system.position ?? {}, { home: system['frozen-at'] })
      return {}
    })
    expect(whyNot(await database.close('d', 'revert', {}, listener()))).toContain('failed-home')
  })

  test.each([
    ['with a session', { 'stand-in': 1 }, /`sessions.stand-in` is 1 and not 0 or none/],
    ['of which sessions are unknown', {}, /`sessions.stand-in` is unknown/],
  ])('a copy %s is not removed', async (_, sessions, why) => {
    const { database, shell, system } = await cutBed()
    system.sessions = { home: 0, ...sessions }
    expect(whyNot(await database.discard('d', {}, listener()))).toMatch(why)
    expect(changes(shell)).not.toContain('db discard')
  })
})

describe('questions by a command', () => {
  test('a refusal that `able` prints is told; without such a command the page says that nothing looked', async () => {
    const { database, shell } = setUp()
    shell.play('db able', { lines: ['{"refusals":["Another database is there."]}'] })
    const withAble = createCommandDatabase(
      { ...databaseRecipe, verbs: { able: { ...databaseRecipe.observe, run: 'db able' } } },
      { shell, clock: setUp().clock },
    )
    expect(await withAble.able('d', {}, listener())).toMatchObject({
      value: { refusals: ['Another database is there.'] },
    })
    expect(await database.able('d', {}, listener())).toMatchObject({
      value: { warnings: ['No command looks what speaks against a detour.'] },
    })
  })

  test('lost writes are counted by table or bounded, and without a command the words say so', async () => {
    const { database, shell, clock } = setUp()
    expect(await database.lostWrites('d', {}, signal)).toMatchObject({ value: { kind: 'uncounted' } })
    const count = { ...databaseRecipe.observe, run: 'db count' }
    const counting = createCommandDatabase({ ...databaseRecipe, verbs: { count } }, { shell, clock })
    shell.play('db count', { lines: ['{"by-table":{"orders":3}}'] })
    expect(await counting.lostWrites('d', {}, signal)).toEqual({
      kind: 'found',
      value: { kind: 'counted', byTable: { orders: 3 } },
    })
    shell.play('db count', { lines: ['{"at-most":9,"why":"rolled back ones count"}'] })
    expect(await counting.lostWrites('d', {}, signal)).toMatchObject({ value: { kind: 'at-most', rows: 9 } })
  })
})
