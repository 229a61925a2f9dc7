import { describe, expect, test } from 'vitest'
import type { MaintenanceRecipe } from '../../src/domain/config/recipe.ts'
import { aMoveOver } from '../pipeline/a-move.ts'
import { aDetour } from './a-detour.ts'
import {
  aCommand,
  aLedgerServing,
  aPlan,
  aRecipe,
  aService,
  aTestBed,
  newer,
  noSteps,
  older,
  type Wishes,
} from './a-plan.ts'

const page = (change: Partial<MaintenanceRecipe> = {}): MaintenanceRecipe => ({
  open: aCommand('page-on'),
  close: aCommand('page-off'),
  shown: { kind: 'run', command: aCommand('is-shown') },
  timeout: 60_000,
  pages: [],
  when: 'always',
  closeAfter: 'services',
  lease: 3_600_000,
  ...change,
})

const apart = (instances: number, steps = {}, service = {}) =>
  aRecipe({
    compatible: false,
    steps: { ...noSteps, ...steps },
    services: [aService('web', instances, {}, service)],
  })

const codes = (wishes: Wishes) => aPlan(wishes).refusals.map(({ code }) => code)

describe('a release that says that it must not serve together with the one before', () => {
  test.each([
    ['in a roll of several instances', apart(3)],
    ['with a test bed', apart(2, {}, { testBed: aTestBed(1) })],
    [
      'with a page that goes before the services are done',
      apart(3, { maintenance: page({ closeAfter: 'migrate' }) }),
    ],
  ])('is refused %s WX-35', (_what, recipe) => {
    const [refusal] = aPlan({ recipe }).refusals
    expect(refusal?.code).toBe('release-incompatible')
    expect(refusal?.next).toContain('or step aside with detour: true')
  })

  test.each([
    ['one instance, which stops before the new release starts', { recipe: apart(1) }],
    ['a maintenance page until the services are done', { recipe: apart(3, { maintenance: page() }) }],
    [
      'a detour, in which no visitor sees home change',
      { recipe: apart(3, { detour: aDetour() }), detour: true },
    ],
    ['a move to the other side in one switch', { recipe: apart(3, { detour: aMoveOver() }) }],
    ['nothing that serves yet', { recipe: apart(3), ledger: aLedgerServing(null), relation: 'first' }],
    [
      'a rollback, which nothing may hold',
      { recipe: apart(3), wanted: 'rollback', release: older, ledger: aLedgerServing(newer) },
    ],
  ] as const)('is taken with %s WX-35', (_what, wishes) => {
    expect(codes(wishes)).not.toContain('release-incompatible')
  })

  test('says so alone: a release without a word is taken', () => {
    expect(codes({ recipe: { ...apart(3), compatible: true } })).not.toContain('release-incompatible')
  })
})
