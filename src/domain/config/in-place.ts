import { orderOf } from '../rolling/rollout-order.ts'
import type { Command } from './command.ts'
import { changesByItself } from './fleet.ts'
import type { Service } from './service.ts'

/** Lines that do nothing, by which a config says that an instance needs no stop, or need not leave traffic. */
const NOTHING = /^(?::|true|\/(?:usr\/)?bin\/true|exit(?: 0)?)$/

/** True if a command is left out or does nothing. */
export function doesNothing(command: Command | null): boolean {
  if (command === null) return true
  if (!/^(?:ba|da)?sh\b/.test(command.shell)) return false
  const lines = command.run.split(/[\n;]|&&/).map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
  return lines.every((line) => line === '' || NOTHING.test(line))
}

/** True if an instance is changed while it serves: nothing stops it, and nothing takes it out of traffic. */
export const changesInPlace = ({ fleet, traffic }: Service): boolean =>
  !changesByItself(fleet) && doesNothing(fleet.stop) && keepsTraffic(traffic)

/** True if a service loses no instance while one of them changes, by its order or because nothing stops it. */
export const servesMeanwhile = (service: Service): boolean =>
  orderOf(service.rollout.order).keepsTraffic || changesInPlace(service)

function keepsTraffic(traffic: Service['traffic']): boolean {
  switch (traffic.kind) {
    case 'is-alive':
    case 'command':
      return doesNothing(traffic.leave ?? null)
    case 'haproxy':
      return false
  }
}
