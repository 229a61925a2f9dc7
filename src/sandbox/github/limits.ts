import type { InForce } from '../rules/in-force.ts'
import type { EnforcedRule } from '../rules/table.ts'
import type { OpenRecord } from './log.ts'
import type { OperationId } from './operations.ts'
import { type RateLimit, rateLimit } from './rate-limit.ts'
import { Refusal } from './reply.ts'
import type { SiteClock } from './site.ts'
import { workflowLogin } from './tokens.ts'

/** GitHub's limits, counted for each login: all workflows of the repository share one. */
export interface Limits {
  /** Counts a request that is about to be answered; throws the refusal of a limit that is used up. */
  admit(request: OpenRecord): void
  /** Uses up units of a limit in its current window, as other runs of the repository would. */
  spend(rule: LimitRule, units: number, login?: string): void
  /** Counts the work as one of the requests under way until it ends. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** The state of the login's hourly limit. */
  shown(login: string | undefined): RateLimit
}

/** The rules that count. */
export type LimitRule = Extract<
  EnforcedRule,
  | 'rate-of-workflow-tokens'
  | 'rate-of-other-tokens'
  | 'points-a-minute'
  | 'contents-a-minute'
  | 'contents-an-hour'
>

/** A login has at most so many units in a window of time; a request costs some of them, or none. */
interface Bound {
  readonly rule: LimitRule
  /** Milliseconds. */
  readonly window: number
  readonly most: number
  cost(request: Counted): number
  refusal(seconds: number): Refusal
}

type Counted = Pick<OpenRecord, 'method' | 'operation'> & { readonly actor: string }

const minute = 60_000
const hour = 60 * minute
const atOnce = 100

/** The operations of which the description says that making content too quickly is limited. */
const makesContent: ReadonlySet<OperationId | undefined> = new Set<OperationId>([
  'issues/create',
  'issues/create-comment',
  'repos/create-release',
])

const primary = (): Refusal =>
  new Refusal(403, 'API rate limit exceeded for installation ID 1.', {}, { 'x-ratelimit-remaining': '0' })

const secondary = (seconds: number): Refusal =>
  new Refusal(
    403,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    {},
    { 'retry-after': String(seconds) },
  )

const ofWorkflows: Bound = {
  rule: 'rate-of-workflow-tokens',
  window: hour,
  most: 1000,
  cost: ({ actor }) => (actor === workflowLogin ? 1 : 0),
  refusal: primary,
}
const ofOthers: Bound = {
  rule: 'rate-of-other-tokens',
  window: hour,
  most: 5000,
  cost: ({ actor }) => (actor === workflowLogin ? 0 : 1),
  refusal: primary,
}
const content = {
  cost: ({ operation }: Counted) => (makesContent.has(operation) ? 1 : 0),
  refusal: secondary,
}
const bounds: readonly Bound[] = [
  ofWorkflows,
  ofOthers,
  {
    rule: 'points-a-minute',
    window: minute,
    most: 900,
    cost: ({ method }) => (method === 'GET' ? 1 : 5),
    refusal: secondary,
  },
  { rule: 'contents-a-minute', window: minute, most: 80, ...content },
  { rule: 'contents-an-hour', window: hour, most: 500, ...content },
]

export function limits(inForce: InForce, clock: SiteClock): Limits {
  const counts = new Map<string, number>()
  let underWay = 0
  const key = ({ rule, window }: Bound, login: string) =>
    `${rule} ${login} ${Math.floor(clock().getTime() / window)}`
  const used = (bound: Bound, login: string): number => counts.get(key(bound, login)) ?? 0

  return {
    admit({ actor, method, operation }) {
      if (underWay > atOnce && inForce('requests-at-once')) throw secondary(1)
      if (actor === undefined || (operation === 'rate-limit/get' && inForce('rate-limit-is-free'))) return
      const costs = bounds.map((bound) => ({ bound, cost: bound.cost({ actor, method, operation }) }))
      for (const { bound, cost } of costs) {
        const isOver = cost > 0 && used(bound, actor) + cost > bound.most
        if (isOver && inForce(bound.rule)) throw bound.refusal(secondsLeft(clock(), bound.window))
      }
      for (const { bound, cost } of costs) counts.set(key(bound, actor), used(bound, actor) + cost)
    },
    spend(rule, units, login = workflowLogin) {
      for (const bound of bounds.filter((one) => one.rule === rule))
        counts.set(key(bound, login), used(bound, login) + units)
    },
    async during(work) {
      underWay += 1
      try {
        return await work()
      } finally {
        underWay -= 1
      }
    },
    shown(login = '') {
      const bound = login === workflowLogin ? ofWorkflows : ofOthers
      return rateLimit(clock, used(bound, login), bound.most)
    },
  }
}

const secondsLeft = (now: Date, window: number): number =>
  Math.ceil((window - (now.getTime() % window)) / 1000)
