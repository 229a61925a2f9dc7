import { hasBegun, type Standing } from '../journal/deployment-standing.ts'
import type { Plan } from '../plan/plan.ts'
import { traitsOf } from '../step/traits.ts'

/** True if visitors are on the stand-in, or on their way home from it, and home may differ from what they left. */
export const isChangedAside = (plan: Plan, now: Standing): boolean =>
  now.visitors !== 'home' && hasChangedHome(plan, now)

/** True if a step after the opening has begun. A detour that was joined was opened for an earlier change. */
export function hasChangedHome({ steps }: Pick<Plan, 'steps'>, now: Standing): boolean {
  const opened = steps.findIndex((step) => traitsOf(step).remembers === 'detour')
  return opened < 0 || steps.slice(opened + 1).some((step) => hasBegun(now, step))
}
