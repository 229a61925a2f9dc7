import { Agent, request } from 'node:http'

/** The writes of visitors, each with a text of its own: the log that the databases are held against. */
export interface WriteReport {
  /** The texts that the shop confirmed. */
  readonly kept: readonly string[]
  /** The number of writes that were told to come again. */
  readonly comeAgain: number
  /** The longest time without a confirmed write, in milliseconds. */
  readonly longestGap: number
  /** Every other answer. */
  readonly failures: readonly string[]
}

const EVERY_MS = 100

/** Has a visitor write every 100 ms, until it is stopped. */
export function startWriter(url: string): { stop(): Promise<WriteReport> } {
  const agent = new Agent({ keepAlive: true })
  const kept: string[] = []
  const failures: string[] = []
  const open = new Set<Promise<void>>()
  let [comeAgain, longestGap, lastKept, count] = [0, 0, performance.now(), 0]

  const writing = setInterval(() => {
    count += 1
    const text = `wish ${count}`
    const sent = write(text).catch((error) => void failures.push(String(error)))
    open.add(sent)
    void sent.then(() => open.delete(sent))
  }, EVERY_MS)

  async function write(text: string): Promise<void> {
    const { status, retryAfter } = await post(`${url}/wishes`, text, agent)
    if (status === 201) {
      kept.push(text)
      longestGap = Math.max(longestGap, performance.now() - lastKept)
      lastKept = performance.now()
    } else if (status === 503 && retryAfter !== undefined) comeAgain += 1
    else failures.push(`${text}: ${status}`)
  }

  return {
    async stop() {
      clearInterval(writing)
      await Promise.all(open)
      agent.destroy()
      return { kept, comeAgain, longestGap: Math.round(longestGap), failures }
    },
  }
}

function post(
  url: string,
  body: string,
  agent: Agent,
): Promise<{ status: number | undefined; retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sending = request(url, { agent, method: 'POST' }, (response) => {
      const { statusCode: status, headers } = response
      response.resume().on('end', () => resolve({ status, retryAfter: headers['retry-after'] }))
    })
    sending.on('error', reject)
    sending.end(body)
  })
}
