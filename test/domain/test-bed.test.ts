import { describe, expect, test } from 'vitest'
import type { TestBed } from '../../src/domain/config/service.ts'
import { undertakingFields } from '../../src/report/form/undertaking-fields.ts'
import {
  aLedgerServing,
  aPlan,
  aPolicy,
  aRecipe,
  aService,
  aTestBed,
  count,
  newer,
  older,
  percent,
  rollsOf,
} from './a-plan.ts'

const planOf = (instances: TestBed['instances'], total = 4, change: Parameters<typeof aPlan>[0] = {}) =>
  aPlan({
    policy: aPolicy({ approval: { kind: 'none' } }),
    recipe: aRecipe({
      services: [aService('web', total, { maxParallel: count(2) }, { testBed: aTestBed(1, { instances }) })],
    }),
    ...change,
  })

describe('the test bed of a plan', () => {
  test.each<[string, TestBed['instances'], string[]]>([
    ['the first', { kind: 'first', count: count(1) }, ['web-1']],
    ['a share of them, rounded down', { kind: 'first', count: percent(50) }, ['web-1', 'web-2']],
    ['named ones', { kind: 'named', names: ['web-4', 'web-2'] }, ['web-2', 'web-4']],
  ])('is %s, and its batches come first', (_title, instances, names) => {
    const [roll] = rollsOf(planOf(instances))
    expect(roll?.testBed).toEqual(names)
    expect(roll?.batches[0]).toEqual(names)
    expect(roll?.batches.flat().toSorted()).toEqual(['web-1', 'web-2', 'web-3', 'web-4'])
  })

  test.each([['web-3'], ['web/web-3']])(
    'is the instance %s that a person names for this deployment',
    (name) => {
      const plan = planOf({ kind: 'first', count: count(1) }, 4, { testBed: [name] })
      const [roll] = rollsOf(plan)
      expect(roll?.testBed).toEqual(['web-3'])
      expect(roll?.batches[0]).toEqual(['web-3'])
      expect(undertakingFields(plan)).toContainEqual({
        kind: 'value',
        name: 'options',
        value: 'test-bed=web/web-3',
      })
    },
  )

  test('is no instance that a person names and no service has, nor all of them', () => {
    const refused = (...testBed: string[]) =>
      planOf({ kind: 'first', count: count(1) }, 2, { testBed }).refusals.map(({ what, next }) => [
        what,
        next,
      ])
    expect(refused('web-9')).toEqual([
      [
        'The input test-bed names web-9, which no service with a test-bed has.',
        'Name any of web/web-1, web/web-2, separated by spaces, or leave it empty for those of the config.',
      ],
    ])
    expect(refused('web-1', 'web/web-2')).toEqual([
      [
        'The input test-bed takes every instance of web: none is left that it could be tried out for.',
        'Name fewer of them, or leave it empty for those of the config.',
      ],
    ])
  })

  test('is none on a way back, in a redeployment, and where nothing serves yet', () => {
    const first = { kind: 'first', count: count(1) } as const
    const back = planOf(first, 4, { wanted: 'rollback', release: older, ledger: aLedgerServing(newer) })
    const anew = planOf(first, 4, { ledger: aLedgerServing(null) })
    const same = planOf(first, 4, { redeploy: true, ledger: aLedgerServing(newer) })
    expect(
      [back, same, anew].map(({ mode, steps }) => [mode, rollsOf({ steps } as typeof back)[0]?.testBed]),
    ).toEqual([
      ['rollback', []],
      ['redeploy', []],
      ['deploy', []],
    ])
  })

  test.each<[string, TestBed['instances'], number, string]>([
    [
      'an instance that is not there',
      { kind: 'named', names: ['web-1', 'web-9'] },
      3,
      'services.web.test-bed.instances names web-9, which web does not have.',
    ],
    [
      'all of them',
      { kind: 'first', count: count(3) },
      3,
      'services.web.test-bed.instances takes every instance of web: none is left that it could be tried out for.',
    ],
  ])('is refused as %s', (_title, instances, total, what) => {
    expect(planOf(instances, total).refusals).toMatchObject([{ code: 'config-invalid', what }])
  })
})
