import { isOverSsh } from './fleet.ts'
import { doesNothing } from './in-place.ts'
import type { Service } from './service.ts'

/** Returns the hosts that a service shares with an earlier one, if both are reached over ssh. */
const sharedHosts = ({ fleet }: Service, earlier: Service): string[] => {
  if (!isOverSsh(fleet) || !isOverSsh(earlier.fleet)) return []
  const others = new Set(earlier.fleet.instances.map(({ host, port }) => `${host} ${port}`))
  return fleet.instances.filter(({ host, port }) => others.has(`${host} ${port}`)).map(({ name }) => name)
}

/** True if a service brings files to its hosts and nothing there is started or seen to run. */
const onlyBringsFiles = ({ fleet, healthCheck, selfTest }: Service): boolean =>
  fleet.install !== null && doesNothing(fleet.start) && healthCheck === null && selfTest === null

/**
 * Returns the services in the order of a way back: the last one first, except that a service which brings files to hosts of
 * later ones comes before all. The later ones start again on the files of the release that they go back to.
 */
export function backOrder<Rolled extends { readonly service: Service }>(rolled: readonly Rolled[]): Rolled[] {
  const first = rolled.filter(({ service }, place) => bringsFilesOf(service, rolled.slice(place + 1)))
  return [...first, ...rolled.filter((one) => !first.includes(one)).toReversed()]
}

const bringsFilesOf = (service: Service, later: readonly { readonly service: Service }[]): boolean =>
  onlyBringsFiles(service) && later.some((one) => sharedHosts(one.service, service).length > 0)

/**
 * Warns of services whose files on a host are changed by one service and used by another, or are read for the
 * version in place of the process.
 */
export function sharedFileWarnings(services: readonly Service[]): string[] {
  return services.flatMap((service, place) => {
    const words: string[] = []
    if (service.version?.kind === 'run' && doesNothing(service.fleet.stop))
      words.push(
        `${service.name} is not stopped before its install, and its version is asked by a command: that must ask the running process. A file that says the release makes an instance look changed that was never restarted.`,
      )
    for (const earlier of services.slice(0, place))
      if (onlyBringsFiles(earlier) && sharedHosts(service, earlier).length > 0)
        words.push(
          `${service.name} shares hosts with ${earlier.name}, which only brings files: until ${service.name} is started again it runs on files of the other release, in both directions. Let ${service.name} bring its own.`,
        )
    return words
  })
}
