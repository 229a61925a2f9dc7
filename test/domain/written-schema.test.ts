import { expect, test } from 'vitest'
import type { Service } from '../../src/domain/config/service.ts'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import { writtenLedger } from '../../src/domain/ledger/written/ledger.ts'
import type { Plan } from '../../src/domain/plan/plan.ts'
import { aJournal, opened } from './a-journal.ts'
import { aCommand, aPlan, aPolicy, aRecipe, aService, noSteps } from './a-plan.ts'

const schemaWith = (plan: Plan, ...more: readonly Happening[]): unknown => {
  const deployment = {
    ...{ number: 7, plan, journal: aJournal(opened, ...more), holder: null, record: null },
    ...{ preDeploy: null, build: null, checkCompatibility: null },
  }
  return (writtenLedger({ ...emptyLedger('shop', 'production'), deployment }) as { schema: unknown }).schema
}

const rolling = (change: Partial<Service['rollout']> = {}): Plan => {
  const service = aService('web', 2)
  return aPlan({
    recipe: aRecipe({ services: [{ ...service, rollout: { ...service.rollout, ...change } }] }),
  })
}

test('a deployment as 0.1.0 makes it stands in a ledger of schema 1, whatever names its variables have', () => {
  expect(schemaWith(rolling())).toBe(1)
  const hook = { ...aCommand('hook'), env: { order: 'x', slots: 'y' } }
  const plan = aPlan({ recipe: aRecipe({ steps: { ...noSteps, postDeploy: hook }, services: [] }) })
  expect(schemaWith(plan)).toBe(1)
})

test.each<[string, Plan, ...Happening[]]>([
  ['a step', aPlan({ recipe: aRecipe({ steps: { ...noSteps, verify: aVerify() }, services: [] }) })],
  ['an order of the roll', rolling({ order: { kind: 'in-place' } as Service['rollout']['order'] })],
  ['a place of a command', aPlan({ recipe: onHosts() })],
  ['the number of approvers', aPlan({ policy: aPolicy({ approval: approval(2) }) })],
  ['an event', rolling(), { kind: 'artifact-frozen', sha: 'a', path: 'b', sha256: 'c', from: 'host' }],
])('%s that 0.1.0 does not know: schema 2, which 0.1.0 refuses', (_, plan, ...events) => {
  expect(schemaWith(plan, ...events)).toBe(2)
})

function aVerify() {
  const http = { kind: 'http', url: '$ROLLGATE_URL/', timeout: 1_000 } as const
  return { http, command: null, attempts: 1, interval: 0, onFailure: 'ask' } as const
}

function onHosts() {
  const on = { kind: 'instances', service: 'web', instances: { kind: 'one' } } as const
  const migrate = { command: { ...aCommand('migrate'), on }, phase: 'expand', repeatable: false } as const
  return aRecipe({ steps: { ...noSteps, migrate }, services: [aService('web', 1)] })
}

function approval(atLeast: number) {
  return { kind: 'named', from: ['alice', 'bob'], notSelf: false, atLeast } as const
}
