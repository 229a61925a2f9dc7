import type { Host, SshFleet } from '../../domain/config/fleet.ts'
import { atMost } from '../at-most.ts'
import type { Leftovers } from '../shell/leftovers.ts'
import type { Destination } from './commands.ts'
import type { Means } from './connection.ts'
import { createControlFolder } from './control-folder.ts'
import { createRemoteHost, type RemoteHost } from './remote-host.ts'

/** The connections of a run, one a host, which stay open until `close` where these are not too many. */
export interface Connections {
  /** The host behind its connection, which several fleets may share. */
  to(recipe: SshFleet, host: Host): RemoteHost
  /** Notes that no command is expected on a host for a while. */
  rest(remote: RemoteHost): void
  /** Closes the connections that rest the longest, where too many are open. */
  closeSome(): void
  close(): Promise<void>
}

/**
 * The most connections to open at once: each costs a key exchange, and with many all of them would be late. A
 * host on the way lets in no more than ten at a time before their login, by sshd's `MaxStartups`.
 */
const OPENED_AT_ONCE = 10

/** Each is a process of two megabytes. More are open only while that many are worked on. */
const KEPT_OPEN = 32

export function createConnections(means: Means, groups: Leftovers): Connections {
  const sockets = createControlFolder(groups)
  const sharing = { nextSocket: sockets.next, inTurn: atMost(OPENED_AT_ONCE) }
  const remotes = new Map<string, RemoteHost>()
  /** The longest at rest comes first. */
  const resting = new Set<RemoteHost>()
  const closeSome = (): void => {
    const open = [...remotes.values()].filter((remote) => remote.isOpen()).length
    for (const remote of [...resting].slice(0, Math.max(0, open - KEPT_OPEN))) {
      resting.delete(remote)
      void remote.rest()
    }
  }
  return {
    to(recipe, host) {
      const destination = destinationOf(recipe, host)
      const key = JSON.stringify(destination)
      const remote = remotes.get(key) ?? createRemoteHost(destination, means, sharing)
      remotes.set(key, remote)
      resting.delete(remote)
      return remote
    },
    rest(remote) {
      resting.add(remote)
      closeSome()
    },
    closeSome,
    async close() {
      await Promise.all([...remotes.values()].map((remote) => remote.close()))
      sockets.remove()
    },
  }
}

const destinationOf = (
  { settings, hostKeys, connectTimeout, ...fleet }: SshFleet,
  { host, ...own }: Host,
): Destination => ({
  host,
  user: own.user ?? fleet.user,
  port: own.port ?? fleet.port,
  jump: own.jump ?? fleet.jump,
  settings,
  hostKeys,
  connectTimeout,
})
