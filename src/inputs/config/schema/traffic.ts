import * as z from 'zod/mini'
import { sockets } from './addresses.ts'
import { instanceCommand, probe } from './command.ts'
import { expected, mapping, text, union } from './shapes.ts'
import { duration } from './values.ts'
import { byDefault, key } from './vocabulary.ts'

const byCommand = mapping('a mapping with `leave`, `enter` or `serving`', {
  leave: key(
    instanceCommand,
    'Takes an instance out of traffic; returns when no request is under way there.',
  ),
  enter: key(instanceCommand, 'Lets an instance into traffic again.'),
  serving: key(probe, 'Says yes if the front door sends requests to the instance.'),
  timeout: byDefault(duration, '30s', 'The longest time for `serving` to say yes.'),
})

/**
 * Letters, digits, `.`, `:`, `_` and `-` only: in a line of the runtime API a blank or a `;` begins something
 * else.
 */
const backend = text(
  'the name of a backend',
  /^[A-Za-z0-9_.:-]+$/,
  'the name of a backend: letters, digits, `.`, `_`, `:` and `-`',
)

const server = text(
  'the name of a server',
  /^(?:[A-Za-z0-9_.:-]|\$[A-Za-z_]|\$\{[A-Za-z_]\w*\})+$/,
  'the name of a server: letters, digits, `.`, `_`, `:`, `-` and variables like $NAME',
)

const haproxy = mapping('a mapping with `socket` and `backend`', {
  socket: key(
    sockets,
    'The address of the runtime API, at level admin; a list for several balancers. Required.',
  ),
  backend: key(backend, 'The backend that the instances are servers of. Required.'),
  server: byDefault(
    server,
    '$ROLLGATE_INSTANCE',
    "The server's name in the backend; variables are filled in for each instance.",
  ),
  'drain-timeout': byDefault(
    duration,
    '30s',
    'The longest time for sessions to end by themselves before they are cut.',
  ),
  'up-timeout': byDefault(duration, '30s', 'The longest time for the balancer to see an instance up.'),
})

const byIsAlive = mapping('a mapping with `leave`', {
  leave: key(
    instanceCommand,
    'Has an instance say that it is not alive, while it still answers requests. Required.',
  ),
  wait: byDefault(
    duration,
    '10s',
    'The longest time for the balancer to notice: its interval times its failed checks. The wait applies on the way back as well.',
  ),
})

const trafficWords = '`is-alive`, or a mapping with `is-alive`, `command` or `haproxy`'

export const traffic = union(trafficWords, [
  z.literal('is-alive', { error: expected(trafficWords) }),
  mapping(trafficWords, {
    'is-alive': key(byIsAlive, 'The balancer asks the instance, which says first that it is not alive.'),
    command: key(byCommand, 'Commands that move an instance out of traffic and back.'),
    haproxy: key(haproxy, 'HAProxy, controlled through its runtime API.'),
  }),
])

export type TrafficValue = z.output<typeof traffic>
