import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Answer } from '../../pipeline/ports.ts'
import { LONGEST_TIMER } from '../clock.ts'

/** Bytes of a body that are read. */
const BODY_LIMIT = 64 * 1024

/**
 * Sends one GET over a connection of its own: a connection kept alive could still be answered by the process
 * that is being replaced. Redirects are not followed. `timeout`: milliseconds up to the end of the body.
 */
export function get(url: URL, timeout: number, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp
    const request = send(url, { agent: false, headers: { 'user-agent': 'rollgate' } })
    const settle = (answer: Answer) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      request.destroy()
      resolve(answer)
    }
    const stop = () => settle({ kind: 'unknown', why: 'stopped' })
    const timer = setTimeout(
      () => settle({ kind: 'timed-out', after: timeout }),
      Math.min(timeout, LONGEST_TIMER),
    )
    signal.addEventListener('abort', stop)
    // A later error of the socket finds a promise that is already resolved.
    request.on('error', (error) => settle(failed(error)))
    request.on('response', async (response) => {
      try {
        settle(judged(response, await beginningOf(response)))
      } catch (error) {
        settle(failed(error as NodeJS.ErrnoException))
      }
    })
    request.end()
  })
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response as AsyncIterable<Uint8Array>) {
    parts.push(part)
    size += part.length
    if (size >= BODY_LIMIT) break
  }
  // Decodes as a stream, so that a character which the limit divides is left out.
  return new TextDecoder().decode(Buffer.concat(parts).subarray(0, BODY_LIMIT), {
    stream: size >= BODY_LIMIT,
  })
}

function judged({ statusCode: status = 0 }: IncomingMessage, text: string): Answer {
  return status === 200 ? { kind: 'yes', text } : { kind: 'no', why: `answered ${status}`, text, status }
}

/** Errors that mean: no process listens (yet). */
const silent: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection broken',
  EPIPE: 'connection broken',
}

/** Errors of the way there, which tell nothing of a process. */
const unreached: Readonly<Record<string, string>> = {
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'host does not answer',
}

function failed(error: NodeJS.ErrnoException): Answer {
  const code = error.code ?? ''
  const why = silent[code]
  if (why !== undefined) return { kind: 'absent', why }
  const onTheWay = unreached[code]
  return onTheWay === undefined
    ? { kind: 'no', why: error.message, text: '' }
    : { kind: 'unknown', why: onTheWay }
}
