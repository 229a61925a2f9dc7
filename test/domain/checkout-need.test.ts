import { expect, test } from 'vitest'
import { needsCheckout } from '../../src/domain/plan/checkout-need.ts'
import { isRoll } from '../../src/domain/step/step.ts'
import {
  aCommand,
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

test('hosts over ssh need it for a command on the runner, and for the checks of the serving release F42', () => {
  const bare = { ...anSshFleet(['web-1', 'web-2']), inventory: null, settings: null, upload: null }
  const here = { ...aCommand('mute-alerts'), on: { kind: 'runner' } } as const
  expect(needsCheckout(withService({ fleet: { ...bare, stop: here } }))).toBe(true)
  const plan = withService({ fleet: bare })
  const checked = plan.steps.map((step) =>
    isRoll(step) ? { ...step, instanceCheck: aCommand('check-older') } : step,
  )
  expect(needsCheckout({ steps: checked })).toBe(true)
})
