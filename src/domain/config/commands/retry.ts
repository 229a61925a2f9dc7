/** Further tries of a command after a failure that is known to pass by itself. */
export interface Retry {
  /** The further tries, at most. */
  readonly times: number
  /** Texts of its last lines that mean such a failure; the known ones when empty. */
  readonly on: readonly string[]
}

/** The words of registries and networks for failures that are gone a moment later. */
const known: readonly (readonly [failure: string, pattern: RegExp])[] = [
  ['the registry ended the connection', /: (?:unexpected )?EOF\s*$/],
  ['the network was slow', /TLS handshake timeout|\bi\/o timeout\b|context deadline exceeded/i],
  ['the connection broke', /connection reset by peer|\bECONNRESET\b|broken pipe/i],
  ['a name was not resolved', /temporary failure in name resolution|\bEAI_AGAIN\b/i],
  ['the server is busy', /\b(?:502 Bad Gateway|503 Service Unavailable|504 Gateway Time-?out)\b/i],
  ['the server takes fewer requests', /\btoomanyrequests\b|\b429 Too Many Requests\b/i],
]

/** Returns the known failure that these lines tell of, in words; null if they tell of none. */
export const transientIn = (lines: readonly string[]): string | null =>
  known.find(([, pattern]) => lines.some((line) => pattern.test(line)))?.[0] ?? null

/** Returns why a command may be tried again after these last lines, in words; null if it may not. */
export function retryable({ on }: Retry, lines: readonly string[]): string | null {
  if (on.length === 0) return transientIn(lines)
  const text = on.find((one) => lines.some((line) => line.includes(one)))
  return text === undefined ? null : `it said ${text}`
}

/** The wait before a further try, in milliseconds: doubled each time, as registries ask for. */
export const retryWait = (tries: number): number => Math.min(5_000 * 2 ** (tries - 1), 60_000)

/** A build changes nothing: it is tried again without being told to. */
export const buildRetry: Retry = { times: 2, on: [] }
