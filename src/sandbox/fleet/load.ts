import { Agent, request } from 'node:http'

export interface LoadOptions {
  url: string
  perSecond: number
  /** True if connections are reused; otherwise every request opens its own. */
  keepAlive?: boolean
  /** The load ends by itself after so many requests … */
  most?: number
  /** … or so many milliseconds. */
  longest?: number
}

export interface LoadReport {
  count: number
  failures: number
  /** The first few failures, each with the moment it was sent at. */
  reasons: string[]
  /** Milliseconds from the planned moment of sending to the last byte, of the requests that succeeded. */
  latency: { p50: number; p95: number; p99: number; max: number }
  /** The number of answers of each release, by its tag. */
  releases: Record<string, number>
  /** The number of answers of each side of the shop. */
  sides: Record<string, number>
}

/** The marks of an answer. */
interface AnswerMarks {
  readonly release: string
  readonly side: string
}

export interface Load {
  report(): LoadReport
  /** Stops sending, waits for open requests, and reports. */
  stop(): Promise<LoadReport>
}

const TICK_MS = 5
const ANSWER_MS = 5000
/**
 * More than the open requests of a healthy fleet, also after this process itself was held up for seconds and
 * catches up.
 */
const MOST_IN_FLIGHT = 1024
const REASONS_KEPT = 5

/**
 * Sends requests at a steady rate, without waiting for earlier answers (an open loop): a stall shows as
 * latency and as failures, and cannot hide by slowing the sender down.
 */
export function startLoad({
  url,
  perSecond,
  keepAlive = true,
  most = 50_000,
  longest = 120_000,
}: LoadOptions): Load {
  const agent = new Agent({ keepAlive })
  const began = performance.now()
  const latencies: number[] = []
  const releases: Record<string, number> = {}
  const sides: Record<string, number> = {}
  const reasons: string[] = []
  const inFlight = new Set<Promise<void>>()
  let count = 0
  let failures = 0

  const ticking = setInterval(sendWhatIsDue, TICK_MS)

  function sendWhatIsDue(): void {
    const elapsed = performance.now() - began
    if (elapsed > longest || count >= most) clearInterval(ticking)
    const due = Math.min(most, Math.floor((elapsed / 1000) * perSecond))
    while (count < due) {
      const planned = began + (count / perSecond) * 1000
      count += 1
      const sent = send(planned)
      inFlight.add(sent)
      void sent.then(() => inFlight.delete(sent))
    }
  }

  async function send(planned: number): Promise<void> {
    try {
      if (inFlight.size >= MOST_IN_FLIGHT) throw new Error(`${MOST_IN_FLIGHT} requests are in flight already`)
      const { release, side } = await get(url, agent)
      latencies.push(performance.now() - planned)
      releases[release] = (releases[release] ?? 0) + 1
      sides[side] = (sides[side] ?? 0) + 1
    } catch (error) {
      failures += 1
      if (reasons.length < REASONS_KEPT)
        reasons.push(`at ${Math.round(planned - began)} ms: ${String(error)}`)
    }
  }

  function report(): LoadReport {
    const sorted = latencies.toSorted((a, b) => a - b)
    const at = (share: number) => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0)
    return {
      count,
      failures,
      reasons: [...reasons],
      latency: { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) },
      releases: { ...releases },
      sides: { ...sides },
    }
  }

  return {
    report,
    async stop() {
      clearInterval(ticking)
      await Promise.all(inFlight)
      agent.destroy()
      return report()
    },
  }
}

/** Returns the marks of the release and the side that answered; rejects on anything but a whole 200. */
function get(url: string, agent: Agent): Promise<AnswerMarks> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { agent, timeout: ANSWER_MS }, (response) => {
      response.on('error', reject)
      if (response.statusCode === 200) {
        const { 'x-release': release, 'x-side': side } = response.headers
        response.resume().on('end', () => resolve({ release: String(release), side: String(side) }))
      } else {
        response
          .setEncoding('utf8')
          .on('data', (reason) => reject(new Error(`${response.statusCode} ${reason}`)))
        response.on('end', () => reject(new Error(String(response.statusCode))))
      }
    })
    sending.on('timeout', () => sending.destroy(new Error(`no answer within ${ANSWER_MS} ms`)))
    sending.on('error', reject)
    sending.end()
  })
}
