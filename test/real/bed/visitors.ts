import { Agent, request } from 'node:http'
import type { Acknowledged, Did } from './client-log.ts'
import { SLOW_MS } from './shop.ts'

/**
 * Visitors at a steady rate over kept connections: fifty reads a second, of which each 25th takes 400 ms of its own, and ten
 * writes, of which one in five amends and one in five cancels an order that was taken before.
 */
export interface Visitors {
  readonly seen: VisitorsSeen
  stop(): Promise<VisitorsSeen>
}

export interface VisitorsSeen {
  reads: number
  /** Each failed read, with what failed. */
  readonly failed: string[]
  /** Answers of each side to reads. */
  readonly sides: Record<string, number>
  /** The client's own log of the writes that were acknowledged, in their order. */
  readonly taken: Acknowledged[]
  /** Orders that were to be changed and are not there: those of a side that visitors have left for good. */
  readonly missing: Acknowledged[]
  /** Writes that the door turned away. */
  turnedAway: number
  /** Writes that ended otherwise: it is not known if they were taken. */
  readonly doubtful: string[]
  /** Milliseconds between the first and the last write that was turned away, of the longest such time. */
  longestShut: number
  slowestRead: number
  /** Milliseconds of the slowest read beyond its own work, and those that this process itself stood still at most. */
  longestWait: number
  longestStall: number
  requests: number
  reused: number
}

const TICK_MS = 5

export function startVisitors(doors: readonly string[], prefix = 'order'): Visitors {
  const agent = new Agent({ keepAlive: true })
  const seen: VisitorsSeen = {
    reads: 0,
    failed: [],
    sides: {},
    taken: [],
    missing: [],
    turnedAway: 0,
    doubtful: [],
    longestShut: 0,
    slowestRead: 0,
    longestWait: 0,
    longestStall: 0,
    requests: 0,
    reused: 0,
  }
  const underWay = new Set<Promise<void>>()
  const began = performance.now()
  let reads = 0
  let writes = 0
  let shutSince: number | null = null

  function send(path: string, method: string, at: number): Promise<{ status: number; side: string }> {
    return new Promise((resolve, reject) => {
      const one = request(
        new URL(path, doors[at % doors.length]),
        { agent, method, timeout: 10_000 },
        (response) => {
          seen.requests += 1
          if (one.reusedSocket) seen.reused += 1
          response.resume().on('close', () =>
            response.complete
              ? resolve({
                  status: response.statusCode ?? 0,
                  side: String(response.headers['x-side'] ?? ''),
                })
              : reject(new Error('cut off')),
          )
        },
      )
      one.on('timeout', () => one.destroy(new Error('no answer')))
      one.on('error', reject)
      one.end()
    })
  }

  async function read(number: number): Promise<void> {
    const from = performance.now()
    seen.reads += 1
    try {
      const slow = number % 25 === 0
      const { status, side } = await send(slow ? '/slow' : '/', 'GET', number)
      const took = performance.now() - from
      if (status !== 200)
        seen.failed.push(`${Math.round(from - began)} ms: ${status} from ${side || 'the door'}`)
      seen.sides[side] = (seen.sides[side] ?? 0) + 1
      seen.slowestRead = Math.max(seen.slowestRead, took)
      seen.longestWait = Math.max(seen.longestWait, took - (slow ? SLOW_MS : 0))
    } catch (error) {
      seen.failed.push(`${Math.round(from - began)} ms: ${(error as Error).message}`)
    }
  }

  /** An order is changed once at most, so that its changes need no order among them. */
  const untouched: Acknowledged[] = []

  function choose(number: number): Pick<Acknowledged, 'did' | 'note'> & { readonly of?: Acknowledged } {
    const did: Did = number % 5 === 3 ? 'amended' : number % 5 === 4 ? 'cancelled' : 'ordered'
    const of = did === 'ordered' ? undefined : untouched.shift()
    return of === undefined ? { did: 'ordered', note: `${prefix}-${number}` } : { did, note: of.note, of }
  }

  async function write(number: number): Promise<void> {
    const { did, note, of } = choose(number)
    const what = `${did} ${note}`
    try {
      const { status, side } = await send(`/${did}?note=${note}`, 'POST', number)
      if (status === 200) {
        const taken = { did, note, side }
        seen.taken.push(taken)
        if (did === 'ordered') untouched.push(taken)
        shutSince = null
      } else if (status === 404 && of !== undefined) seen.missing.push(of)
      else if (status === 503 && side === '') {
        if (of !== undefined) untouched.push(of)
        seen.turnedAway += 1
        shutSince ??= performance.now()
        seen.longestShut = Math.max(seen.longestShut, performance.now() - shutSince)
      } else seen.doubtful.push(`${what}: ${status} from ${side}`)
    } catch (error) {
      seen.doubtful.push(`${what}: ${(error as Error).message}`)
    }
  }

  function follow(work: Promise<void>): void {
    underWay.add(work)
    void work.then(() => underWay.delete(work))
  }

  let ticked = began
  const ticking = setInterval(() => {
    seen.longestStall = Math.max(seen.longestStall, performance.now() - ticked - TICK_MS)
    ticked = performance.now()
    const seconds = (performance.now() - began) / 1000
    for (; reads < seconds * 50; reads += 1) follow(read(reads))
    for (; writes < seconds * 10; writes += 1) follow(write(writes))
  }, TICK_MS)

  return {
    seen,
    async stop() {
      clearInterval(ticking)
      await Promise.all(underWay)
      agent.destroy()
      return seen
    },
  }
}
