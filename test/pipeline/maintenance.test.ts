import { describe, expect, test } from 'vitest'
import type { MaintenanceRecipe, MigrationPhase } from '../../src/domain/config/recipe.ts'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { leaseIn } from '../../src/domain/ledger/lease.ts'
import { close } from '../../src/pipeline/run/close.ts'
import { execute } from '../../src/pipeline/run/execute.ts'
import { aJournal, aRun, done, failed, opened as openedBy, started } from '../domain/a-journal.ts'
import {
  aCommand,
  aLedgerServing,
  anUndertaking,
  aPlan,
  aPolicy,
  aRecipe,
  aService,
  newer,
  noSteps,
  older,
} from '../domain/a-plan.ts'
import {
  durableLedger,
  type InMemory,
  inMemory,
  keep,
  keptLedger,
  leanPlan,
  opened,
  unrepeated,
} from './in-memory.ts'
import { watched } from './later-run.ts'

const shown = { kind: 'run', command: aCommand('page-status') } as const
const aPage = (change: Partial<MaintenanceRecipe> = {}): MaintenanceRecipe => ({
  ...{ open: aCommand('page-on'), close: aCommand('page-off'), shown, pages: [] },
  ...{ timeout: 30_000, when: 'migrate', closeAfter: 'services', lease: 3_600_000 },
  ...change,
})

const migrating = (phase: MigrationPhase = 'contract') => ({
  migrate: { command: aCommand('migrate'), phase, repeatable: false },
})

const planWith = (change: Partial<MaintenanceRecipe> = {}, phase: MigrationPhase = 'contract') =>
  leanPlan({ steps: { maintenance: aPage(change), ...migrating(phase) }, services: [aService('web', 2)] })

const kindsOf = ({ steps }: { readonly steps: readonly { readonly kind: string }[] }) =>
  steps.map(({ kind }) => kind)

/** A front door that shows the page when it is told to. */
function aFrontDoor(memory: InMemory): { shows: boolean } {
  const door = { shows: false }
  memory.shell.play('page-on', () => {
    door.shows = true
    return {}
  })
  memory.shell.play('page-off', () => {
    door.shows = false
    return {}
  })
  memory.prober.replyBy('page-status', () =>
    door.shows ? { kind: 'yes', text: '' } : { kind: 'no', why: 'exited with 1', text: '' },
  )
  return door
}

const ofThePage = (memory: InMemory) => unrepeated(memory.effects()).filter((one) => /page|migrate/.test(one))
const leaseOf = async (memory: InMemory) => leaseIn(await keptLedger(memory), 'maintenance')

describe('a deployment that migrates', () => {
  test('shows the page before the migration, and takes it off after the services SD-46', async () => {
    const memory = inMemory()
    const door = aFrontDoor(memory)
    let during: unknown
    memory.shell.play('migrate', () => {
      during = [door.shows, durableLedger(memory).leases.map(({ kind, pinned }) => [kind, pinned])]
      return {}
    })
    const plan = planWith()
    expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'succeeded' } })
    expect(during).toEqual([true, [['maintenance', true]]])
    expect(ofThePage(memory)).toEqual([...['page-on', 'page-status?', 'migrate', 'page-off', 'page-status?']])
    expect(memory.effects().indexOf('page-off')).toBeGreaterThan(memory.effects().indexOf('install web-2'))
    expect([door.shows, await leaseOf(memory)]).toEqual([false, null])
  })

  test('with close-after: migrate the services are rolled under the eyes of visitors', async () => {
    const memory = inMemory()
    aFrontDoor(memory)
    await execute(await opened(memory, planWith({ closeAfter: 'migrate' })))
    expect(memory.effects().indexOf('page-off')).toBeLessThan(memory.effects().indexOf('install web-1'))
  })

  test.each([
    ['migrate', 'expand', null],
    ['contract', 'contract', null],
    ['contract', 'expand', 'the application works during an expand migration'],
  ] as const)('when: %s and a migration that is %s: left out because of %s', (when, phase, reason) => {
    const plan = planWith({ when }, phase)
    expect(kindsOf(plan).includes('open-maintenance')).toBe(reason === null)
    expect(plan.omitted.map((one) => one.reason)).toEqual(reason === null ? [] : [reason, reason])
  })

  test('a rollback, which never migrates, shows it only with when: always', () => {
    const back = (when: MaintenanceRecipe['when']) =>
      kindsOf(
        aPlan({
          ...{ wanted: 'rollback', release: older, relation: 'behind' },
          policy: aPolicy({ approval: { kind: 'none' } }),
          recipe: aRecipe({ steps: { ...noSteps, maintenance: aPage({ when }), ...migrating() } }),
          ledger: aLedgerServing(newer),
        }),
      ).filter((kind) => kind.endsWith('maintenance'))
    expect([back('migrate'), back('contract'), back('always')]).toEqual([
      ...[[], [], ['open-maintenance', 'close-maintenance']],
    ])
  })
})

describe('the page', () => {
  test('nobody sees it within its time: nothing is migrated, and it is taken off again', async () => {
    const memory = inMemory()
    memory.prober.reply('page-status', { kind: 'no', why: 'exited with 1', text: '' })
    expect(await execute(await opened(memory, planWith()))).toMatchObject({
      outcome: { failure: { code: 'maintenance-unseen', what: expect.stringContaining('within 30 s') } },
    })
    expect(ofThePage(memory)).toEqual(['page-on', 'page-status?', 'page-off', 'page-status?'])
    expect(await leaseOf(memory)).toBeNull()
  })

  test.each([
    ['could not find out', { kind: 'absent', why: 'no route' }],
    ['did not answer', { kind: 'timed-out', after: 1_000 }],
  ] as const)('the question %s: the page counts as neither open nor off', async (_, answer) => {
    const memory = inMemory()
    memory.prober.reply('page-status', answer)
    const ending = await execute(await opened(memory, planWith()))
    expect(memory.effects()).not.toContain('migrate')
    expect(ending).toMatchObject({
      kind: 'waiting',
      pause: { kind: 'failed-step', step: 'open-maintenance' },
    })
    expect(await leaseOf(memory)).toMatchObject({ deployment: 7 })
  })

  test('it is the first that the release has, and gets the addresses that see the application', async () => {
    const memory = inMemory()
    aFrontDoor(memory)
    memory.files.set('pages/default.html', '<h1>Back soon</h1>')
    const pages = ['pages/$ROLLGATE_ENVIRONMENT.html', 'pages/default.html']
    const plan = aPlan({
      policy: aPolicy({ approval: { kind: 'none' }, maintenanceAllow: ['203.0.113.7', '2001:db8::/32'] }),
      recipe: aRecipe({ steps: { ...noSteps, maintenance: aPage({ pages }), ...migrating() } }),
      ledger: aLedgerServing(older, { serving: null }),
    })
    await execute(await opened(memory, plan))
    expect(memory.shell.calls.find(({ command }) => command.run === 'page-on')?.variables).toMatchObject({
      ROLLGATE_MAINTENANCE_PAGE: expect.stringContaining('default.html'),
      ROLLGATE_MAINTENANCE_ALLOW: '203.0.113.7 2001:db8::/32',
    })
  })

  test('the page of the environment comes before the one for all', async () => {
    const memory = inMemory()
    aFrontDoor(memory)
    memory.files.set('pages/default.html', '<h1>Back soon</h1>')
    memory.files.set('pages/production.html', '<h1>Production is back soon</h1>')
    const pages = ['pages/$ROLLGATE_ENVIRONMENT.html', 'pages/default.html']
    await execute(await opened(memory, planWith({ pages })))
    expect(memory.shell.calls.find(({ command }) => command.run === 'page-on')?.variables).toMatchObject({
      ROLLGATE_MAINTENANCE_PAGE: expect.stringContaining('production.html'),
    })
  })

  test.each([
    ['is not in the release', {}, 'none of the maintenance pages: pages/a.html'],
    ['needs the application', { 'pages/a.html': '<link rel=stylesheet href="/app.css">' }, '/app.css'],
  ] as const)('it %s: nothing is shown', async (_, files, words) => {
    const memory = inMemory()
    aFrontDoor(memory)
    for (const [path, text] of Object.entries(files)) memory.files.set(path, text)
    expect(await execute(await opened(memory, planWith({ pages: ['pages/a.html'] })))).toMatchObject({
      outcome: { failure: { code: 'maintenance-page-missing', what: expect.stringContaining(words) } },
    })
    expect(memory.effects()).not.toContain('page-on')
  })
})

describe('a run that ends in between', () => {
  const open: Happening[] = [openedBy, ...done('source'), ...done('open-maintenance')]
  const plan = planWith()
  const lost = async (memory: InMemory, ...more: readonly Happening[]) => {
    aFrontDoor(memory).shows = true
    await keep(memory, plan, aJournal(...open, ...more))
    return close(memory.ports, 'shop', 'production', { run: aRun(1), by: ['alice'] })
  }

  test('before the migration: its post step takes the page off', async () => {
    const memory = inMemory()
    await lost(memory)
    expect(ofThePage(memory)).toEqual(['page-off', 'page-status?'])
    expect(await leaseOf(memory)).toBeNull()
  })

  test('while the page was being shown: it is taken off', async () => {
    const memory = inMemory()
    aFrontDoor(memory).shows = true
    await keep(memory, plan, aJournal(openedBy, ...done('source'), started('open-maintenance')))
    await close(memory.ports, 'shop', 'production', { run: aRun(1), by: ['alice'] })
    expect(ofThePage(memory)).toEqual(['page-off', 'page-status?'])
  })

  test('in the migration: the page stays, whatever the time, until a person decides', async () => {
    const memory = inMemory()
    await lost(memory, started('migrate'))
    await memory.clock.advance(4 * 3_600_000)
    await watch(memory)
    expect(ofThePage(memory)).toEqual([])
    expect(await leaseOf(memory)).toMatchObject({ pinned: true })
  })

  test('after a failed migration: the page stays as well', async () => {
    const memory = inMemory()
    await lost(memory, ...failed('migrate'))
    await memory.clock.advance(4 * 3_600_000)
    await watch(memory)
    expect(ofThePage(memory)).toEqual([])
  })
})

const watch = (memory: InMemory) => watched(memory, { recipe: async () => aRecipe({ services: [] }) })

/** A job with the files of the release that serves. */
function atOlder(): InMemory {
  const memory = inMemory()
  memory.workspace.head = older.sha
  return memory
}

describe('the page alone SP-45', () => {
  const alone = (wanted: 'maintenance-on' | 'maintenance-off') =>
    aPlan({
      ...{ wanted, release: older, relation: 'identical' },
      policy: aPolicy({ approval: { kind: 'none' } }),
      recipe: aRecipe({ steps: { ...noSteps, maintenance: aPage({ when: 'contract' }), ...migrating() } }),
      ledger: aLedgerServing(older),
    })

  test('is shown by a run of its own, and taken off by another', async () => {
    const memory = atOlder()
    const door = aFrontDoor(memory)
    expect(kindsOf(alone('maintenance-on'))).toEqual(['source', 'open-maintenance'])
    expect(await execute(await opened(memory, alone('maintenance-on')))).toMatchObject({
      outcome: { kind: 'succeeded' },
    })
    const { deployment, leases } = await keptLedger(memory)
    expect([door.shows, deployment, leases.map(({ kind }) => kind)]).toEqual([true, null, ['maintenance']])

    const off = atOlder()
    aFrontDoor(off).shows = true
    expect(kindsOf(alone('maintenance-off'))).toEqual(['source', 'close-maintenance'])
    await execute(await opened(off, alone('maintenance-off'), { leases }))
    expect([ofThePage(off), await leaseOf(off)]).toEqual([['page-off', 'page-status?'], null])
  })

  test('is taken off by the watch when its time is over', async () => {
    const memory = atOlder()
    const door = aFrontDoor(memory)
    await execute(await opened(memory, alone('maintenance-on')))
    await watch(memory)
    expect(door.shows).toBe(true)
    await memory.clock.advance(3_600_001)
    await watch(memory)
    expect([door.shows, await leaseOf(memory)]).toEqual([false, null])
  })

  test('a config without a page is refused', () => {
    const plan = aPlan({
      ...{ wanted: 'maintenance-on', release: older, relation: 'identical' },
      recipe: aRecipe({ steps: noSteps }),
      ledger: aLedgerServing(older),
    })
    expect(plan.refusals.map(({ what }) => what)).toEqual([
      expect.stringContaining('does not have a maintenance page'),
    ])
    expect(anUndertaking({ wanted: 'maintenance-on' })).toEqual({ mode: 'maintenance-on' })
  })
})

test('the way back between two releases that must not serve together shows the page once more WX-35', async () => {
  const memory = inMemory()
  const door = aFrontDoor(memory)
  const during: unknown[] = []
  memory.shell.play('smoke-test', { ends: { kind: 'exited', code: 1 } })
  memory.shell.play('page-on', () => {
    during.push(durableLedger(memory).leases.map(({ kind }) => kind))
    door.shows = true
    return {}
  })
  const plan = aPlan({
    policy: aPolicy({ approval: { kind: 'none' } }),
    recipe: aRecipe({
      compatible: false,
      services: [aService('web', 2)],
      steps: {
        ...noSteps,
        maintenance: aPage({ when: 'contract' }),
        verify: {
          ...{ http: null, command: aCommand('smoke-test') },
          ...{ attempts: 1, interval: 0, onFailure: 'roll-back' },
        },
      },
    }),
    ledger: aLedgerServing(older),
  })
  expect(await execute(await opened(memory, plan))).toMatchObject({ outcome: { kind: 'rolled-back' } })
  const seen = memory.effects().filter((one) => /^(page-o|install)/.test(one))
  const rolled = ['page-on', 'install web-1', 'install web-2', 'page-off']
  expect(seen).toEqual([...rolled, ...rolled])
  expect(during).toEqual([['maintenance'], ['maintenance']])
  expect([door.shows, await leaseOf(memory)]).toEqual([false, null])
})
