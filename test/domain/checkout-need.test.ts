import { expect, test } from 'vitest'
import { needsCheckout } from '../../src/domain/plan/checkout-need.ts'
import {
  aLedgerServing,
  allSteps,
  anSshFleet,
  aPlan,
  aPolicy,
  aRecipe,
  aService,
  noSteps,
  older,
} from './a-plan.ts'

const policy = aPolicy({ approval: { kind: 'none' } })
const { serving } = aLedgerServing(older)
const ledger = aLedgerServing(older, { serving: serving && { ...serving, preDeploy: null } })
const withService = (change: Parameters<typeof aService>[3]) =>
  aPlan({ policy, ledger, recipe: aRecipe({ steps: noSteps, services: [aService('web', 2, {}, change)] }) })

test('a plan with a command on the runner needs the checkout F42', () => {
  const migrate = { ...noSteps, migrate: allSteps.migrate }
  expect(needsCheckout(aPlan({ policy, ledger, recipe: aRecipe({ steps: migrate, services: [] }) }))).toBe(
    true,
  )
  expect(needsCheckout(withService({}))).toBe(true)
})

test('hosts over ssh need it only for files of the release F42', () => {
  const fleet = anSshFleet(['web-1', 'web-2'])
  const bare = { ...fleet, inventory: null, settings: null, upload: null }
  expect(needsCheckout(withService({ fleet: bare }))).toBe(false)
  for (const change of [{ upload: 'shop.tar' }, { settings: 'ssh.conf' }])
    expect(needsCheckout(withService({ fleet: { ...bare, ...change } }))).toBe(true)
})
