import type { NamedEnd } from '../detour/by-name/named-end.ts'
import { changesService, type Step } from './step.ts'
import { traitsOf } from './traits.ts'

/**
 * Returns the steps of closing a detour by name in their order: services change before visitors come to them, or after,
 * where home was never changed; visitors who came home keep what they have. Other orders stay as they are.
 */
export function closingOrder(steps: readonly Step[], end: NamedEnd | null): readonly Step[] {
  if (end === null || end.left === 'away') return steps
  const rest = steps.filter((step) => !changesService(step) && !remembers(step, 'detour-joined'))
  if (end.left === 'returned') return rest
  const services = steps.filter(changesService)
  return rest.flatMap((step) => (remembers(step, 'detour-end') ? [step, ...services] : [step]))
}

const remembers = (step: Step, what: 'detour-joined' | 'detour-end'): boolean =>
  traitsOf(step).remembers === what
