import { canonical } from '../../../../domain/canonical.ts'
import { doesNothing } from '../../../../domain/config/in-place.ts'
import { maybeCommand } from '../../commands.ts'
import type { SlotsValue } from '../fleet.ts'
import type { ServiceValue } from '../services.ts'
import { rule } from './rule.ts'
import type { Moved } from './traffic-rules.ts'

type OrderValue = ServiceValue['rollout']['order']

/** A rule about services of one order. */
const ofOrder = (order: OrderValue, at: string[], words: string, holds: (service: ServiceValue) => boolean) =>
  rule(at, [at, ['rollout', 'order']], words, (service) => service.rollout.order !== order || holds(service))

/** Rules about the pace and the orders in which an instance changes. What cannot be seen cannot be promised. */
export const orderRules = [
  rule(
    ['rollout', 'batches'],
    [
      ['rollout', 'batches'],
      ['rollout', 'max-parallel'],
    ],
    'contradicts `max-parallel`: each sets how many instances change at once. Keep one of them',
    ({ rollout }) => rollout.batches === undefined || rollout['max-parallel'] === undefined,
  ),
  rule(
    ['rollout', 'pause-between-batches'],
    [['rollout', 'pause-between-batches']],
    'is longer than 1h, and the run stays for it: shorten it, or watch the first instances longer with `test-bed.bake-time`',
    ({ rollout }) => (rollout['pause-between-batches'] ?? 0) <= longestPause,
  ),
  rule(
    ['fleet', 'slots'],
    [
      ['fleet', 'slots'],
      ['rollout', 'order'],
    ],
    'are of `rollout.order: start-first` alone: set it, or remove `slots`',
    ({ fleet, rollout }) => fleet?.slots === undefined || rollout.order === 'start-first',
  ),
  ofOrder(
    'start-first',
    ['fleet', 'slots'],
    '`slots` is missing: say what differs between the two places of an instance, like `{ a: { PORT: "4001" }, b: { PORT: "5001" } }`',
    ({ fleet }) => fleet?.slots?.a !== undefined && fleet.slots.b !== undefined,
  ),
  ofOrder(
    'start-first',
    ['fleet', 'slots', 'b'],
    'has the same variables as `a`: each slot needs a place of its own, like another port',
    ({ fleet }) => !sameSlots(fleet?.slots),
  ),
  ofOrder(
    'start-first',
    ['fleet', 'stop'],
    '`stop` is missing or does nothing: with start-first it ends the old release in its slot',
    ({ fleet }) => !doesNothing(maybeCommand(fleet?.stop)),
  ),
  ofOrder(
    'start-first',
    ['fleet', 'start'],
    '`start` is missing: with start-first it starts the new release in the idle slot',
    ({ fleet }) => fleet?.start !== undefined,
  ),
  ofOrder(
    'start-first',
    ['version'],
    '`version` is missing: with start-first it tells which release each slot runs',
    ({ version }) => version !== undefined,
  ),
  ofOrder(
    'start-first',
    ['traffic'],
    'cannot be seen: start-first waits until requests reach the new slot. Add `haproxy`, or `command` with `leave`, `enter` and `serving`, or `is-alive` with `leave` and a `health-check`',
    seesTraffic,
  ),
  ofOrder(
    'start-first',
    ['traffic', 'haproxy', 'server'],
    'is one name for both slots of an instance: put `$ROLLGATE_SLOT` into it, like `$ROLLGATE_INSTANCE-$ROLLGATE_SLOT`',
    ({ traffic, fleet }) =>
      traffic === 'is-alive' ||
      traffic.haproxy === undefined ||
      namesSlot(traffic.haproxy.server, Object.keys(fleet?.slots?.a ?? {})),
  ),
  ofOrder(
    'in-place',
    ['fleet', 'stop'],
    '`stop` is never run with in-place, where an instance keeps its traffic: remove it, or set `rollout.order: stop-first`',
    ({ fleet }) => fleet?.stop === undefined,
  ),
  ofOrder(
    'in-place',
    ['fleet', 'start'],
    '`start` is missing: with in-place it switches an instance to what was installed',
    ({ fleet }) => fleet?.start !== undefined,
  ),
  ofOrder(
    'in-place',
    ['traffic'],
    'is never moved with in-place: keep `serving`, and remove `leave` and `enter`, or set `rollout.order: stop-first`',
    ({ traffic }) => traffic === 'is-alive' || (traffic['is-alive'] === undefined && !moves(traffic.command)),
  ),
]

const longestPause = 3_600_000

const moves = (command: Moved['command']): boolean =>
  command?.leave !== undefined || command?.enter !== undefined

function seesTraffic({ traffic, 'health-check': healthCheck }: ServiceValue): boolean {
  if (traffic === 'is-alive') return false
  const { command, haproxy, 'is-alive': isAlive } = traffic
  if (haproxy !== undefined) return true
  if (isAlive !== undefined) return isAlive.leave !== undefined && healthCheck !== undefined
  return command?.leave !== undefined && command.enter !== undefined && command.serving !== undefined
}

/** Slots without variables are told apart by `ROLLGATE_SLOT` alone. */
function sameSlots(slots: SlotsValue | undefined): boolean {
  const [a, b] = [slots?.a ?? {}, slots?.b ?? {}]
  return Object.keys(a).length > 0 && canonical(a) === canonical(b)
}

const namesSlot = (server: string, variables: readonly string[]): boolean =>
  ['ROLLGATE_SLOT', ...variables].some((name) =>
    new RegExp(`\\$(?:\\{${name}\\}|${name}(?!\\w))`).test(server),
  )
