/** Sends a request as Octokit asks for it: the names of headers are in small letters. */
export type Fetch = (address: string, init?: FetchOptions) => Promise<FetchAnswer>

interface FetchOptions extends Omit<RequestInit, 'headers'> {
  readonly headers?: Readonly<Record<string, string>>
}

/** The part of a `Response` that is read here. */
export interface FetchAnswer extends Pick<Response, 'status' | 'ok' | 'arrayBuffer'> {
  readonly headers: AnswerHeaders
}

interface AnswerHeaders extends Iterable<[string, string]> {
  get(name: string): string | null | undefined
}

/**
 * An answer as Octokit reads it, with its whole body. It is no `Response`: the first use of that class, or of `Headers`, has
 * Node.js load its own copy of undici beside the one that sends, which takes longer than most requests.
 */
interface WholeAnswer extends Pick<Response, 'status' | 'text' | 'arrayBuffer'> {
  readonly headers: AnswerHeaders
  readonly url: string
  readonly statusText: string
  readonly body: ArrayBuffer
}

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
): { fetch(address: string, init?: FetchOptions): Promise<WholeAnswer>; requests(): number } {
  let requests = 0
  const fetch = async (address: string, init?: FetchOptions): Promise<WholeAnswer> => {
    requests++
    const begun = performance.now()
    const told = (how: string) =>
      say(`${init?.method} ${pathOf(address)} → ${how} in ${Math.round(performance.now() - begun)} ms`)
    try {
      const download = init?.headers?.accept === 'application/octet-stream'
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
async function whole(answered: FetchAnswer, download: boolean): Promise<WholeAnswer> {
  const { status, headers } = answered
  const body = await answered.arrayBuffer()
  if (!download && answered.ok && headers.get('content-type')?.startsWith('application/json'))
    requireJson(body, answered)
  const text = async () => textOf(body)
  return { status, headers, url: '', statusText: '', body, text, arrayBuffer: async () => body }
}

const textOf = (body: ArrayBuffer): string => new TextDecoder().decode(body)

function requireJson(body: ArrayBuffer, answered: FetchAnswer): void {
  try {
    JSON.parse(textOf(body))
  } catch (error) {
    throw new Error(`the answer is no valid JSON, request ${requestId(answered)}`, { cause: error })
  }
}

const requestId = ({ headers }: Pick<FetchAnswer, 'headers'>) =>
  headers.get('x-github-request-id') ?? 'without an id'

/** The cause of the error describes a failed connection: `fetch failed` alone says nothing. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

function pathOf(address: string): string {
  const { pathname, search } = new URL(address)
  return pathname + search
}
