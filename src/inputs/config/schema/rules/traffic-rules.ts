import type { ServiceValue } from '../services.ts'
import { asksOneWay } from './probe-rules.ts'
import { rule } from './rule.ts'
import { instancesIn } from './test-bed-rules.ts'

export const trafficRules = [
  trafficRule(
    ['traffic'],
    'moves nothing: add `command` or `haproxy`, or write `is-alive`',
    (moved) => ways(moved) > 0,
  ),
  trafficRule(
    ['traffic'],
    'is moved in two ways: keep one of `is-alive`, `command` and `haproxy`',
    (moved) => ways(moved) < 2,
  ),
  trafficRule(
    ['traffic', 'is-alive', 'leave'],
    '`leave` is missing: say what has an instance answer that it is not alive',
    (moved) => moved['is-alive'] === undefined || moved['is-alive'].leave !== undefined,
  ),
  trafficRule(
    ['traffic', 'haproxy', 'socket'],
    '`socket` is missing: say where the runtime API listens',
    ({ haproxy }) => haproxy === undefined || haproxy.socket !== undefined,
  ),
  trafficRule(
    ['traffic', 'haproxy', 'backend'],
    '`backend` is missing: say which backend the instances are servers of',
    ({ haproxy }) => haproxy === undefined || haproxy.backend !== undefined,
  ),
  rule(
    ['traffic', 'haproxy', 'server'],
    [['traffic', 'haproxy', 'server'], ['fleet']],
    'is one name for several instances: put what differs into it, like `$ROLLGATE_INSTANCE`',
    ({ traffic, fleet }) =>
      traffic === 'is-alive' ||
      traffic.haproxy === undefined ||
      traffic.haproxy.server.includes('$') ||
      (instancesIn(fleet)?.length ?? 2) < 2,
  ),
  ...asksOneWay(['traffic', 'command', 'serving'], ({ traffic }) =>
    traffic === 'is-alive' ? undefined : traffic.command?.serving,
  ),
]

export type Moved = Exclude<ServiceValue['traffic'], string>

const ways = ({ command, haproxy, 'is-alive': isAlive }: Moved): number =>
  [command, haproxy, isAlive].filter((way) => way !== undefined).length

function trafficRule(at: string[], words: string, holds: (traffic: Moved) => boolean) {
  return rule(at, [at], words, ({ traffic }) => traffic === 'is-alive' || holds(traffic))
}
