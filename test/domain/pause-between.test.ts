import { expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { batchNotBefore } from '../../src/domain/rolling/pause-between.ts'
import type { RollStanding } from '../../src/domain/rolling/roll-standing.ts'
import type { RollStep } from '../../src/domain/step/step.ts'
import { aPlan, aRecipe, aService, noSteps } from './a-plan.ts'

const service = aService('web', 3, { pauseBetweenBatches: 30_000 })
const rollOf = (one = service): RollStep => {
  const plan = aPlan({ recipe: aRecipe({ steps: noSteps, services: [one] }) })
  const found = plan.steps.find((step): step is RollStep => step.kind === 'roll-services')
  return found ?? expect.fail('there is a roll')
}
const step = rollOf()
const at = (seconds: number): string => new Date(seconds * 1_000).toISOString()
const ended = (seconds: number, instance = 'web-1', of = step.id) => ({
  at: at(seconds),
  ...({ kind: 'instance-succeeded', step: of, instance, outSince: null, backSince: null } as Happening),
})
const failed = (seconds: number) => ({
  at: at(seconds),
  ...({ kind: 'instance-failed', step: step.id, instance: 'web-1' } as Happening),
})
const standing = (touched: boolean): RollStanding => ({
  ...{ observed: true, unsure: false, bake: null, check: { kind: 'none' } as never },
  instances: new Map([
    [
      'web-2',
      {
        ...{ state: 'pending', available: true, touched, broke: false, out: false, perhapsBack: false },
        ...{ version: null, failure: null },
      },
    ],
  ]),
})
const next = { step, instances: ['web-2'], direction: { to: 'new' } as never }

test.each([
  ['the last of a batch, however long the batch took', [ended(10), ended(25)], 55_000],
  ['an instance that failed', [ended(10), failed(25)], 55_000],
  ['no batch, at the beginning', [], null],
  ['no batch of another service', [ended(10, 'api-1', 'roll-services/api')], null],
])('a pause counts from the end of %s', (_, journal, time) => {
  expect(batchNotBefore('deploy', next, { journal, roll: standing(false) })).toBe(time)
})

test('no pause holds up a way back, an instance that was begun, or a service without one', () => {
  const seen = { journal: [ended(10)], roll: standing(false) }
  expect(batchNotBefore('deploy', next, seen)).toBe(40_000)
  expect(batchNotBefore('rollback', next, seen)).toBeNull()
  expect(batchNotBefore('deploy', { ...next, direction: { to: 'old' } as never }, seen)).toBeNull()
  expect(batchNotBefore('deploy', next, { ...seen, roll: standing(true) })).toBeNull()
  expect(batchNotBefore('deploy', { ...next, step: rollOf(aService('web', 3)) }, seen)).toBeNull()
})
