import { type GitHubError, headerOf } from './github-error.ts'

/** The time at which a limit lets requests pass again. */
export type Limit =
  | { readonly kind: 'for'; readonly seconds: number }
  | { readonly kind: 'until'; readonly reset: Date }

/** Seconds that GitHub wants a client to wait when it names none. */
const unnamedWait = 60

/** Null when it was no limit that refused: 403 is a missing permission as well. */
export function limitOf(error: GitHubError): Limit | null {
  if (error.status !== 403 && error.status !== 429) return null
  const retryAfter = Number(headerOf(error, 'retry-after'))
  if (retryAfter > 0) return { kind: 'for', seconds: retryAfter }
  const reset = Number(headerOf(error, 'x-ratelimit-reset'))
  if (headerOf(error, 'x-ratelimit-remaining') === '0' && reset > 0)
    return { kind: 'until', reset: new Date(reset * 1000) }
  return error.status === 429 || /rate limit/i.test(error.message)
    ? { kind: 'for', seconds: unnamedWait }
    : null
}

/** Whole seconds to wait, one more than until the reset: GitHub's clock is not ours. */
export const secondsOf = (limit: Limit, now: Date): number =>
  limit.kind === 'for'
    ? Math.ceil(limit.seconds)
    : 1 + Math.max(0, Math.ceil((limit.reset.getTime() - now.getTime()) / 1000))
