import { describe, expect, test } from 'vitest'
import type { MaintenanceRecipe } from '../../src/domain/config/recipe.ts'
import { handedOn } from '../../src/domain/ledger/handed-on.ts'
import { ledgerFrom, writtenLedger } from '../../src/domain/ledger/written/ledger.ts'
import { describeFeasibility, type Feasibility, feasibility } from '../../src/domain/release/feasibility.ts'
import { aMoveOver } from '../pipeline/a-move.ts'
import { aDetour } from './a-detour.ts'
import { aHistory, aPast } from './a-ledger.ts'
import {
  aCommand,
  aLedgerServing,
  aPlan,
  aRecipe,
  aRelease,
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
  ] as const)('is taken with %s WX-35', (_what, wishes) => {
    expect(codes(wishes)).not.toContain('release-incompatible')
  })

  test('shows its page whatever is migrated, and says on the way back why WX-35', () => {
    const plan = aPlan({ recipe: apart(3, { maintenance: page({ when: 'contract' }) }) })
    expect(plan.refusals).toEqual([])
    expect(plan.steps.map(({ kind }) => kind)).toContain('open-maintenance')
    expect(describeFeasibility(plan.wayBack?.feasibility as Feasibility)).toContain(
      'v1.1.0 says that it and the release before it must not serve together',
    )
  })

  test.each([
    ['a detour', { detour: aDetour() }, true],
    ['a move to the other side', { detour: aMoveOver() }, false],
  ])('shows no page beside %s, which keeps visitors from it SD-08', (_what, steps, detour) => {
    const { serving, ...ledger } = aLedgerServing(older)
    const plan = aPlan({
      recipe: apart(3, { maintenance: page({ when: 'contract' }), ...steps }, { stop: aCommand('stop') }),
      ledger: { ...ledger, serving: serving && { ...serving, readOnly: true } },
      detour,
    })
    expect(plan.steps.map(({ kind }) => kind)).not.toContain('open-maintenance')
    expect(plan.refusals.map(({ what }) => what).join()).not.toContain('visitors cannot see both')
  })

  test('says so alone: a release without a word is taken', () => {
    expect(codes({ recipe: { ...apart(3), compatible: true } })).not.toContain('release-incompatible')
  })
})

describe('going back from a release that says that it must not serve together with the one before', () => {
  const third = aRelease('v3.0.0')
  const said = aHistory(aPast(older), aPast(newer, { apart: true }))
  const back = (change: Wishes = {}): Wishes => ({
    wanted: 'rollback',
    release: older,
    relation: 'behind',
    recipe: { ...apart(3), compatible: true },
    ledger: aLedgerServing(newer, { history: said }),
    ...change,
  })

  test('is refused in a roll, which has both serve as well, and names each way out WX-35', () => {
    const [refusal] = aPlan(back()).refusals
    expect(refusal).toMatchObject({
      code: 'release-incompatible',
      what: 'v1.1.0 says that it and the release before it must not serve together, and going back from v1.1.0 to v1.0.0 in production has both serve for a while.',
    })
    expect(refusal?.next).toContain('set acknowledge-data-loss: true')
    expect(refusal?.next).toContain('close-after: services, which v1.0.0 lacks')
  })

  test('passes with an acknowledgement, which the page, the form and the history keep WX-35', () => {
    const plan = aPlan(back({ acknowledged: { older: false, dataLoss: true } }))
    expect(plan.refusals).toEqual([])
    expect(plan.unsafe).toContain('v1.1.0 says that it and the release before it must not serve together')
    expect(plan.warnings.join()).toContain('has both serve for a while, and that was acknowledged.')
  })

  test.each([
    [
      'the page of the release to go back to, whatever is migrated',
      apart(3, { maintenance: page({ when: 'contract' }) }),
    ],
    ['one instance, which stops before the older release starts', apart(1)],
    ['a move to the other side in one switch', apart(3, { detour: aMoveOver() })],
  ] as const)('passes with %s WX-35', (_what, recipe) => {
    const plan = aPlan(back({ recipe: { ...recipe, compatible: true } }))
    expect(plan.refusals.map(({ code }) => code)).not.toContain('release-incompatible')
    expect(plan.unsafe).toBeNull()
  })

  test.each([
    ['the serving release says so, and the history forgot it', newer, older, [], true],
    [
      'a release between the two says so',
      third,
      older,
      [...aHistory(aPast(older), aPast(newer, { apart: true }), aPast(third))],
      true,
    ],
    [
      'it was left already',
      older,
      aRelease('v0.9.0'),
      [
        ...aHistory(
          aPast(aRelease('v0.9.0')),
          aPast(older),
          aPast(newer, { apart: true }),
          aPast(older, { mode: 'rollback' }),
        ),
      ],
      false,
    ],
    [
      'both came after it',
      third,
      newer,
      [...aHistory(aPast(older), aPast(newer, { apart: true }), aPast(third))],
      false,
    ],
    [
      'the target itself says so, and was left by a rollback',
      older,
      newer,
      [...aHistory(aPast(older), aPast(newer, { apart: true }), aPast(older, { mode: 'rollback' }))],
      true,
    ],
  ] as const)('is told by the way between the two releases: %s', (_when, from, release, history, refused) => {
    const { serving, ...ledger } = aLedgerServing(from, { history })
    const word = history.length === 0 ? { compatible: false as const } : {}
    const wishes = back({ release, ledger: { ...ledger, serving: serving && { ...serving, ...word } } })
    expect(codes(wishes).includes('release-incompatible')).toBe(refused)
  })

  test('stands in the verdict of every list, and in what the ledger keeps', () => {
    const ledger = aLedgerServing(newer, { history: said })
    expect(feasibility(older, newer, ledger)).toMatchObject({ kind: 'safe', apart: 'v1.1.0' })
    expect(feasibility(newer, newer, ledger)).not.toHaveProperty('apart')
    const kept = ledgerFrom(JSON.parse(JSON.stringify(writtenLedger(ledger))))
    expect(kept.history.map((past) => past.apart)).toEqual([true, false])
    expect(handedOn({ preDeploy: null, compatible: false })).toMatchObject({ compatible: false })
  })
})
