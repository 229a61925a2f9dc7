import { describe, expect, test } from 'vitest'
import { backupPrinted } from '../../src/domain/backup/backup.ts'
import { migrationsKept } from '../../src/domain/backup/restored.ts'
import { databaseSchema } from '../../src/domain/ledger/database-schema.ts'
import { feasibility } from '../../src/domain/release/feasibility.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aDetour } from '../domain/a-detour.ts'
import { aPast } from '../domain/a-ledger.ts'
import { aCommand, aLedgerServing, aPlan, aPolicy, aRecipe, newer, noSteps, older } from '../domain/a-plan.ts'
import { durableLedger, inMemory, keptLedger, leanPlan, opened, unrepeated } from './in-memory.ts'

const backup = { create: aCommand('back-up'), restore: aCommand('restore') }
const migrate = { command: aCommand('migrate'), phase: 'contract', repeatable: false } as const
const shown = { kind: 'run', command: aCommand('page-status') } as const
const maintenance = {
  ...{ open: aCommand('page-on'), close: aCommand('page-off'), shown, pages: [], timeout: 30_000 },
  ...({ when: 'contract', closeAfter: 'services', lease: 3_600_000 } as const),
}
const migrating = leanPlan({ steps: { backup, migrate } })
const made = { name: 'shop-0411', position: '0/3000148', at: '2026-04-11T09:00:00.000Z', deployment: 5 }

/** The ledger of an environment whose deployment 5 made a backup and migrated, and whose deployment 6 migrated again. */
const backedUp = {
  ...aLedgerServing(newer),
  history: [
    aPast(newer, { number: 6, migrated: 'contract', migrationDone: true }),
    aPast(older, { number: 5, migrated: 'contract', migrationDone: true, backup: made }),
  ],
}
const restoring = (name = '', steps: object = { maintenance }) =>
  aPlan({
    ...{ wanted: 'restore', backup: name, release: newer, relation: 'identical' },
    policy: aPolicy({ approval: { kind: 'none' }, allowDestructive: ['restore'] }),
    confirm: 'production',
    recipe: aRecipe({ steps: { ...noSteps, backup, ...steps }, services: [] }),
    ledger: backedUp,
  })

describe('a deployment that migrates', () => {
  test('backs up first, and the ledger knows the backup before the migration begins', async () => {
    const memory = inMemory()
    memory.shell.play('back-up', { lines: ['dumping 12 tables', 'shop-0411 0/3000148'] })
    let during: unknown
    memory.shell.play('migrate', () => {
      during = durableLedger(memory).deployment?.journal.find(({ kind }) => kind === 'backed-up')
      return {}
    })
    expect(await execute(await opened(memory, migrating))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(during).toMatchObject({ step: 'backup', backup: 'shop-0411', position: '0/3000148' })
    const [past] = (await keptLedger(memory)).history
    expect(past?.backup).toMatchObject({ name: 'shop-0411', position: '0/3000148', deployment: 7 })
    expect(past?.backup?.at).toMatch(/^20\d\d-/)
  })

  test.each([
    ['prints nothing', []],
    ['prints a sentence', ['the backup is done']],
    ['prints a secret', ['hunter2']],
  ])('the backup %s: nothing is migrated, and it says why SD-28', async (_, lines) => {
    const memory = inMemory()
    memory.given.masked.add('hunter2')
    memory.shell.play('back-up', { lines })
    const ending = await execute(await opened(memory, migrating))
    expect(ending).toMatchObject({ outcome: { kind: 'failed', failure: { code: 'backup-unnamed' } } })
    expect(memory.effects()).not.toContain('migrate')
    expect(JSON.stringify(await keptLedger(memory))).not.toContain('hunter2')
  })

  test('one that migrates nothing makes no backup, and the plan says so', () => {
    const plan = leanPlan({ steps: { backup } })
    expect(plan.omitted).toEqual([{ kind: 'backup', reason: 'nothing is migrated' }])
  })
})

test.each([
  [['shop-1'], { name: 'shop-1', position: null }],
  [['shop-1  0/16B3748', ''], { name: 'shop-1', position: '0/16B3748' }],
  [['a b c'], null],
  [['-rf'], null],
  [['shop;rm'], null],
])('the last line %j names %j', (lines, named) => {
  expect(backupPrinted(lines)).toEqual(named)
})

describe('a restore', () => {
  test('shuts visitors out first, whatever is migrated, and lets them in afterwards', async () => {
    const memory = inMemory()
    memory.shell.play('page-on', () => {
      memory.prober.reply('page-status', { kind: 'yes', text: '' })
      return {}
    })
    memory.shell.play('page-off', () => {
      memory.prober.reply('page-status', { kind: 'no', why: 'exited with 1', text: '' })
      return {}
    })
    expect(await execute(await opened(memory, restoring(), { history: backedUp.history }))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    expect(unrepeated(memory.effects()).filter((one) => /page-o|restore/.test(one))).toEqual([
      ...['page-on', 'restore', 'page-off'],
    ])
    expect(memory.shell.calls.find(({ command }) => command.run === 'restore')?.variables).toMatchObject({
      ...{ ROLLGATE_BACKUP: 'shop-0411', ROLLGATE_BACKUP_POSITION: '0/3000148' },
    })
    const [past] = (await keptLedger(memory)).history
    expect(past).toMatchObject({ subject: ['restore/shop-0411'], restored: { ...made, done: true } })
  })

  test('the plan says first what is lost since, and which migrations go with it', () => {
    expect(restoring().warnings.slice(0, 2)).toEqual([
      'Everything that was written since shop-0411 of 2026-04-11 09:00 UTC at position 0/3000148 is lost.',
      expect.stringMatching(/^The migration of deployment 5, 6 is taken away with it, and v1\.1\.0 keeps/),
    ])
    expect(restoring().guard?.reasons).toEqual([expect.stringContaining('what was written since is lost')])
  })

  test('without a detour or a maintenance page it is refused SD-32', () => {
    expect(restoring('', {}).refusals.map(({ code }) => code)).toContain('restore-open')
    expect(restoring().refusals.map(({ code }) => code)).not.toContain('restore-open')
  })

  test('with a detour alone it is refused behind a page, and the way behind the detour is named SD-32', () => {
    const { refusals } = restoring('', { detour: aDetour() })
    expect(refusals).toMatchObject([
      { code: 'restore-open', next: expect.stringContaining('Restore with the option detour=true') },
    ])
    expect(restoring('', { detour: aDetour(), maintenance }).refusals).toEqual([])
  })

  test('a backup that no deployment made is refused, and the known ones are named', () => {
    expect(restoring('shop-9').refusals).toMatchObject([
      { code: 'backup-unknown', next: expect.stringContaining('shop-0411 of 2026-04-11') },
    ])
  })

  test('afterwards the migrations since the backup count no more; after one of unknown end the schema is in doubt', () => {
    const restored = (done: boolean) => [
      aPast(newer, { number: 7, mode: 'restore', restored: { ...made, done } }),
      ...backedUp.history,
    ]
    expect(migrationsKept(restored(true)).map(({ migrated }) => migrated)).toEqual([null, null, null])
    const there = (done: boolean) => ({ ...backedUp, history: restored(done) })
    expect(databaseSchema(there(true)).kind).toBe('unknown')
    expect(databaseSchema(there(false))).toMatchObject({ kind: 'doubtful', by: { deployment: 7 } })
    const target = { ...older, tag: 'v0.9.0', sha: 'f'.repeat(40), schemaVersion: '40' }
    expect(feasibility(target, newer, there(true)).kind).toBe('safe')
    expect(feasibility(target, newer, there(false)).kind).toBe('crosses-contract')
  })
})
