import * as z from 'zod/mini'
import { probe, probeKeys, probeWords } from './command.ts'
import { enginePart } from './engine.ts'
import { fleet } from './fleet.ts'
import { name } from './names.ts'
import { expected, flag, mapping, named, oneOf, union } from './shapes.ts'
import { testBed } from './test-bed.ts'
import { traffic } from './traffic.ts'
import { count, duration, durationOrNone, wholeNumber } from './values.ts'
import { byDefault, key, vocabulary } from './vocabulary.ts'

const healthCheck = mapping(probeWords, {
  ...probeKeys('5s'),
  interval: byDefault(duration, '1s', 'The time between two checks.'),
  'min-healthy-time': byDefault(
    durationOrNone,
    '5s',
    'The time that an instance must stay healthy, without a break.',
  ),
  'healthy-deadline': byDefault(
    duration,
    '2m',
    'The longest time from its start until an instance is healthy.',
  ),
})

const selfTest = mapping(probeWords, {
  ...probeKeys('1m'),
  retries: byDefault(wholeNumber(0), 0, 'Further tries after a failed one.'),
})

const batchesWords = 'a list of counts like `[1, 25%, 100%]`'

const batches = z
  .array(count(1), { error: expected(batchesWords) })
  .check(z.minLength(1, { error: () => 'names no size: add one, or remove it' }))
  .register(vocabulary, { words: batchesWords })

const rollback = mapping('a mapping with `max-parallel` and `min-available`', {
  'max-parallel': key(count(1), 'Instances changed together while going back; default: as going forward.'),
  'min-available': key(
    count(0),
    'Instances that must stay in traffic while going back; default: as going forward.',
  ),
})

const rollout = mapping('a mapping of rollout settings', {
  order: byDefault(
    oneOf(['stop-first', 'start-first', 'in-place']),
    'stop-first',
    'The order on one instance: it stops before the new release starts, after that was seen in traffic, or not at all.',
  ),
  'max-parallel': key(
    count(1),
    'Instances changed together; a percentage is rounded down, never below one. Default: 1.',
  ),
  batches: key(
    batches,
    'The sizes of the batches at most, one after another; the last repeats. In place of `max-parallel`.',
  ),
  'pause-between-batches': key(
    duration,
    'The time between the end of a batch and the next one, going forward; at most 1h. Default: none.',
  ),
  'min-available': key(count(0), 'Instances that must stay in traffic at any moment.'),
  rollback: key(
    rollback,
    'The pace of going back: of a rollback, and of a deployment that turned back. Default: as going forward.',
  ),
  'max-failures': byDefault(
    wholeNumber(0),
    0,
    'The number of instances that may fail in the whole rollout before it stops.',
  ),
  'progress-deadline': byDefault(
    duration,
    '20m',
    'The longest time of a rollout until one more instance is healthy.',
  ),
  'on-failure': byDefault(
    oneOf(['ask', 'roll-back']),
    'ask',
    'Stops and asks a person, or rolls back without asking.',
  ),
  'accept-downtime': byDefault(
    flag(),
    false,
    'Accepts that a service of one instance is down while it is changed.',
  ),
})

export const engineWords = 'The engine that rolls the service by itself, in place of `fleet`.'

/** A service; the combination of its keys is judged once an environment was laid over it. */
export const service = mapping('a mapping of settings of a service', {
  fleet: key(fleet, 'The instances, and how one of them is changed.'),
  engine: key(enginePart, engineWords),
  traffic: byDefault(
    traffic,
    'is-alive',
    'The way of an instance out of traffic and back; `is-alive`: the balancer asks it.',
  ),
  version: key(
    probe,
    'Answers with the release that an instance runs: on its first line, or as `version` or `release` in JSON.',
  ),
  'health-check': key(healthCheck, 'Is it up? Asked again and again.'),
  'self-test': key(selfTest, 'Is it right? Asked once, out of traffic.'),
  'test-bed': key(testBed, 'The first instances, changed alone and watched before the others.'),
  rollout: byDefault(rollout, {}, 'The pace of the change over the instances.'),
}).register(vocabulary, { id: 'service', words: 'a mapping of settings of a service' })

export const servicesWords = 'a mapping of services by name'

/** Services as a recipe writes them, each perhaps only a part of the whole. */
export const services = named(servicesWords, name, service)

/** The word in place of the settings of a service that an environment does not have. */
export const absentWord = 'absent'

const absentWords = '`absent`, or a mapping of settings of a service'

/** Services as an environment writes them. */
export const servicesThere = named(
  servicesWords,
  name,
  union(absentWords, [
    z.literal(absentWord, { error: expected(absentWords) }).register(vocabulary, { words: '`absent`' }),
    service,
  ]),
)

export type ServiceValue = z.output<typeof service>
