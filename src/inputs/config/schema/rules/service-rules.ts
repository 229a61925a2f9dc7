import { showDuration } from '../../duration.ts'
import type { ServiceValue } from '../services.ts'
import { fleetRules } from './fleet-rules.ts'
import { orderRules } from './order-rules.ts'
import { asksOneWay } from './probe-rules.ts'
import { rule } from './rule.ts'
import { testBedRules } from './test-bed-rules.ts'
import { trafficRules } from './traffic-rules.ts'

export const serviceRules = [
  ...fleetRules,
  ...trafficRules,
  ...asksOneWay(['version'], (service) => service.version),
  ...asksOneWay(['health-check'], (service) => service['health-check']),
  ...asksOneWay(['self-test'], (service) => service['self-test']),
  inOrder(
    {
      path: ['health-check', 'min-healthy-time'],
      of: (service) => service['health-check']?.['min-healthy-time'],
    },
    {
      path: ['health-check', 'healthy-deadline'],
      of: (service) => service['health-check']?.['healthy-deadline'],
    },
  ),
  inOrder(
    {
      path: ['health-check', 'healthy-deadline'],
      of: (service) => service['health-check']?.['healthy-deadline'],
    },
    { path: ['rollout', 'progress-deadline'], of: (service) => service.rollout['progress-deadline'] },
  ),
  ...testBedRules,
  ...orderRules,
]

interface Length {
  readonly path: [string, string]
  readonly of: (service: ServiceValue) => number | undefined
}

function inOrder(shorter: Length, longer: Length) {
  const words = (service: ServiceValue) =>
    `${say(shorter, service)} must be shorter than ${say(longer, service)}`
  return rule(shorter.path, [shorter.path, longer.path], words, (service) => {
    const [short, long] = [shorter.of(service), longer.of(service)]
    return short === undefined || long === undefined || short < long
  })
}

function say({ path, of }: Length, service: ServiceValue): string {
  return `\`${path.join('.')}\` (${showDuration(of(service) ?? 0)})`
}
