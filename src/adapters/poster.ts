import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Poster, Posting, Variables } from '../pipeline/ports.ts'
import { LONGEST_TIMER } from './clock.ts'
import { fillAddress } from './prober/address.ts'
import { environmentOf } from './shell/environment.ts'

/** Variables of the runner, among them its tokens: they go to no address, whatever a config names. */
const RUNNERS_OWN = /^(?:ACTIONS_|GITHUB_|RUNNER_|INPUT_|STATE_)/

/** Sends texts with the variables of a run. */
export function createPoster(env: NodeJS.ProcessEnv): Poster {
  const variables: Variables = Object.fromEntries(
    Object.entries(environmentOf(env, {}, {})).flatMap(([name, value]) =>
      value === undefined || value === '' || RUNNERS_OWN.test(name) ? [] : [[name, value]],
    ),
  )
  return {
    async post(posting, signal) {
      const { url, secret } = posting
      const address = fillAddress(url, variables)
      // The filled address may be a secret itself: only its text in the config is ever shown.
      if (address.kind === 'unusable') return `${url} is no address: a variable is missing, or it is not HTTP`
      if (secret === null) return send(address.url, {}, posting, signal)
      const value = variables[secret.variable]
      if (value === undefined) return `the variable ${secret.variable} is not set here`
      return send(address.url, { [secret.header]: value }, posting, signal)
    },
  }
}

/**
 * Sends by a connection of its own. The text of the answer is not read: it is the receiver's, and nothing here depends on
 * it.
 */
function send(
  url: URL,
  header: Readonly<Record<string, string>>,
  { mediaType, body, timeout }: Posting,
  signal: AbortSignal,
): Promise<string | null> {
  return new Promise((resolve) => {
    const bytes = Buffer.from(body)
    const own = { 'user-agent': 'rollgate', 'content-type': mediaType, 'content-length': bytes.length }
    const begin = url.protocol === 'https:' ? requestHttps : requestHttp
    const request = started(() =>
      begin(url, { method: 'POST', agent: false, headers: { ...own, ...header } }),
    )
    if (request === null) return resolve('the header or the address has a character that HTTP does not take')
    const settle = (end: string | null) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      request.destroy()
      resolve(end)
    }
    const stop = () => settle('stopped')
    const late = () => settle(`no answer after ${timeout / 1000} s`)
    const timer = setTimeout(late, Math.min(timeout, LONGEST_TIMER))
    signal.addEventListener('abort', stop)
    // A later error of the socket finds a promise that is already resolved.
    request.on('error', ({ code = 'unknown error' }: NodeJS.ErrnoException) =>
      settle(`could not be sent: ${code}`),
    )
    request.on('response', ({ statusCode = 0 }) => settle(judged(statusCode)))
    request.end(bytes)
    if (signal.aborted) stop()
  })
}

/** Node refuses a header with a line break by an error that has the value in it. */
function started<T>(begin: () => T): T | null {
  try {
    return begin()
  } catch {
    return null
  }
}

function judged(status: number): string | null {
  if (status >= 200 && status < 300) return null
  const redirects = status >= 300 && status < 400
  return `answered ${status}${redirects ? ': a redirect is not followed' : ''}`
}
