import type { getOctokit } from '@actions/github'
import type { retry } from '@octokit/plugin-retry'
import { Problem } from '../../domain/problem.ts'
import type { Clock } from '../../pipeline/ports.ts'
import { isGitHubError } from './github-error.ts'
import { limitOf, secondsOf } from './rate-limit.ts'

/** Further tries after a failed one. */
const retries = 3
/** Seconds; a limit that asks for more is a problem for a person. */
const longestWait = 300

/** Marks a request that is not a GET and may still be repeated after a lost answer. */
export const repeatable = { request: { repeatable: true } }

/** Marks a request whose answer is useful at once or not at all: it is neither retried nor delayed. */
export const once = { request: { once: true, retries: 0 } }

/** Answers of GitHub's git and deployment endpoints that may be others a second later: its copies lag behind each other. */
const fickleAnswers: readonly number[] = [404, 409, 422]

/** True if GitHub may answer otherwise a second later. */
export const mayPass = (failure: unknown): boolean =>
  failure instanceof Problem && isGitHubError(failure.cause) && fickleAnswers.includes(failure.cause.status)

/** Marks a request that is retried after one of these answers: nothing was done then. */
export const fickle = { request: { fickle: true } }

/** The same, and it may be repeated after a lost answer. */
export const repeatableAndFickle = { request: { ...repeatable.request, ...fickle.request } }

/** A refusal stays one. 403 and 429 are left to `patience`: by waiting, only a limit passes. */
export const retryOptions = (second: number) => ({
  retries,
  doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451],
  retryAfterBaseValue: second,
})

/** A plugin of Octokit's, as its constructor takes it. */
export type OctokitPlugin = Parameters<typeof getOctokit>[2]
type Retrying = Parameters<OctokitPlugin>[0] & ReturnType<typeof retry>

/**
 * Decides for the retry plugin, which would retry every request and knows no rate limit: a GET may be
 * retried, another request if it is marked. A request refused by a limit was not done, so it may always be
 * retried.
 */
export const patience =
  (clock: Pick<Clock, 'now'>): OctokitPlugin =>
  (octokit) => {
    octokit.hook.before('request', (options) => {
      const { request, method } = options
      const repeated = method === 'GET' || request?.repeatable === true
      // A new object each time, since the plugin counts in it and Octokit shares one among requests.
      options.request = { ...request, ...(repeated ? {} : { retries: 0 }) }
    })
    octokit.hook.error('request', (error) => {
      if (isFickle(error)) {
        const tried = error.request.request?.retryCount ?? 0
        throw (octokit as Retrying).retry.retryRequest(error as never, retries, (tried + 1) ** 2)
      }
      const limit = isGitHubError(error) ? limitOf(error) : null
      if (limit === null || isOnce(error)) throw error
      const wait = secondsOf(limit, clock.now())
      if (wait > longestWait) throw error
      throw (octokit as Retrying).retry.retryRequest(error as never, retries, wait)
    })
  }

/** The error of a request, with the marks of the request. */
interface RefusedRequest extends Error {
  readonly status: number
  readonly request: { readonly request?: { once?: boolean; fickle?: boolean; retryCount?: number } }
}

const isRefused = (error: Error): error is RefusedRequest => isGitHubError(error) && 'request' in error

const isOnce = (error: Error): boolean => isRefused(error) && error.request.request?.once === true

const isFickle = (error: Error): error is RefusedRequest =>
  isRefused(error) && error.request.request?.fickle === true && fickleAnswers.includes(error.status)
