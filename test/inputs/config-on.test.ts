import { describe, expect, test } from 'vitest'
import { onFleets } from '../../src/domain/config/declared-service.ts'
import { findingsOf, readBoth } from './config.fixture.ts'

const services = `services:
  web:
    fleet:
      ssh: { hosts: [web-1, web-2] }
      install: bin/install
      stop: { run: bin/silence-alarm, on: runner }
    traffic: { command: { leave: { run: bin/leave, on: runner }, serving: { run: bin/in-pool, on: runner } } }
    version: { run: bin/version }
`
const config = (more: string) =>
  `version: 1\nenvironments: { staging: { class: staging } }\n${services}${more}`

describe('the place of a command', () => {
  test('is read for steps, hooks and tasks', () => {
    const { steps, tasks = {} } = readBoth(
      config(`steps:
  migrate: { run: bin/migrate, phase: expand, on: { service: web } }
  pre-configure: { run: bin/quiet, on: { service: web, instances: all } }
  post-configure: { run: bin/one, on: runner }
  scheduler:
    suspend: { run: bin/suspend, on: { service: web, instances: [web-2] } }
    resume: bin/resume
tasks:
  warm-up: { run: bin/warm-up, on: { service: web, instances: all } }
`),
      'staging',
    ).recipe
    const web = (instances: object) => ({ kind: 'instances', service: 'web', instances })
    expect(steps.migrate?.command.on).toEqual(web({ kind: 'one' }))
    expect(steps.preConfigure?.on).toEqual(web({ kind: 'all' }))
    expect(steps.postConfigure).not.toHaveProperty('on')
    expect(steps.scheduler).toHaveProperty('suspend.on', web({ kind: 'named', names: ['web-2'] }))
    expect(tasks['warm-up']?.on).toEqual(web({ kind: 'all' }))
  })

  test('is the machine of the job for a build: any other is one finding, with the way around', () => {
    const place = 'on: { service: web }'
    const text = config(`steps: { build: { run: bin/build, ${place} } }\n`)
    const findings = findingsOf(() => readBoth(text, 'staging'))
    expect(findings).toHaveLength(1)
    expect(findings[0]).toMatch(/steps\.build\.on: expected `?runner`?.*docker --context/)
    const { steps } = readBoth(config('steps: { build: { run: bin/build, on: runner } }\n'), 'staging').recipe
    expect(steps.build?.command.run).toBe('bin/build')
  })

  const checking = (more: string) =>
    readBoth(config(`steps: { check-compatibility: { run: bin/check, ${more} } }\n`), 'staging').recipe.steps

  test.each(['instance', 'both'])('is the runner where checks meet an instance: %s', (against) => {
    expect(checking(`against: ${against}`).checkCompatibility).toMatchObject({ run: 'bin/check', against })
    expect(checking(`against: ${against}`).checkCompatibility).not.toHaveProperty('on')
    expect(findingsOf(() => checking(`against: ${against}, on: { service: web }`))).toEqual([
      expect.stringContaining('runs on the runner where it meets an instance'),
    ])
  })

  test('is free where checks meet the schema', () => {
    const { checkCompatibility } = checking('against: schema, on: { service: web }')
    expect(checkCompatibility).toHaveProperty('on')
    expect(checkCompatibility).not.toHaveProperty('against')
  })

  test("is the runner for an instance's own command that says so", () => {
    const [web] = onFleets(readBoth(config(''), 'staging').recipe.services)
    expect(web?.fleet.stop?.on).toEqual({ kind: 'runner' })
    expect(web?.fleet.install).not.toHaveProperty('on')
    expect(web?.traffic).toMatchObject({
      leave: { on: { kind: 'runner' } },
      serving: { command: { on: { kind: 'runner' } } },
    })
  })

  test.each([
    [
      'steps: { post-deploy: { run: a, on: { service: wep } } }',
      'there is no service `wep`; did you mean `web`?',
    ],
    ['tasks: { t: { run: a, on: { service: web, instances: [] } } }', 'names no instance'],
    ['steps: { post-deploy: { run: a, on: host } }', '`runner`, or a mapping with `service`'],
  ])('%s is a finding', (more, words) => {
    expect(findingsOf(() => readBoth(config(more), 'staging')).join('\n')).toContain(words)
  })
})
