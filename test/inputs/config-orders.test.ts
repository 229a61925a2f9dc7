import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { onFleets } from '../../src/domain/config/declared-service.ts'
import { readRecipe } from '../../src/inputs/config/read.ts'
import { findingsOf, source } from './config.fixture.ts'

const policy = source('version: 1\nenvironments: { production: { class: production } }')

type Laid = Readonly<Record<string, unknown>>

const slots = { a: { PORT: '4001' }, b: { PORT: '5001' } }
const fleet = { local: { instances: ['web-1'] }, stop: 'stop', install: 'install', start: 'start' }
const byCommand = { command: { leave: 'leave', enter: 'enter', serving: { run: 'in-pool' } } }

const beside = (laid: Laid = {}, ofFleet: Laid = {}) => ({
  fleet: { ...fleet, slots, ...ofFleet },
  traffic: byCommand,
  version: { run: 'version' },
  rollout: { order: 'start-first' },
  ...laid,
})
const { stop: _, ...withoutStop } = fleet
const inPlace = (laid: Laid = {}) => ({ fleet: withoutStop, rollout: { order: 'in-place' }, ...laid })

const read = (web: Laid) =>
  readRecipe(source(stringify({ version: 1, services: { web } })), {
    source: policy,
    environment: 'production',
  })

const findings = (web: Laid) => findingsOf(() => read(web)).map((finding) => finding.replace(/^\S+ {2}/, ''))

describe('an order', () => {
  test('start-first is read with its slots, in-place without', () => {
    expect(onFleets(read(beside()).services)[0]?.rollout.order).toEqual({ kind: 'start-first', slots })
    expect(onFleets(read(inPlace()).services)[0]?.rollout.order).toEqual({ kind: 'in-place' })
    const health = { http: 'http://127.0.0.1:$PORT/is-alive' }
    for (const traffic of [{ haproxy: { socket: '/s', backend: 'web', server: '$ROLLGATE_INSTANCE-$PORT' } }])
      expect(read(beside({ traffic })).services).toHaveLength(1)
    expect(
      read(beside({ traffic: { 'is-alive': { leave: 'x' } }, 'health-check': health })).services,
    ).toHaveLength(1)
  })

  test.each<[string, Laid, string]>([
    [
      'batches beside a number at once',
      beside({ rollout: { order: 'start-first', batches: [1, '100%'], 'max-parallel': 1 } }),
      'services.web.rollout.batches: contradicts `max-parallel`',
    ],
    [
      'a pause that a run cannot stay for',
      beside({ rollout: { order: 'start-first', 'pause-between-batches': '61m' } }),
      'services.web.rollout.pause-between-batches: is longer than 1h',
    ],
    [
      'batches of no size',
      beside({ rollout: { order: 'start-first', batches: [] } }),
      'services.web.rollout.batches: names no size',
    ],
    [
      'start-first without slots',
      beside({}, { slots: undefined }),
      'services.web.rollout.order: `slots` is missing',
    ],
    [
      'start-first with one slot',
      beside({}, { slots: { a: {} } }),
      'services.web.fleet.slots: `slots` is missing',
    ],
    [
      'start-first with two slots in one place',
      beside({}, { slots: { a: slots.a, b: slots.a } }),
      'services.web.fleet.slots.b: has the same variables as `a`',
    ],
    [
      'start-first that stops nothing',
      beside({}, { stop: 'true' }),
      'services.web.fleet.stop: `stop` is missing or',
    ],
    [
      'start-first without a version',
      beside({ version: undefined }),
      'services.web.rollout.order: `version` is missing',
    ],
    [
      'start-first that cannot see traffic',
      beside({ traffic: 'is-alive' }),
      'services.web.traffic: cannot be seen',
    ],
    [
      'start-first that does not ask the front door',
      beside({ traffic: { command: { leave: 'leave', enter: 'enter' } } }),
      'services.web.traffic: cannot be seen',
    ],
    [
      'start-first with an instance that says it is alive, and no health check',
      beside({ traffic: { 'is-alive': { leave: 'leave' } } }),
      'services.web.traffic: cannot be seen',
    ],
    [
      'start-first with one server for both slots',
      beside({ traffic: { haproxy: { socket: '/s', backend: 'web' } } }),
      'services.web.rollout.order: is one name for both slots',
    ],
    [
      'slots of another order',
      { fleet: { ...fleet, slots } },
      'services.web.fleet.slots: are of `rollout.order',
    ],
    ['in-place with a stop', inPlace({ fleet }), 'services.web.fleet.stop: `stop` is never run'],
    [
      'in-place that leaves traffic',
      inPlace({ traffic: { command: { leave: 'leave' } } }),
      'services.web.traffic: is never moved',
    ],
  ])('%s is refused', (_what, web, words) => {
    const found = findings(web)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(words)
  })
})
