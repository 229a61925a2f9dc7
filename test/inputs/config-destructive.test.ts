import { describe, expect, test } from 'vitest'
import { recipeDigest } from '../../src/domain/release/manifest.ts'
import { readFrozen } from '../../src/inputs/config/frozen.ts'
import { findingsOf, readBoth, source } from './config.fixture.ts'

const config = (more: string, policy = 'class: production') =>
  `version: 1\nenvironments: { production: { ${policy} } }\n${more}`

describe('destructive commands', () => {
  test('is marked on a hook, on the migration and on a task CC-33', () => {
    const { recipe } = readBoth(
      config(`steps:
  pre-deploy: bin/pre
  migrate: { run: bin/migrate, phase: expand, destructive: true }
  post-deploy: { run: bin/post, destructive: true }
tasks:
  warm-up: bin/warm-up
  sync-data: { run: bin/sync, timeout: 2h, destructive: true }
  announce: { run: bin/announce, destructive: false }
`),
    )
    const { steps, tasks = {} } = recipe
    expect(steps.preDeploy).not.toHaveProperty('destructive')
    expect(steps.migrate?.command.destructive).toBe(true)
    expect(steps.postDeploy?.destructive).toBe(true)
    expect(Object.keys(tasks)).toEqual(['warm-up', 'sync-data', 'announce'])
    expect(tasks['sync-data']).toMatchObject({ run: 'bin/sync', timeout: 7_200_000, destructive: true })
    expect(tasks['warm-up']).toEqual({
      run: 'bin/warm-up',
      shell: 'bash',
      env: {},
      workingDirectory: '.',
      timeout: 600_000,
    })
    expect(tasks.announce).not.toHaveProperty('destructive')
  })

  test('a command may take ten minutes, a migration twenty, a reset two hours, unless they say otherwise SP-30', () => {
    const { steps, tasks } = readBoth(
      config(
        'steps: { post-deploy: bin/post, migrate: { run: m, phase: expand }, reset: bin/reset }\ntasks: { one: bin/one }\n',
      ),
    ).recipe
    expect(
      [steps.postDeploy, steps.migrate?.command, steps.reset, tasks?.one].map((one) => one?.timeout),
    ).toEqual([600_000, 1_200_000, 7_200_000, 600_000])
  })

  test('a production names in its policy the steps that it allows SP-29', () => {
    const { policy } = readBoth(config('', 'class: production, allow-destructive: [reset, task/sync-data]'))
    expect(policy.allowDestructive).toEqual(['reset', 'task/sync-data'])
    expect(readBoth(config('')).policy).not.toHaveProperty('allowDestructive')
  })

  test('no release can allow it for itself: what it says of environments is not read', () => {
    const release = source(config('steps: { reset: r }', 'class: sandbox, allow-destructive: [reset]'), 'v1')
    expect(readFrozen(release).content).not.toHaveProperty('environments')
  })

  test.each([
    ['tasks: [bin/one]', '3:8  tasks: expected a mapping of tasks by name, found the list `["bin/one"]`'],
    ['tasks: { one: 1 }', '3:15  tasks.one: expected a command, or a mapping with `run`, found the number 1'],
    [
      'steps: { migrate: { run: m, phase: expand, destructive: very } }',
      '3:57  steps.migrate.destructive: expected true or false, found the text `very`',
    ],
  ])('%s is no way to write it', (text, finding) => {
    expect(findingsOf(() => readBoth(config(text)))).toEqual([finding])
  })
})

test('tasks are frozen with a release, and one without any is what it was before there were tasks MM-04', () => {
  const frozen = (more: string) => readFrozen(source(config(more)))
  const before = { release: null, steps: { 'post-deploy': 'bin/post' }, services: [] }
  expect(frozen('steps: { post-deploy: bin/post }').content).toEqual(before)
  const digest = (more: string) => recipeDigest(frozen(more).content)
  expect(digest('tasks: { one: a }')).not.toBe(digest('tasks: { one: b }'))
  expect(digest('tasks: { one: a }')).not.toBe(digest(''))
})
