import { BalancerTrouble, createConnections } from './connections.ts'
import { readStatistics, type ServerStatistics } from './statistics.ts'

/** One HAProxy, told through its runtime API. Everything rejects with a BalancerTrouble. */
export interface Balancer {
  readonly address: string
  /** `drain`: no new sessions but those that stick to the server; `maint`: none at all. */
  set(backend: string, server: string, state: 'ready' | 'drain' | 'maint'): Promise<void>
  /** Ends the sessions of a server that are still under way. */
  cut(backend: string, server: string): Promise<void>
  /** The server as it is after all that was set before. */
  look(backend: string, server: string): Promise<ServerStatistics>
}

type Servers = ReadonlyMap<string, ServerStatistics>

const balancers = new Map<string, Balancer>()

/** The balancer at a path or `host:port`: one a process, since its connections are counted. */
export function balancerAt(address: string): Balancer {
  const balancer = balancers.get(address) ?? createBalancer(address)
  balancers.set(address, balancer)
  return balancer
}

function createBalancer(address: string): Balancer {
  const say = createConnections(address)
  const readings = new Map<string, () => Promise<Servers>>()

  async function tell(command: string, backend: string, server: string): Promise<void> {
    const said = (await say(command)).trim()
    if (said !== '') throw refused(address, said, backend, server)
  }

  /** All servers of a backend, as HAProxy numbers that kind of row: 4. */
  async function read(backend: string): Promise<Servers> {
    const said = await say(`show stat ${backend} 4 -1`)
    if (!said.startsWith('# ')) throw refused(address, said.trim(), backend)
    return readStatistics(said)
  }

  function reading(backend: string): Promise<Servers> {
    const shared = readings.get(backend) ?? shareFresh(() => read(backend))
    readings.set(backend, shared)
    return shared()
  }

  return {
    address,
    set: (backend, server, state) => tell(`set server ${backend}/${server} state ${state}`, backend, server),
    cut: (backend, server) => tell(`shutdown sessions server ${backend}/${server}`, backend, server),
    async look(backend, server) {
      const statistics = (await reading(backend)).get(server)
      if (statistics === undefined) throw refused(address, 'No such server.', backend, server)
      return statistics
    },
  }
}

/**
 * Shares a reading among all who ask while another is under way. Each gets one that began after it asked, so whoever has
 * just changed something reads the change.
 */
function shareFresh<T>(read: () => Promise<T>): () => Promise<T> {
  let underway: Promise<T> | null = null
  let next: Promise<T> | null = null

  function begin(): Promise<T> {
    next = null
    const reading = read().finally(() => {
      if (underway === reading) underway = null
    })
    underway = reading
    return reading
  }

  return () => {
    if (underway === null) return begin()
    next ??= underway.then(begin, begin)
    return next
  }
}

function refused(address: string, said: string, backend: string, server = ''): BalancerTrouble {
  const [first = ''] = said.split('\n')
  switch (first.replace(/\.$/, '')) {
    case 'No such server':
      return new BalancerTrouble(
        `the balancer at ${address} has no server ${server} in its backend ${backend}`,
      )
    case 'No such backend':
    case 'No such proxy':
      return new BalancerTrouble(`the balancer at ${address} has no backend ${backend}`)
    case 'Permission denied':
      return new BalancerTrouble(`the socket ${address} lets nothing be changed: it needs \`level admin\``)
    default:
      return new BalancerTrouble(
        `the balancer at ${address} ${first === '' ? 'said nothing' : `said: ${first}`}`,
      )
  }
}
