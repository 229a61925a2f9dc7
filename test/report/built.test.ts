import { expect, test } from 'vitest'
import { issueText, issueTitle } from '../../src/report/outcome/issue-text.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import { resultOf } from '../../src/report/outcome/result-output.ts'
import type { View } from '../../src/report/outcome/view.ts'
import { command, failure, planOf, play, recipe } from './scenario.ts'

const records = 'https://github.com/acme/shop/deployments/production'
const building = {
  recipe: { ...recipe, steps: { ...recipe.steps, build: { command: command('make image'), unless: null } } },
}
const broken = {
  failures: { build: [failure('command-failed', 'make image ended with 2.', ['no space left'])] },
}
const undeployed = {
  failures: { 'pre-deploy': [failure('command-failed', 'vendor/bin/install ended with 1.', ['no lock'])] },
}
const told = (view: View) => ({
  result: [resultOf(view).outcome, resultOf(view).steps.find(({ id }) => id === 'build')?.state],
  title: issueTitle(view),
  pages: [outcomeSummary(view), issueText(view, records)],
})

test('a build that failed is told as that, with its last lines: nothing was deployed CC-29', async () => {
  const { result, title, pages } = told(play(planOf(building), broken))
  expect(result).toEqual(['failed', 'failed'])
  expect(title).toBe('shop: build of v1.3.0 for production failed')
  for (const page of pages) {
    expect(page).toContain('no space left')
    expect(page).toContain('v1.3.0 is not built, so nothing was deployed.')
  }
  await expect(pages[1]).toMatchFileSnapshot('golden/issue-build-failed.md')
})

test('a deployment that failed after its build is told as that CC-29', () => {
  const { result, title, pages } = told(
    play(planOf(building), { ...undeployed, answers: [{ decision: 'roll-back' }] }),
  )
  expect(result[1]).toBe('succeeded')
  expect(title).toBe('shop: deploy of v1.3.0 to production was rolled back')
  for (const page of pages) {
    expect(page).toContain('no lock')
    expect(page).not.toContain('not built')
  }
  expect(pages[1]).toContain('v1.3.0 was built; what failed is its deployment.')
})

test('a build alone says that the release is built and not deployed, or that it is not even built CC-29', () => {
  const plan = planOf({ ...building, wanted: 'build' })
  const built = told(play(plan))
  expect(built.result).toEqual(['succeeded', 'succeeded'])
  expect(built.pages[0]).toContain('v1.3.0 is built. Nothing of `production` has changed: deploy it')
  const failed = told(play(plan, broken))
  expect(failed.title).toBe('shop: build of v1.3.0 for production failed')
  expect(failed.pages[1]).toContain('It failed at `build`. v1.3.0 is not built.')
  expect(failed.pages[1]).toContain('A build alone, for `production`')
})

test('a release that was built and deployed is reported as serving CC-29', () => {
  const { result, pages } = told(play(planOf(building)))
  expect(result).toEqual(['succeeded', 'succeeded'])
  expect(pages[1]).toContain('v1.3.0 serves')
})

test('an earlier build is no build of this run CC-29', () => {
  const { pages } = told(play(planOf(), { ...undeployed, answers: [{ decision: 'roll-back' }] }))
  expect(pages[1]).toContain('v1.3.0 had been built before; what failed is its deployment.')
})
