import { standing } from '../journal/standing.ts'
import type { Pause } from '../question/pause.ts'
import type { Memory } from '../rolling/sight.ts'

/**
 * The activity of an environment. `interrupted`: its run is over, and no question is open. `unknown`: a run holds the
 * deployment, and GitHub does not tell if that run is live.
 */
export type ActivitySeen =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting'; readonly pause: Pause }
  | { readonly kind: 'running' | 'interrupted' | 'unknown'; readonly deployment: number }

export type Activity = ActivitySeen['kind']

/** Returns the activity as one word. */
export const activityOf = (memory: Memory): Activity => activityIn(memory).kind

export function activityIn({ ledger: { deployment }, live }: Memory): ActivitySeen {
  if (deployment === null) return { kind: 'idle' }
  const { plan, journal, holder, number } = deployment
  const { pause } = standing(plan, journal)
  if (pause !== null) return { kind: 'waiting', pause }
  if (holder === null || live === false) return { kind: 'interrupted', deployment: number }
  return { kind: live === true ? 'running' : 'unknown', deployment: number }
}
