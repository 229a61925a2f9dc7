import { Agent, request } from 'node:http'

/** Visitors at a steady rate over kept connections: fifty reads a second, of which each 25th takes 400 ms, and ten writes. */
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
  /** The notes of the writes that were taken. */
  readonly taken: string[]
  /** Writes that the door turned away. */
  turnedAway: number
  /** Writes that ended otherwise: it is not known if they were taken. */
  readonly doubtful: string[]
  /** Milliseconds between the first and the last write that was turned away, of the longest such time. */
  longestShut: number
  slowestRead: number
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
    turnedAway: 0,
    doubtful: [],
    longestShut: 0,
    slowestRead: 0,
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
      const { status, side } = await send(number % 25 === 0 ? '/slow' : '/', 'GET', number)
      if (status !== 200)
        seen.failed.push(`${Math.round(from - began)} ms: ${status} from ${side || 'the door'}`)
      seen.sides[side] = (seen.sides[side] ?? 0) + 1
      seen.slowestRead = Math.max(seen.slowestRead, performance.now() - from)
    } catch (error) {
      seen.failed.push(`${Math.round(from - began)} ms: ${(error as Error).message}`)
    }
  }

  async function write(number: number): Promise<void> {
    const note = `${prefix}-${number}`
    try {
      const { status, side } = await send(`/?note=${note}`, 'POST', number)
      if (status === 200) {
        seen.taken.push(note)
        shutSince = null
      } else if (status === 503 && side === '') {
        seen.turnedAway += 1
        shutSince ??= performance.now()
        seen.longestShut = Math.max(seen.longestShut, performance.now() - shutSince)
      } else seen.doubtful.push(`${note}: ${status} from ${side}`)
    } catch (error) {
      seen.doubtful.push(`${note}: ${(error as Error).message}`)
    }
  }

  function follow(work: Promise<void>): void {
    underWay.add(work)
    void work.then(() => underWay.delete(work))
  }

  const ticking = setInterval(() => {
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
