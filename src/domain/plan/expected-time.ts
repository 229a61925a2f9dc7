import type { Past } from '../ledger/past.ts'
import type { Mode } from './undertaking.ts'

/** The time that a deployment will take. `unknown` names the reason. */
export type ExpectedTime =
  | { readonly kind: 'known'; readonly milliseconds: number; readonly from: number }
  | { readonly kind: 'unknown'; readonly because: 'none-before' | 'all-waited' }

/**
 * Returns the median of the earlier deployments of the same mode that succeeded. One in which a person decided something is
 * left out, because the time for which it waited for an answer says nothing of the next one.
 */
export function expectedTime(mode: Mode, history: readonly Past[]): ExpectedTime {
  const alike = history.filter((past) => past.mode === mode && past.outcome.kind === 'succeeded')
  const times = alike
    .filter(({ decisions }) => decisions.length === 0)
    .map(({ startedAt, endedAt }) => Date.parse(endedAt) - Date.parse(startedAt))
    .filter((time) => time >= 0)
    .toSorted((one, other) => one - other)
  const middle = times.length / 2
  const [low, high] = [times[Math.ceil(middle) - 1], times[Math.floor(middle)]]
  if (low === undefined || high === undefined)
    return { kind: 'unknown', because: alike.length === 0 ? 'none-before' : 'all-waited' }
  return { kind: 'known', milliseconds: (low + high) / 2, from: times.length }
}
