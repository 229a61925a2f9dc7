import { describe, expect, test } from 'vitest'
import type { Rollout } from '../../src/domain/config/service.ts'
import { planFrom, type SparsePlan, writtenPlan } from '../../src/domain/plan/written-plan.ts'
import { planSummary } from '../../src/report/plan/plan-summary.ts'
import { aLedgerServing, aPlan, aRecipe, aService, count, newer, older, percent, rollsOf } from './a-plan.ts'

const half = { maxParallel: percent(50), minAvailable: null }

const planOf = (rollout: Partial<Rollout>, change: Parameters<typeof aPlan>[0] = {}) =>
  aPlan({ recipe: aRecipe({ services: [aService('web', 4, rollout)] }), ...change })

const backwards = { wanted: 'rollback', release: older, ledger: aLedgerServing(newer) } as const

describe('the pace of going back', () => {
  test('is that of going forward where the config sets none', () => {
    expect(rollsOf(planOf({}))).toMatchObject([{ width: 1, floor: 3, back: null }])
    expect(rollsOf(planOf({}, backwards))).toMatchObject([{ width: 1, floor: 3, back: null }])
  })

  test('stands beside that of going forward in a deployment', () => {
    const plan = planOf({ rollback: half })
    expect(rollsOf(plan)).toMatchObject([{ width: 1, floor: 3, back: { width: 2, floor: 2 } }])
    expect(rollsOf(plan)[0]?.batches).toHaveLength(4)
    expect(planSummary(plan)).toContain('| 1<br>going back: 2 | 3 of 4<br>going back: 2 of 4 |')
  })

  test('is the only one in a rollback, and its batches are planned by it', () => {
    const plan = planOf({ rollback: half }, backwards)
    expect(rollsOf(plan)).toMatchObject([
      {
        width: 2,
        floor: 2,
        back: null,
        batches: [
          ['web-1', 'web-2'],
          ['web-3', 'web-4'],
        ],
      },
    ])
    expect(planSummary(plan)).not.toContain('going back:')
  })

  test('that no instance could keep is refused, whichever way the deployment goes', () => {
    const stuck = { rollback: { maxParallel: count(1), minAvailable: count(4) } }
    for (const change of [{}, backwards])
      expect(planOf(stuck, change).refusals).toMatchObject([
        { code: 'capacity-floor', what: expect.stringContaining('rollback.min-available wants 4') },
      ])
  })

  test('is kept by a written plan, which says nothing where none is set', () => {
    const [plain, paced] = [planOf({}), planOf({ rollback: half })]
    expect(JSON.stringify(writtenPlan(plain))).not.toMatch(/"(back|rollback)"/)
    for (const plan of [plain, paced])
      expect(rollsOf(planFrom(writtenPlan(plan) as SparsePlan))).toEqual(rollsOf(plan))
  })
})
