import { expect, test } from 'vitest'
import { writtenPlan } from '../../src/domain/plan/written/plan.ts'
import { issueText } from '../../src/report/outcome/issue-text.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import { resultOf } from '../../src/report/outcome/result-output.ts'
import { failure, planOf, play, policy } from './scenario.ts'

const logs = 'https://logs.example.com/shop?env=production'
const link = `[logs of production](<${logs}>)`
const logged = planOf({ policy: { ...policy, logs } })
const fails = { failures: { 'web-3': [failure('self-test-failed', 'It failed.', ['500'])] } }

test('the address of the logs is linked on the page, in the question and in the issue, and stands in the result MM-16', () => {
  expect(outcomeSummary(play(logged))).toContain(` · ${link}`)
  expect(outcomeSummary(play(logged, fails))).toContain(`| to be looked at | ${link} |`)
  expect(issueText(play(logged, fails), 'https://github.com/acme/shop/deployments')).toContain(` · ${link}`)
  expect(resultOf(play(logged)).environment).toMatchObject({ logs })
})

test('without an address nothing is said of logs, and the plan is the one that it was MM-16', () => {
  expect(outcomeSummary(play(planOf()))).not.toContain('logs of')
  expect(resultOf(play(planOf())).environment).not.toHaveProperty('logs')
  expect(writtenPlan(planOf())).not.toHaveProperty('environment.logs')
  expect(planOf().digest).not.toBe(logged.digest)
})

test('nothing in the address ends the link', () => {
  const odd = planOf({ policy: { ...policy, logs: 'https://logs.example.com/a>b|c`d' } })
  expect(outcomeSummary(play(odd))).toContain('(<https://logs.example.com/a%3Eb%7Cc%60d>)')
})
