import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import type { RolloutOrder } from '../../src/domain/rolling/rollout-order.ts'
import { instanceTable } from '../../src/report/outcome/instance-table.ts'
import { planSummary } from '../../src/report/plan/plan-summary.ts'
import { aJournal, opened, started, taken } from '../domain/a-journal.ts'
import { aPlan, aRecipe, aService, newer, older } from '../domain/a-plan.ts'

const slots = { a: { PORT: '4001' }, b: { PORT: '5001' } }
const orders: readonly RolloutOrder[] = [{ kind: 'start-first', slots }, { kind: 'in-place' }]
const planIn = (order: RolloutOrder, instances: number) =>
  aPlan({ recipe: aRecipe({ services: [aService('web', instances, { order, acceptDowntime: false })] }) })

describe('the plan of an order that keeps traffic', () => {
  test.each(orders)(
    '$kind: every instance stays up, none is down, and nothing is claimed beyond that MM-12',
    (order) => {
      for (const instances of [1, 3]) {
        const plan = planIn(order, instances)
        expect(plan.refusals).toEqual([])
        const page = planSummary(plan)
        expect(page).toContain(`${instances} of ${instances}`)
        expect(page).toContain(order.kind === 'in-place' ? 'while it serves' : 'beside the old one')
        expect(page).not.toMatch(/is down|atomic|instant(?!an|-|c)|zero.downtime/i)
      }
    },
  )

  test('min-available of all instances holds no start-first roll up', () => {
    const all = { kind: 'number', value: 3 } as const
    const order = { kind: 'start-first', slots } as const
    const service = aService('web', 3, { order, minAvailable: all })
    const plan = aPlan({ recipe: aRecipe({ services: [service] }) })
    expect(plan.refusals).toEqual([])
    expect(plan.steps.find((step) => 'batches' in step)).toMatchObject({
      batches: [['web-1'], ['web-2'], ['web-3']],
    })
  })
})

test.each([
  ['under way', [], 'not changed yet'],
  [
    'abandoned',
    [{ kind: 'ended', outcome: { kind: 'abandoned', by: 'bob', reason: 'enough' } }],
    'not changed ',
  ],
] as const)(
  'the page of a deployment that is %s does not promise more than will come F11',
  (_, ends, words) => {
    const web = 'roll-services/web'
    const plan = aPlan()
    const looked = {
      kind: 'instances-observed',
      step: web,
      instances: { 'web-1': { version: older.tag, healthy: true } },
    } as const
    const journal = aJournal(opened, started(web), looked, ...ends)
    const view = { plan, journal } as Parameters<typeof instanceTable>[0]
    const table = instanceTable(view, standing(plan, journal)) ?? ''
    expect([table.includes(words), table.includes(' yet')]).toEqual([true, ends.length === 0])
  },
)

describe('the page between two releases', () => {
  const web = 'roll-services/web'
  const plan = planIn({ kind: 'start-first', slots }, 1)
  const slot = (version: string) => ({ version, answers: true, healthy: true, inTraffic: true })
  const seen = (a: string, b: string) => ({
    kind: 'instances-observed' as const,
    step: web,
    instances: { 'web-1': { version: a === b ? a : null, healthy: true, slots: { a: slot(a), b: slot(b) } } },
  })
  const page = (...happenings: readonly Happening[]) => {
    const journal = aJournal(opened, started(web), ...happenings)
    const view = { plan, journal } as Parameters<typeof instanceTable>[0]
    return instanceTable(view, standing(plan, journal)) ?? ''
  }

  test('names both where a look has seen both slots in traffic', () => {
    expect(page(seen(older.tag, newer.tag))).toContain(`**${older.tag} and ${newer.tag}**, side by side`)
  })

  test('names both where a run was lost in a change', () => {
    expect(page(seen(older.tag, older.tag), taken(web, 'web-1'))).toContain(
      `${older.tag}, ${newer.tag}, or both`,
    )
  })
})
