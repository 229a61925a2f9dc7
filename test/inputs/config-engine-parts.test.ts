import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { onEngines } from '../../src/domain/config/declared-service.ts'
import { readBoth } from './config.fixture.ts'

const image = 'ghcr.io/acme/shop@$DIGEST'

/** A config whose recipe and whose production each write a part of one engine. */
const config = (recipe: object, production: object): string =>
  stringify({
    version: 1,
    environments: { production: { class: 'production', services: { web: { engine: production } } } },
    services: { web: { engine: recipe } },
  })

const engineOf = (recipe: object, production: object) => {
  const { services } = readBoth(config(recipe, production)).recipe
  return onEngines(services)[0]
}

describe('an engine of which the recipe writes a part, and the environment the rest', () => {
  test.each([
    [
      { kubernetes: { deployment: 'web', image } },
      { kubernetes: { namespace: 'shop' }, deadline: '5m' },
      { kind: 'kubernetes', namespace: 'shop', workload: { kind: 'deployment', name: 'web' } },
    ],
    [{ swarm: { image } }, { swarm: { service: 'shop_web' } }, { kind: 'swarm', service: 'shop_web' }],
    [{ ecs: { service: 'web', image } }, { ecs: { cluster: 'live' } }, { kind: 'ecs', cluster: 'live' }],
    [{ command: { image, state: 'bin/s' } }, { command: { 'hand-over': 'bin/h' } }, { kind: 'command' }],
  ])('%o under %o → one engine', (recipe, production, engine) => {
    expect(engineOf(recipe, production)).toMatchObject({ engine })
  })

  test.each([
    [
      { kubernetes: { deployment: 'web', namespace: 'shop', image } },
      { command: { image, state: 'bin/s', 'hand-over': 'bin/h' } },
      { kind: 'command' },
    ],
    [
      { kubernetes: { deployment: 'web', namespace: 'shop', image } },
      { kubernetes: { statefulset: 'web', images: { app: image } } },
      { kind: 'kubernetes', workload: { kind: 'statefulset' }, images: { app: image } },
    ],
  ])('%o under %o → what excludes each other takes each other’s place', (recipe, production, engine) => {
    expect(engineOf(recipe, production)).toMatchObject({ engine })
  })

  test.each([
    [{ kubernetes: { deployment: 'web' } }, { deadline: '5m' }, /`namespace` is missing/],
    [{ kubernetes: { namespace: 'shop', image } }, { deadline: '5m' }, /names one workload/],
    [{ ecs: { service: 'web', image } }, { deadline: '5m' }, /`cluster` is missing/],
    [{ deadline: '5m' }, { 'on-failure': 'ask' }, /names no engine: add `kubernetes`/],
  ])('%o under %o lacks what the engine needs → the key by its name', (recipe, production, words) => {
    expect(() => readBoth(config(recipe, production))).toThrow(words)
  })
})
