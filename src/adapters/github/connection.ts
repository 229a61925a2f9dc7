import { setTimeout as sleep } from 'node:timers/promises'
import { getOctokit } from '@actions/github'
import { retry } from '@octokit/plugin-retry'
import type { Clock } from '../../pipeline/ports.ts'
import { carrierTo } from './carrier.ts'
import type { OctokitPlugin } from './patience.ts'
import { patience, retryOptions } from './patience.ts'
import { type Fetch, transport } from './transport.ts'

/** A repository at GitHub, and the one client that everything here speaks through. */
export interface GitHub {
  readonly place: { readonly owner: string; readonly repo: string }
  readonly rest: ReturnType<typeof getOctokit>['rest']
  /** Resolves after so many seconds; tests make them short. */
  wait(seconds: number): Promise<void>
  /** The number of requests so far, each try counted. */
  requests(): number
}

export interface ConnectionOptions {
  readonly token: string
  /** `https://api.github.com`, or the value of GITHUB_API_URL. */
  readonly apiUrl: string
  /** `owner/name`. */
  readonly repository: string
  /** Hears one line a request, for the debug log. */
  readonly say: (line: string) => void
  readonly clock?: Pick<Clock, 'now'>
  /** True to refuse every request that could change something. */
  readonly readOnly?: boolean
  /** Milliseconds that a second of waiting lasts; tests make it short. */
  readonly second?: number
}

/**
 * The version that the sandbox's copy of GitHub's description documents: that still has `rate` in the rate limit's
 * answer, which 2026-03-10 removed. GitHub Enterprise Server knows it as well.
 */
const apiVersion = '2022-11-28'

export function connect(options: ConnectionOptions): GitHub {
  const { token, apiUrl, repository, say, clock = systemClock, second = 1000, readOnly = false } = options
  const [owner = '', repo = ''] = repository.split('/')
  const { fetch, requests } = transport(held(carrierTo(apiUrl), readOnly), say)
  const octokit = getOctokit(
    token,
    { baseUrl: apiUrl, userAgent: 'rollgate', request: { fetch }, retry: retryOptions(second) },
    versioned,
    patience(clock),
    retry,
  )
  return { place: { owner, repo }, rest: octokit.rest, wait: (seconds) => sleep(seconds * second), requests }
}

/** Passes reading requests on, and throws for any other where only they may pass. */
const held = (carry: Fetch, readOnly: boolean): Fetch =>
  readOnly
    ? (address, init) => {
        if (!/^(?:GET|HEAD)$/i.test(init?.method ?? 'GET'))
          throw new Error(`${init?.method} is no reading request, and was not sent.`)
        return carry(address, init)
      }
    : carry

const versioned: OctokitPlugin = ({ hook }) =>
  hook.before('request', ({ headers }) => {
    headers['x-github-api-version'] = apiVersion
  })

const systemClock = { now: () => new Date() }
