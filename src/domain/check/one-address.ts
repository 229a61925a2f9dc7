import { addressesOf, filledFor } from '../config/filled-addresses.ts'
import { hostOf, type Instance, isOverSsh } from '../config/fleet.ts'
import type { Service } from '../config/service.ts'
import { type CheckFinding, found } from './finding.ts'

/**
 * Finds instances of one service that are one server: two names with the same host and the same variables, and
 * addresses that come out the same for two instances. Each would be changed, or believed, for the other.
 */
export const oneAddressFindings = (services: readonly Service[]): CheckFinding[] =>
  services.flatMap((service) => {
    const hosts = oneHost(service)
    return hosts.length > 0 ? hosts : oneProbe(service)
  })

function oneHost({ name, fleet }: Service): CheckFinding[] {
  if (!isOverSsh(fleet)) return []
  const where = (host: (typeof fleet.instances)[number]) =>
    JSON.stringify([host.host, host.port ?? fleet.port, Object.entries(host.env).toSorted()])
  return twins(fleet.instances, where).map(([one, other]) =>
    found('problem', `services.${name}.fleet.ssh.hosts.${other.name}`, {
      what: `${one.name} and ${other.name} of ${name} are one host, ${other.host}, with the same variables: each command would run twice on one server.`,
      next: 'Give each its own host or port; for two processes on one host, give each an env that tells them apart.',
    }),
  )
}

function oneProbe(service: Service): CheckFinding[] {
  const { name, fleet } = service
  return addressesOf(service).flatMap(({ key, text }) => {
    const [first] = twins<Instance>(fleet.instances, (instance) => filledFor(service, instance, text))
    if (first === undefined) return []
    const [one, other] = first
    const variable = hostOf(fleet, one) === null ? '$PORT' : '$ROLLGATE_HOST'
    return [
      found('problem', `services.${name}.${key}`, {
        what: `services.${name}.${key} is the same address for ${one.name} and ${other.name}, ${filledFor(service, one, text)}: the answer of one would count for the other.`,
        next: `Write the address with a variable that differs, like ${variable}, and give it in the env of each instance where Rollgate does not.`,
      }),
    ]
  })
}

/** Returns pairs with the same key: the first one, and each later one. */
function twins<T extends Instance>(instances: readonly T[], key: (instance: T) => string): [T, T][] {
  const groups = Map.groupBy(instances, key)
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : others.map((other): [T, T] => [first, other]),
  )
}
