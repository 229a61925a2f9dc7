import { describe, expect, test } from 'vitest'
import { recipeDifferences } from '../../src/domain/config/recipe-differences.ts'
import { readRecipe } from '../../src/inputs/config/read.ts'
import { findingsOf, readBoth, source } from './config.fixture.ts'

const services = `services:
  web: { fleet: { local: { instances: [web-1, web-2] } } }
  worker: { fleet: { install: bin/install } }
`
const config = (over: string, more = '') =>
  `version: 1\nenvironments: { staging: { class: staging, services: ${over} } }\n${services}${more}`
const findings = (over: string, more = '') => findingsOf(() => readBoth(config(over, more), 'staging'))
const quiet = (place: string) =>
  `steps: { hooks: { quiet: { run: q, on: { service: worker, instances: all }, ${place} } } }`

describe('a service that is absent in an environment', () => {
  test('is not in its recipe, which remembers the name', () => {
    const { recipe } = readBoth(config('{ worker: absent }'), 'staging')
    expect(recipe.services.map(({ name }) => name)).toEqual(['web'])
    expect(recipe.absent).toEqual(['worker'])
  })

  test('needs no instances, which the same service needs elsewhere', () => {
    expect(findings('{ web: {} }')).toEqual([
      expect.stringContaining('services.worker: has no instances in staging'),
    ])
  })

  test('leaves a recipe without it as it is', () => {
    expect(
      readBoth(config('{ worker: { fleet: { local: { instances: [a] } } } }'), 'staging').recipe,
    ).not.toHaveProperty('absent')
  })

  test.each([
    ['steps: { migrate: { run: a, phase: expand, on: { service: worker } } }', 'steps.migrate.on.service'],
    [
      'steps: { scheduler: { suspend: { run: a, on: { service: worker } }, resume: b } }',
      'steps.scheduler.suspend.on',
    ],
    [quiet('before: roll-services/web'), 'steps.hooks.quiet.on.service'],
    [quiet('before: migrate'), 'steps.hooks.quiet.on.service'],
  ])('is refused as the place of %s', (more, key) => {
    const all = findings('{ worker: absent }', more)
    expect(all).toHaveLength(1)
    expect(all[0]).toContain(key)
    expect(all[0]).toContain('`worker` is absent in staging')
    expect(all[0]).toContain('environments.staging.services.worker')
  })

  test.each(['before: roll-services/worker', 'after: prepare/worker'])('takes the hook %s with it', (place) =>
    expect(() => readBoth(config('{ worker: absent }', quiet(place)), 'staging')).not.toThrow(),
  )

  test('may be named by a task, which is refused when it is run', () => {
    const task = 'tasks: { requeue: { run: a, on: { service: worker } } }'
    expect(() => readBoth(config('{ worker: absent }', task), 'staging')).not.toThrow()
  })

  test('may not be every service', () => {
    expect(findings('{ web: absent, worker: absent }')).toEqual([
      expect.stringContaining('leaves the environment without a service: keep one of `web`, `worker`'),
    ])
  })

  test.each([
    '{ worker: none }',
    '{ worker: Absent }',
    '{ worker: false }',
    '{ worker: ~ }',
    '{ worker: [absent] }',
  ])('is not written as %s', (over) => {
    expect(findings(over).join('\n')).toContain('expected `absent`, or a mapping of settings of a service')
  })

  test('cannot be absent in the recipe itself', () => {
    const text = 'version: 1\nenvironments: { staging: { class: staging } }\nservices: { worker: absent }\n'
    expect(findingsOf(() => readBoth(text, 'staging')).join('\n')).toContain('expected a mapping of settings')
  })

  test('still has its recipe checked', () => {
    const broken = config('{ worker: absent }').replace('install: bin/install', 'instal: bin/install')
    expect(findingsOf(() => readBoth(broken, 'staging')).join('\n')).toContain('did you mean `install`?')
  })
})

describe("an environment's `absent`, laid over a release that does not have the service", () => {
  const older = (over: string) => {
    const recipe = source(
      `version: 1\nservices: { web: { fleet: { local: { instances: [a, b] } } } }\n`,
      'v1.0.0',
    )
    return readRecipe(recipe, { source: source(config(over)), environment: 'staging' })
  }

  test('holds already: going back to before the service came is no mistake', () => {
    const recipe = older('{ worker: absent }')
    expect(recipe.absent).toBeUndefined()
    expect(recipeDifferences(recipe, older('{}'))).toEqual([])
  })

  test('is a slip where a name is near, or in the same file', () => {
    expect(findingsOf(() => older('{ wbe: absent }')).join()).toContain('did you mean `web`?')
    expect(findings('{ wroker: absent }').join()).toContain('did you mean `worker`?')
    expect(findings('{ mailer: absent, worker: absent }').join()).toContain('has no service `mailer`')
  })
})

test('a service that is absent makes no difference between two releases, and one that came back does', () => {
  const release = (prepare: string) => source(config('{}').replace('bin/install', prepare), 'v1')
  const here = (text: string, over: string) =>
    readRecipe(release(text), { source: source(config(over)), environment: 'staging' })
  const [there, absent] = ['{ worker: { fleet: { local: { instances: [a] } } } }', '{ worker: absent }']
  expect(recipeDifferences(here('bin/a', absent), here('bin/b', absent))).toEqual([])
  expect(recipeDifferences(here('bin/a', there), here('bin/b', there))).toEqual(['services.worker.fleet'])
  expect(recipeDifferences(here('bin/a', absent), here('bin/a', there))).toEqual(['services.worker'])
})
