import type { SiteClock } from './site.ts'

export interface RateLimit {
  readonly limit: number
  readonly used: number
  readonly remaining: number
  /** Unix seconds at which the count begins anew. */
  readonly reset: number
}

export function rateLimit(clock: SiteClock, used: number, limit: number): RateLimit {
  const hour = 3600
  const reset = (Math.floor(clock().getTime() / 1000 / hour) + 1) * hour
  return { limit, used, remaining: Math.max(0, limit - used), reset }
}

/** The headers that every answer of GitHub carries. */
export function standardHeaders(limit: RateLimit, apiVersion: string | undefined, number: number) {
  return {
    'x-github-request-id': `SAND:${number.toString(16).toUpperCase().padStart(8, '0')}`,
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': apiVersion ?? '2022-11-28',
    'x-ratelimit-limit': String(limit.limit),
    'x-ratelimit-remaining': String(limit.remaining),
    'x-ratelimit-used': String(limit.used),
    'x-ratelimit-reset': String(limit.reset),
    'x-ratelimit-resource': 'core',
  }
}
