export type Fetch = typeof globalThis.fetch

/** Files may be large, and lines slow. */
const fileTimeout = 15 * 60_000

/**
 * A fetch that resolves with a whole answer or rejects: a body that breaks off, is invalid JSON, or takes
 * longer than 30 seconds (a file: 15 minutes) is a failed request. (Octokit would return such a body as an
 * empty text.)
 */
export function transport(
  carry: Fetch,
  say: (line: string) => void,
  timeout = 30_000,
): { fetch: Fetch; requests(): number } {
  let requests = 0
  const fetch: Fetch = async (address, init) => {
    requests++
    const begun = performance.now()
    const told = (how: string) =>
      say(`${init?.method} ${pathOf(address)} → ${how} in ${Math.round(performance.now() - begun)} ms`)
    try {
      const download = new Headers(init?.headers).get('accept') === 'application/octet-stream'
      const movesFile = download || init?.body instanceof Blob
      const signal = AbortSignal.timeout(movesFile ? fileTimeout : timeout)
      const response = await whole(await carry(address, { ...init, signal }), download)
      told(`${response.status} (${requestId(response)})`)
      return response
    } catch (error) {
      told(reasonOf(error))
      throw error
    }
  }
  return { fetch, requests: () => requests }
}

/** A file that says it is JSON need not be. */
async function whole(response: Response, download: boolean): Promise<Response> {
  const { status, headers } = response
  const body = await response.arrayBuffer()
  if (!download && response.ok && headers.get('content-type')?.startsWith('application/json'))
    requireJson(body, response)
  return new Response(body.byteLength === 0 ? null : body, { status, headers: new Headers([...headers]) })
}

function requireJson(body: ArrayBuffer, response: Response): void {
  try {
    JSON.parse(new TextDecoder().decode(body))
  } catch (error) {
    throw new Error(`the answer is no valid JSON, request ${requestId(response)}`, { cause: error })
  }
}

const requestId = ({ headers }: Response) => headers.get('x-github-request-id') ?? 'without an id'

/** The cause of the error describes a failed connection: `fetch failed` alone says nothing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

function pathOf(address: Parameters<Fetch>[0]): string {
  const { pathname, search } = new URL(address instanceof Request ? address.url : address)
  return pathname + search
}
