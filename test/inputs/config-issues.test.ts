import { expect, test } from 'vitest'
import { readPolicy } from '../../src/inputs/config/read.ts'
import { findingsOf, source } from './config.fixture.ts'

const policy = (issues: string) =>
  readPolicy(
    source(`version: 1\nenvironments:\n  prod:\n    class: staging\n    issues: ${issues}\n`),
    'prod',
  )

test('issues are off until they are asked for, and then carry what was named', () => {
  const without = source('version: 1\nenvironments: { prod: { class: staging } }\n')
  expect(readPolicy(without, 'prod')).not.toHaveProperty('issues')
  expect(policy('{ on: [failed] }').issues).toEqual({ on: ['failed'], labels: [], assignees: [] })
})

test.each([
  ['{}', 'issues: `on` is missing: expected a list of `failed` or `waiting`'],
  ['{ on: [] }', 'issues.on: names nothing: add `failed` or `waiting`, or remove `issues`'],
  ['{ on: [broken] }', 'issues.on[0]: expected `failed` or `waiting`'],
  ['{ on: [failed, failed] }', 'issues.on[1]: `failed` is named twice'],
  [
    '{ on: [failed], labels: ["a,b"] }',
    'issues.labels[0]: expected a label of at most 50 characters, without a comma',
  ],
  ['{ on: [failed], assignees: ["@alice"] }', 'issues.assignees[0]: expected a login, without `@`'],
  [
    '{ on: [failed], assignees: [org/team] }',
    'issues.assignees[0]: expected a login, without `@`; a team cannot',
  ],
  ['{ on: [failed], label: [x] }', '`label`'],
])('%s is refused with words', (issues, words) => {
  expect(findingsOf(() => policy(issues)).join('\n')).toContain(words)
})
