import { describe, expect, test } from 'vitest'
import type { Count } from '../../src/domain/config/command.ts'
import type { Rollout } from '../../src/domain/config/service.ts'
import { onward } from '../../src/domain/journal/direction.ts'
import { planFrom, type SparsePlan, writtenPlan } from '../../src/domain/plan/written/plan.ts'
import { batchOf, changeInstances, instancesThatAre, rollAtRest } from '../../src/domain/rolling/rolling.ts'
import { planSummary } from '../../src/report/plan/plan-summary.ts'
import {
  aLedgerServing,
  anSshFleet,
  aPlan,
  aRecipe,
  aService,
  count,
  newer,
  older,
  percent,
  rollsOf,
} from './a-plan.ts'

const half = { maxParallel: percent(50), minAvailable: null }

const planOf = (rollout: Partial<Rollout>, change: Parameters<typeof aPlan>[0] = {}) =>
  aPlan({ recipe: aRecipe({ services: [aService('web', 4, rollout)] }), ...change })

const backwards = { wanted: 'rollback', release: older, ledger: aLedgerServing(newer) } as const

describe('the pace of going back', () => {
  test('is that of going forward where the config sets none', () => {
    expect(rollsOf(planOf({}))).toMatchObject([{ width: 1, floor: 3, back: null }])
    expect(rollsOf(planOf({}, backwards))).toMatchObject([{ width: 1, floor: 3, back: null }])
  })

  test('has no pause between batches, which the plan shows for going forward alone', () => {
    expect(planSummary(planOf({ pauseBetweenBatches: 30_000, rollback: half }))).toContain(
      '| 1, 30 s apart<br>going back: 2 |',
    )
    expect(planSummary(planOf({ pauseBetweenBatches: 30_000 }, backwards))).not.toContain('apart')
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

describe('batches of their own sizes', () => {
  const growing = [count(1), percent(25), percent(100)]
  const planOf8 = (rollout: Partial<Rollout>) =>
    aPlan({ recipe: aRecipe({ services: [aService('web', 8, { batches: growing, ...rollout })] }) })

  test('are planned and shown as they come', () => {
    const plan = planOf8({ minAvailable: count(4) })
    expect(rollsOf(plan)[0]?.batches.map(({ length }) => length)).toEqual([1, 2, 4, 1])
    expect(planSummary(plan)).toContain('| 1, then 2, then 8 | 4 of 8 |')
  })

  test('hold while going back, unless that has a number at once of its own', () => {
    const back = (maxParallel: Count | null) =>
      rollsOf(planOf8({ rollback: { maxParallel, minAvailable: count(2) } }))[0]?.back
    expect(back(null)).toEqual({ width: 8, sizes: [1, 2, 8], floor: 2 })
    expect(back(count(3))).toEqual({ width: 3, sizes: [], floor: 2 })
  })

  test.each([
    ['nothing is done', [], 1],
    ['the first batch is done', [1], 2],
    ['a run was lost in the second batch', [1, 2], 2],
    ['a run was lost in the second batch, of which another one is done', [1, 3], 2],
    ['the second batch is done', [1, 2, 3], 5],
    ['others serve the release, wherever they stand', [2, 5, 7], 5],
  ])('go on by what is seen to be done: %s', (_title, done, size) => {
    const [step] = rollsOf(planOf8({ minAvailable: count(0) }))
    if (step === undefined) throw new Error('nothing is rolled')
    const names = done.map((at) => `web-${at}`)
    const roll = changeInstances(rollAtRest(step), names, { state: 'done' })
    expect(batchOf(step, roll, onward, instancesThatAre(roll, 'pending'))).toHaveLength(size)
  })

  test('are kept by a written plan', () => {
    const plan = planOf8({})
    expect(rollsOf(planFrom(writtenPlan(plan) as SparsePlan))).toEqual(rollsOf(plan))
  })
})

describe('instances in zones', () => {
  const inZones = (zones: readonly (string | null)[]) => {
    const fleet = anSshFleet(zones.map((_, at) => `web-${at + 1}`))
    const instances = fleet.instances.map((host, at) => {
      const zone = zones[at] ?? null
      return zone === null ? host : { ...host, zone }
    })
    const service = aService('web', 1, { maxParallel: count(3) }, { fleet: { ...fleet, instances } })
    return aPlan({ recipe: aRecipe({ services: [service] }) })
  }

  test('change in batches of one zone, which the plan names', () => {
    const plan = inZones(['a', 'b', 'a', null])
    expect(rollsOf(plan)[0]?.batches).toEqual([['web-1', 'web-3'], ['web-2'], ['web-4']])
    expect(planSummary(plan)).toContain('`web-1`, `web-3` (zone `a`) → `web-2` (zone `b`) → `web-4`')
  })

  test('are counted where there are many, and named in full below', () => {
    const page = planSummary(inZones(Array.from({ length: 20 }, (_, at) => (at < 10 ? 'a' : 'b'))))
    expect(page).toContain('8 batches, 20 instances, 2 zones, one a batch')
    expect(page).toContain('4. `web-10` (zone `a`)')
  })
})
