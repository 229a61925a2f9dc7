import { describe, expect, test } from 'vitest'
import type { StepAside } from '../../src/domain/config/detour-recipe.ts'
import { withHosts } from '../../src/domain/config/inventory.ts'
import type { StepRecipes } from '../../src/domain/config/recipe.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { planSummary } from '../../src/report/plan/plan-summary.ts'
import { aDetour } from './a-detour.ts'
import {
  aCommand,
  aLedgerServing,
  anSshFleet,
  aPlan,
  aPolicy,
  aRecipe,
  aScheduler,
  aService,
  noSteps,
  older,
  rollsOf,
  type Wishes,
} from './a-plan.ts'

const migrate = { command: aCommand('migrate'), phase: 'contract', repeatable: false } as const

/** A deployment of a release with a detour, over a release that bears a database without writes. */
function planned(
  detour: Partial<StepAside> | null,
  wishes: Wishes = {},
  steps: Partial<StepRecipes> = {},
): Plan {
  const ledger = aLedgerServing(older)
  const serving = ledger.serving && { ...ledger.serving, readOnly: true as const }
  return aPlan({
    recipe: aRecipe({
      steps: { ...noSteps, migrate, ...(detour === null ? {} : { detour: aDetour(detour) }), ...steps },
      services: [aService('web', 2)],
    }),
    ledger: { ...ledger, serving },
    ...wishes,
  })
}

const kindsOf = ({ steps }: Plan) => steps.map(({ kind }) => kind)
const stepsAside = (plan: Plan) => kindsOf(plan).filter((kind) => /detour|inspect/.test(kind))
const refused = ({ refusals }: Plan) => refusals.map(({ code, what }) => `${code}: ${what}`)

describe('a deployment', () => {
  test.each([
    ['asked', {}, []],
    ['asked', { detour: true }, ['open-detour', 'inspect', 'close-detour']],
    ['always', {}, ['open-detour', 'inspect', 'close-detour']],
    ['migrate', {}, ['open-detour', 'inspect', 'close-detour']],
    ['contract', {}, ['open-detour', 'inspect', 'close-detour']],
  ] as const)('under `when: %s`, asked for %j, has the steps %j SD-01', (when, asks, steps) => {
    expect(stepsAside(planned({ when }, asks))).toEqual(steps)
  })

  test('that migrates in phase expand does not step aside where the config says `when: contract`', () => {
    const expand = { migrate: { ...migrate, phase: 'expand' as const } }
    expect(stepsAside(planned({ when: 'contract' }, {}, expand))).toEqual([])
    expect(stepsAside(planned({ when: 'migrate' }, {}, expand))).toHaveLength(3)
  })

  test('lets jobs start again only after the detour, whatever the scheduler says SD-15', () => {
    const scheduler = aScheduler({ resumeAfter: 'migrate' })
    const kinds = kindsOf(planned({}, { detour: true }, { scheduler }))
    expect(kinds.indexOf('resume-scheduler')).toBe(kinds.indexOf('close-detour') + 1)
    expect(kinds.indexOf('suspend-scheduler')).toBeLessThan(kinds.indexOf('open-detour'))
  })

  test('that changes a single instance needs no acceptance of downtime: visitors are elsewhere', () => {
    const recipe = (asks: Wishes) =>
      planned({}, asks).refusals.length === 0 ? 'planned' : refused(planned({}, asks))
    expect(recipe({ detour: true })).toBe('planned')
  })
})

describe('hosts that an inventory prints while visitors are on the stand-in', () => {
  const listed = (detour: boolean, ...names: readonly string[]) => {
    const fleet = anSshFleet([], { inventory: aCommand('bin/hosts'), stop: aCommand('stop') })
    const service = aService('web', 2, { acceptDowntime: false }, { fleet })
    const plan = planned({}, { detour, recipe: aRecipe({ steps, services: [service] }) })
    return withHosts(plan, new Map([['web', { ...fleet, instances: anSshFleet(names).instances }]]))
  }
  const steps = { ...noSteps, migrate, detour: aDetour() }

  test('are changed at once, as hosts of the config are', () => {
    expect(rollsOf(listed(true, 'web-1', 'web-2'))[0]?.batches).toEqual([['web-1', 'web-2']])
    expect(rollsOf(listed(false, 'web-1', 'web-2'))[0]?.batches).toEqual([['web-1'], ['web-2']])
  })

  test('need no acceptance of downtime where there is one alone', () => {
    expect(refused(listed(true, 'web-1'))).toEqual([])
    expect(refused(listed(false, 'web-1'))).toEqual([expect.stringMatching(/^single-instance: /)])
  })
})

describe('an environment that wants a detour', () => {
  const wants = (requiresDetour: 'always' | 'migrate' | 'contract') =>
    aPolicy({ approval: { kind: 'none' }, requiresDetour })
  const direct = [expect.stringMatching(/^detour-refused: .* would change production directly/)]

  test.each([
    ['migrate', { migrate }, direct],
    ['contract', { migrate }, direct],
    ['always', { migrate: null }, direct],
    ['migrate', { migrate: null }, []],
    ['contract', { migrate: { ...migrate, phase: 'expand' } }, []],
  ] as const)('for %s refuses a direct deployment of it SD-34', (wanted, steps, refusals) => {
    expect(refused(planned({}, { policy: wants(wanted) }, steps))).toEqual(refusals)
    // A release cannot leave it out by a config of its own.
    expect(refused(planned(null, { policy: wants(wanted) }, steps))).toEqual(refusals)
  })

  test('takes a deployment that steps aside, or moves over; a first one, and one that goes back', () => {
    const policy = wants('always')
    expect(refused(planned({}, { policy, detour: true }))).toEqual([])
    expect(refused(planned({ when: 'migrate' }, { policy }))).toEqual([])
    expect(refused(planned({}, { policy, ledger: aLedgerServing(null), relation: 'first' }))).toEqual([])
    expect(refused(planned({}, { policy, wanted: 'rollback' }))).toEqual([])
  })

  test('that cannot have one says so to a direct deployment too', () => {
    const policy = { ...wants('migrate'), detourAbsent: true as const }
    expect(refused(planned({ when: 'migrate' }, { policy }))).toEqual(direct)
  })
})

describe('a detour that is asked for is refused', () => {
  test('if the config has none SD-02', () => {
    expect(refused(planned(null, { detour: true }))).toEqual([
      expect.stringMatching(/^detour-missing: .*has no steps\.detour/),
    ])
  })

  test('if the environment cannot have one SD-02', () => {
    const policy = aPolicy({ approval: { kind: 'none' }, detourAbsent: true })
    expect(refused(planned({}, { detour: true, policy }))).toEqual([
      expect.stringMatching(/^detour-missing: .*environments\.production\.detour: absent/),
    ])
    expect(stepsAside(planned({ when: 'always' }, { policy }))).toEqual([])
    expect(refused(planned({ when: 'always' }, { policy }))).toEqual([])
  })

  test('if nothing serves yet', () => {
    const ledger = aLedgerServing(null)
    expect(refused(planned({}, { detour: true, ledger, relation: 'first' }))).toEqual([
      expect.stringMatching(/^detour-missing: .*nothing serves production yet/),
    ])
  })

  test('if it is read-write and the loss is not accepted; accepted, it is a warning SD-05', () => {
    expect(refused(planned({ mode: 'read-write' }, { detour: true }))).toEqual([
      expect.stringMatching(/^detour-refused: .*does not accept that data is lost/),
    ])
    const plan = planned({ mode: 'read-write', acceptDataLoss: true }, { detour: true })
    expect(refused(plan)).toEqual([])
    expect(plan.warnings).toContainEqual(expect.stringMatching(/^A read-write detour: .*is lost/))
    expect(planSummary(plan)).toContain('is lost when they return')
  })

  test('if the serving release does not say that it bears a read-only database SD-06', () => {
    const silent = planned({}, { detour: true, ledger: aLedgerServing(older) })
    expect(refused(silent)).toEqual([
      expect.stringMatching(/^detour-refused: v1\.0\.0 serves, and does not say/),
    ])
    const writing = { mode: 'read-write', acceptDataLoss: true } as const
    expect(refused(planned(writing, { detour: true, ledger: aLedgerServing(older) }))).toEqual([])
  })

  test('if a service at home cannot be stopped, because it would go on at the database', () => {
    const { fleet, ...service } = aService('web', 2)
    const services = [{ ...service, fleet: { ...fleet, stop: null } }]
    const recipe = aRecipe({ steps: { ...noSteps, migrate, detour: aDetour() }, services })
    expect(refused(planned({}, { detour: true, recipe }))).toEqual([
      expect.stringMatching(/^detour-refused: .*web \(it has no stop\)/),
    ])
  })

  test('next to a maintenance page, because visitors cannot see both SD-08', () => {
    const maintenance = {
      ...{ open: aCommand('on'), close: aCommand('off'), pages: [], timeout: 1_000, lease: 1_000 },
      shown: { kind: 'run', command: aCommand('shown') },
      closeAfter: 'services',
    } as const
    expect(
      refused(planned({}, { detour: true }, { maintenance: { ...maintenance, when: 'always' } })),
    ).toEqual([expect.stringMatching(/^detour-refused: .*a maintenance page and a detour/)])
    expect(refused(planned({}, {}, { maintenance: { ...maintenance, when: 'always' } }))).toEqual([])
  })
})

test('the page of a plan shows that a detour is read-only by the engine, and where people look SD-03', () => {
  const page = planSummary(planned({}, { detour: true }))
  expect(page).toContain('read-only: the engine of the database refuses writes')
  expect(page).toContain('https://home.example/?release=')
})

test('the page of a plan says that jobs stay suspended in a detour, or that nothing suspends them SD-15', () => {
  const page = (steps: Partial<StepRecipes>) => planSummary(planned({}, { detour: true }, steps))
  expect(page({ scheduler: aScheduler() })).toContain('the scheduler stays suspended until visitors are home')
  expect(page({})).toContain('**no scheduler is suspended**')
})

test('the page of a plan says where visitors are while home is changed, and which commands the stand-in runs', () => {
  const page = planSummary(planned({}, { detour: true }))
  expect(page).toContain('visitors stay on the stand-in meanwhile')
  expect(page).toMatch(/\| `migrate` \|.*none at home: visitors are on the stand-in with v1\.0\.0 \|/)
  expect(page).toMatch(/\| `roll-services\/web` \|.*none at home/)
  expect(page).toContain('# stand-in aside start (bash')
  expect(page.match(/# detour clone door command point/g)).toHaveLength(1)
})
