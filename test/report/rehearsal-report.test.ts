import { expect, test } from 'vitest'
import {
  type RehearsalView,
  rehearsalLine,
  rehearsalResult,
  rehearsalSummary,
} from '../../src/report/act/rehearsal-report.ts'
import { older, planOf, servingOlder, wanted } from './scenario.ts'

const serving = servingOlder.serving && { ...servingOlder.serving, release: wanted }
const back = planOf({
  wanted: 'rollback',
  release: older,
  ledger: { ...servingOlder, serving },
  relation: 'behind',
})
const view = (change: Partial<RehearsalView> = {}): RehearsalView => ({
  environment: 'staging',
  release: wanted,
  to: older,
  back,
  rehearsed: null,
  run: 'https://github.com/acme/shop/actions/runs/70',
  now: '2026-11-21T09:30:00.000Z',
  ...change,
})
const rehearsed = { to: older, back: 8, again: 9, at: '2026-11-21T09:29:00.000Z' }

test('before it begins the page says what will be done, and what whoever starts it should know', async () => {
  const page = rehearsalSummary(view())
  expect(page).toContain('**v1.3.0** → **v1.2.0** → **v1.3.0**')
  expect(page).toContain('not the data that was written meanwhile')
  await expect(page).toMatchFileSnapshot('golden/rehearsal-planned.md')
  expect(rehearsalLine(view())).toBe('staging can rehearse v1.3.0 → v1.2.0 → v1.3.0')
})

test('afterwards it says which deployments it was, and who asks for it', async () => {
  const done = view({ back: null, rehearsed })
  await expect(rehearsalSummary(done)).toMatchFileSnapshot('golden/rehearsal-done.md')
  expect(rehearsalLine(done)).toContain('by deployments 8 and 9')
})

test('its result is JSON in kebab case, with the two deployments once they took place', () => {
  expect(rehearsalResult(view())).toMatchObject({ outcome: 'planned', deployments: null })
  const result = rehearsalResult(view({ rehearsed }))
  expect(result).toMatchObject({
    outcome: 'rehearsed',
    to: { tag: 'v1.2.0' },
    deployments: { back: 8, again: 9 },
  })
  expect(Object.keys(result.release)).toEqual(['tag', 'sha'])
  expect(JSON.stringify(result)).not.toMatch(/"[a-z]+[A-Z]\w*":/)
})
