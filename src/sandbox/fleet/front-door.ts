import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import {
  answerAtDoor,
  comeAgain,
  type DoorPools,
  type DoorSettings,
  isRead,
  keepSettings,
} from './door-sides.ts'
import { watchHealth } from './health-watch.ts'
import type { Member, PoolChange, PooledInstance } from './pool.ts'
import { createPool } from './pool.ts'

export interface FrontDoorOptions {
  instances: readonly PooledInstance[]
  /** The instances of the stand-in; none by default. */
  standIn?: readonly PooledInstance[]
  /** The file with its settings, which it reads when it starts. Without one it forgets them. */
  settings?: string
  /** Milliseconds between two questions to the same instance. */
  interval?: number
  /** Hears of a member that came in, went out, failed to answer, or has one request less to answer while it is out. */
  tell?: (member: Readonly<Member>) => void
  /** Hears that the settings were changed. */
  changed?: () => void
}

export interface FrontDoor {
  readonly url: string
  /** The instances of home. */
  readonly members: readonly Readonly<Member>[]
  readonly standIn: readonly Readonly<Member>[]
  readonly history: readonly PoolChange[]
  /** The side that visitors reach, and its answer to their writes. */
  readonly settings: DoorSettings
  poolSize(): number
  /** The smallest pool there was: since `since` (milliseconds since the epoch), or since it was full for the first time. */
  lowestPool(since?: number): number
  close(): Promise<void>
}

/**
 * A reverse proxy on 127.0.0.1. It sends traffic in turn to the instances of one side whose `/is-alive` says yes, and
 * never retries a request: the client sees every failure of an instance. `GET /_pool` and `GET /_pool/<name>`
 * show the pool, `/_door` shows and takes the settings.
 */
export async function startFrontDoor({
  instances,
  standIn = [],
  settings: file,
  interval = 100,
  tell = () => {},
  changed = () => {},
}: FrontDoorOptions): Promise<FrontDoor> {
  const pools = { home: createPool(instances), 'stand-in': createPool(standIn) }
  const pool = pools.home
  const keeper = keepSettings(file, changed)
  const agent = new Agent({ keepAlive: true })
  const server = createServer((incoming, response) => {
    const { side, writes } = keeper.now()
    if (incoming.url === '/_pool' || incoming.url?.startsWith('/_pool/'))
      showPool(pools, incoming.url, response)
    else if (incoming.url === '/_door') void answerAtDoor(keeper, pools, incoming, response)
    else if (writes === 'shut' && !isRead(incoming)) comeAgain(response)
    else forward(pools[side].choose(), agent, incoming, response, tell)
  })
  server.keepAliveTimeout = 75_000
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const watches = Object.values(pools).map(({ members, set }) =>
    watchHealth(members, interval, (member, isAlive) => {
      if (member.in === isAlive) return
      set(member, isAlive)
      tell(member)
    }),
  )
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    members: pool.members,
    standIn: pools['stand-in'].members,
    history: pool.history,
    get settings() {
      return keeper.now()
    },
    poolSize: pool.size,
    lowestPool: pool.lowest,
    async close() {
      await Promise.all(watches.map((watch) => watch.stop()))
      agent.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function forward(
  member: Member | undefined,
  agent: Agent,
  incoming: IncomingMessage,
  response: ServerResponse,
  tell: (member: Member) => void,
): void {
  if (member === undefined) {
    refuse(response, 503, 'no instance is in the pool')
    return
  }
  const fail = (): void => {
    member.failures += 1
    tell(member)
  }
  member.requests += 1
  member.inflight += 1
  const outgoing = request({
    host: '127.0.0.1',
    port: member.port,
    method: incoming.method,
    path: incoming.url,
    headers: endToEnd(incoming.headers),
    agent,
  })
  outgoing.on('response', (answer) => {
    const status = answer.statusCode ?? 502
    if (status >= 500) fail()
    response.writeHead(status, endToEnd(answer.headers))
    // An answer that breaks off is cut off for the client as well, so that it cannot take it for a whole one.
    pipeline(answer, response, () => undefined)
  })
  outgoing.on('error', (error) => {
    if (response.closed) return
    fail()
    if (response.headersSent) response.destroy()
    else refuse(response, 502, `${member.name}: ${error.message}`)
  })
  outgoing.on('close', () => {
    member.inflight -= 1
    if (!member.in) tell(member)
  })
  response.on('close', () => {
    if (!response.writableFinished) outgoing.destroy()
  })
  incoming.pipe(outgoing)
}

/** As `/_pool/<name>` says it. */
export const inWords = ({ in: isIn, inflight }: Readonly<Member>): string =>
  isIn ? 'in' : `out inflight=${inflight}`

function showPool(pools: DoorPools, url: string, response: ServerResponse): void {
  if (url === '/_pool') {
    const { members, size, history, lowest } = pools.home
    const body = JSON.stringify({ size: size(), lowest: lowest(), members, history })
    response.writeHead(200, { 'content-type': 'application/json' }).end(body)
    return
  }
  const name = decodeURIComponent(url.slice('/_pool/'.length))
  const members = Object.values(pools).flatMap((pool) => pool.members)
  const member = members.find((each) => each.name === name)
  if (member === undefined) refuse(response, 404, `no instance ${name}`)
  else if (member.in) response.writeHead(200).end(inWords(member))
  else refuse(response, 503, inWords(member))
}

function refuse(response: ServerResponse, status: number, reason: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(reason)
}

/** These headers are about one connection only, and a proxy has two. */
const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'te', 'trailer', 'upgrade'])

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.has(name)))
}
