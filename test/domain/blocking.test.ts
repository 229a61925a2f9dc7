import { expect, test } from 'vitest'
import { withBlock } from '../../src/domain/ledger/blocking.ts'
import { aTime } from './a-journal.ts'
import { aHistory, aPast } from './a-ledger.ts'
import { aLedgerServing, aPlan, aRelease, newer, older } from './a-plan.ts'

const block = (release: typeof newer) => ({
  tag: release.tag,
  sha: release.sha,
  reason: 'it loses orders',
  by: 'rhea',
  at: aTime(0),
})

test('a blocked release is refused, with who, when, why and how it is taken back', () => {
  const ledger = withBlock(aLedgerServing(older), block(newer))
  expect(aPlan({ ledger }).refusals).toEqual([
    {
      code: 'release-blocked',
      what: 'v1.1.0 is blocked in production: it loses orders',
      why: `rhea blocked v1.1.0 (76312e3) at ${aTime(0)}.`,
      next: 'Choose another release; or, when the reason is gone, run block with release: v1.1.0, environment: production, unblock: true and a reason.',
    },
  ])
})

test('nor does a rollback go to one', () => {
  const history = aHistory(aPast(older), aPast(newer))
  const ledger = withBlock(aLedgerServing(newer, { history }), block(older))
  expect(aPlan({ wanted: 'rollback', release: older, ledger }).refusals).toMatchObject([
    { code: 'release-blocked' },
  ])
})

test('a blocked release that serves may be brought to its instances again, with a warning', () => {
  const ledger = withBlock(aLedgerServing(older), block(older))
  const plan = aPlan({ release: older, ledger, redeploy: true })
  expect(plan.refusals).toEqual([])
  expect(plan.warnings).toContain(`v1.0.0 serves, and is blocked by rhea since ${aTime(0)}: it loses orders.`)
})

test('the block of another release is no refusal', () => {
  const ledger = withBlock(aLedgerServing(older), block(aRelease('v0.9.0')))
  expect(aPlan({ ledger }).refusals).toEqual([])
})
