import type { Traffic } from '../../domain/config/service.ts'
import { maybeInstanceCommand, maybeProbe } from './commands.ts'
import type { TrafficValue } from './schema/traffic.ts'

export function toTraffic(written: TrafficValue): Traffic {
  if (written === 'is-alive') return { kind: 'is-alive' }
  const { command, haproxy } = written
  if (haproxy !== undefined) {
    const { socket = [], backend = '', server } = haproxy
    return {
      kind: 'haproxy',
      sockets: typeof socket === 'string' ? [socket] : socket,
      backend,
      server,
      drainTimeout: haproxy['drain-timeout'],
      upTimeout: haproxy['up-timeout'],
    }
  }
  if (command === undefined) return toIsAlive(written['is-alive'])
  return {
    kind: 'command',
    leave: maybeInstanceCommand(command.leave),
    enter: maybeInstanceCommand(command.enter),
    serving: maybeProbe(command.serving),
    timeout: command.timeout,
  }
}

function toIsAlive(written: Exclude<TrafficValue, string>['is-alive']): Traffic {
  const leave = maybeInstanceCommand(written?.leave)
  return leave === null || written === undefined
    ? { kind: 'is-alive' }
    : { kind: 'is-alive', leave, wait: written.wait }
}
