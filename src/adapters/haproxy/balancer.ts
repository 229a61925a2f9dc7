import { BalancerTrouble, createConnections, NoSuchServer } from './connections.ts'
import { readStatistics, type ServerStatistics, type Servers } from './statistics.ts'

/** One HAProxy, controlled through its runtime API. Every failure is a rejection with a BalancerTrouble. */
export interface Balancer {
  readonly address: string
  /** `drain`: only sticky sessions; `maint`: none at all. Returns the server after that. */
  set(backend: string, server: string, state: 'ready' | 'drain' | 'maint'): Promise<ServerStatistics>
  /** Ends the sessions of a server that are still under way. */
  cut(backend: string, server: string): Promise<void>
  /** Reads the server after all earlier commands. */
  look(backend: string, server: string): Promise<ServerStatistics>
}

/** The numbers of `show stat` for all kinds of rows. */
const SERVERS = 4
const ALL = '-1'

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
  const numbers = new Map<string, string>()

  async function set(backend: string, server: string, state: string): Promise<ServerStatistics> {
    const number = numbers.get(`${backend}/${server}`) ?? ALL
    const change = `set server ${backend}/${server} state ${state}`
    const [said = '', row = ''] = await say(change, `show stat ${backend} ${SERVERS} ${number}`)
    if (said !== '') throw refused(address, said, backend, server)
    // A reload may have given the number to another server.
    return serversIn(row, backend)(server) ?? look(backend, server)
  }

  async function look(backend: string, server: string): Promise<ServerStatistics> {
    const statistics = (await reading(backend))(server)
    if (statistics === null) throw refused(address, 'No such server.', backend, server)
    if (statistics.number !== '') numbers.set(`${backend}/${server}`, statistics.number)
    return statistics
  }

  function reading(backend: string): Promise<Servers> {
    const read = async () => {
      const [said = ''] = await say(`show stat ${backend} ${SERVERS} ${ALL}`)
      return serversIn(said, backend)
    }
    const shared = readings.get(backend) ?? shareFresh(read)
    readings.set(backend, shared)
    return shared()
  }

  function serversIn(said: string, backend: string): Servers {
    if (!said.startsWith('# ')) throw refused(address, said, backend)
    return readStatistics(said)
  }

  return {
    address,
    set,
    look,
    async cut(backend, server) {
      const [said = ''] = await say(`shutdown sessions server ${backend}/${server}`)
      if (said !== '') throw refused(address, said, backend, server)
    },
  }
}

/** Resolves when all that can be done without waiting is done. */
const allHaveAsked = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve))

/**
 * Shares a reading among all callers of the same turn, or of the time in which another reading runs. The
 * reading begins after the last of these calls, so a caller that just changed something reads the change.
 */
function shareFresh<T>(read: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  let next: Promise<T> | null = null

  async function readAfter(before: Promise<unknown>): Promise<T> {
    await Promise.allSettled([before, allHaveAsked()])
    next = null
    return read()
  }

  return () => {
    if (next === null) {
      next = readAfter(last)
      last = next
    }
    return next
  }
}

function refused(address: string, said: string, backend: string, server = ''): BalancerTrouble {
  const [first = ''] = said.split('\n')
  switch (first.replace(/\.$/, '')) {
    case 'No such server':
      return new NoSuchServer(`the balancer at ${address} has no server ${server} in its backend ${backend}`)
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
