import { expect, test } from 'vitest'
import { issueKey, issueText, issueTitle } from '../../src/report/outcome/issue-text.ts'
import { failure, planOf, play } from './scenario.ts'

const records = 'https://github.com/acme/shop/deployments/production'
const selfTest = failure('self-test-failed', 'The self test of web-3 failed: it answered 500.', [
  'GET /self-test',
  'database: no such column orders.note',
])
const waiting = () => play(planOf(), { failures: { 'web-3': [selfTest] } })

test('the text of a question has all that is needed to answer it CC-24', async () => {
  const page = issueText(waiting(), records)
  expect(page).toContain('database: no such column orders.note')
  expect(page).toContain('**2 of 3** available, 1 must stay')
  expect(page).toContain('| `force-next` |')
  expect(page).toContain(`[record 107](<${records}>)`)
  expect(issueTitle(waiting())).toBe('shop: deploy of v1.3.0 to production waits for a decision')
  await expect(page).toMatchFileSnapshot('golden/issue-waiting.md')
})

test('the text of a deployment that failed has the reason, the next step and the places to look CC-24', async () => {
  const view = play(planOf(), { failures: { 'web-3': [selfTest] }, answers: [{ decision: 'roll-back' }] })
  expect(issueTitle(view)).toBe('shop: deploy of v1.3.0 to production was rolled back')
  await expect(issueText(view, records)).toMatchFileSnapshot('golden/issue-failed.md')
})

test('the text of a success names the serving release', async () => {
  const page = issueText(play(planOf()), records)
  expect(page).toContain('v1.3.0 serves')
  await expect(page).toMatchFileSnapshot('golden/issue-closed.md')
})

test('a question has one key for as long as it waits, and each end another', () => {
  const question = waiting()
  const later = [...question.journal, { at: question.now, kind: 'left' } as const]
  expect(issueKey(question)).toMatch(/^deployment 7 of [0-9a-f]{12}, pause 7\.\d$/)
  expect(issueKey({ ...question, journal: later })).toBe(issueKey(question))
  const keys = [question, play(planOf())].map(issueKey)
  expect(new Set(keys).size).toBe(2)
})

test('the longest of names and lines leave an issue that GitHub takes', () => {
  const lines = Array.from({ length: 500 }, () => 'x'.repeat(2_000))
  const view = play(planOf(), { failures: { 'web-3': [failure('self-test-failed', 'It failed.', lines)] } })
  expect(Buffer.byteLength(issueText(view, records))).toBeLessThan(60_000)
  expect(issueTitle({ ...view, plan: { ...view.plan, app: 'a'.repeat(400) } })).toHaveLength(250)
})
