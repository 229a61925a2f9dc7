import * as z from 'zod/mini'
import { command, probe, probeKeys, probeWords } from './command.ts'
import { serviceRules } from './service-rules.ts'
import { expected, flag, mapping, named, oneOf, union } from './shapes.ts'
import { count, distinct, duration, durationOrNone, name, variables, wholeNumber } from './values.ts'
import { byDefault, key, required, vocabulary } from './vocabulary.ts'

const instancesWords = 'a list of names, or a mapping of names to variables'

const instanceList = z.array(name, { error: expected(instancesWords) }).check(distinct)

const instances = union(instancesWords, [
  instanceList,
  named(instancesWords, name, variables('variables like `{ PORT: "4001" }`, or `{}` for none')),
])

const fleet = mapping('a mapping with `local`', {
  local: key(
    mapping('a mapping with `instances`', {
      instances: key(instances, 'The instances, by name; as a mapping, each with variables of its own.'),
    }),
    'Instances that are processes on the machine the run is on.',
  ),
  stop: key(command, 'Stops one instance.'),
  install: key(command, 'Brings the release to one instance, while it is stopped.'),
  start: key(command, 'Starts one instance, and returns.'),
})

const trafficWords = '`is-alive`, or a mapping with `command`'

const traffic = union(trafficWords, [
  z.literal('is-alive', { error: expected(trafficWords) }),
  mapping(trafficWords, {
    command: required(
      mapping('a mapping with `leave`, `enter` or `serving`', {
        leave: key(command, 'Takes an instance out of traffic; returns when no request is under way there.'),
        enter: key(command, 'Lets an instance into traffic again.'),
        serving: key(probe, 'Says yes when the front door sends requests to the instance.'),
        timeout: byDefault(duration, '30s', 'How long `serving` may take to say yes.'),
      }),
      'Commands that move an instance out of traffic and back.',
    ),
  }),
])

const healthCheck = mapping(probeWords, {
  ...probeKeys('5s'),
  interval: byDefault(duration, '1s', 'The time between two checks.'),
  'min-healthy-time': byDefault(
    durationOrNone,
    '5s',
    'How long an instance must stay healthy, without a break.',
  ),
  'healthy-deadline': byDefault(
    duration,
    '2m',
    'How long after its start an instance may take to be healthy.',
  ),
})

const selfTest = mapping(probeWords, {
  ...probeKeys('1m'),
  retries: byDefault(wholeNumber(0), 0, 'Further tries after a failed one.'),
})

const rollout = mapping('a mapping of rollout settings', {
  'max-parallel': byDefault(
    count(1),
    1,
    'Instances changed together; a percentage is rounded down, never below one.',
  ),
  'min-available': key(count(0), 'Instances that must stay in traffic at any moment.'),
  'max-failures': byDefault(
    wholeNumber(0),
    0,
    'Instances that may fail, in the whole rollout, before it stops.',
  ),
  'progress-deadline': byDefault(
    duration,
    '20m',
    'How long a rollout may go without one more instance having become healthy.',
  ),
  'on-failure': byDefault(
    oneOf(['ask', 'roll-back']),
    'ask',
    'Stops and asks a person, or rolls back unasked.',
  ),
  'accept-downtime': byDefault(
    flag(),
    false,
    'Accepts that a service of one instance is down while it is changed.',
  ),
})

const service = mapping('a mapping of settings of a service', {
  fleet: key(fleet, 'The instances, and how one of them is changed.'),
  traffic: byDefault(
    traffic,
    'is-alive',
    'How an instance leaves traffic and comes back; `is-alive`: the balancer asks it.',
  ),
  version: key(
    probe,
    'Answers with the release that an instance runs: on its first line, or as `version` or `release` in JSON.',
  ),
  'health-check': key(healthCheck, 'Is it up? Asked again and again.'),
  'self-test': key(selfTest, 'Is it right? Asked once, out of traffic.'),
  rollout: byDefault(rollout, {}, 'How the change goes over the instances.'),
})

const servicesWords = 'a mapping of services by name'

/** Services as they are written: in a recipe or for one environment, each perhaps only a part of the whole. */
export const services = named(servicesWords, name, service).register(vocabulary, {
  id: 'services',
  words: servicesWords,
})

/** Services once an environment was laid over them: only now the rules about several keys can be judged. */
export const wholeServices = named(servicesWords, name, service.check(...serviceRules))

export type ServiceValue = z.output<typeof service>
