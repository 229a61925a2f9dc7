import type { EngineSeen } from '../../../domain/engine/engine-seen.ts'
import { countTasks } from './count.ts'
import type { EcsSeen } from './look.ts'
import { moment } from './shapes.ts'

/** The words of ECS for going back by itself, in a reason or an event. */
const goesBack = /roll(?:ing|ed) back/i

/** A deployment and the event that tells of it have times of their own. */
const TOGETHER_MS = 10_000

/**
 * Tells how far the newest deployment is. After the circuit breaker went back, ECS names the older task definition as if it
 * had been asked for, and soon calls that deployment completed: its reason, or an event since its beginning, tells.
 */
export function phaseOf(seen: EcsSeen): EngineSeen['phase'] {
  const { primary } = seen
  if (goesBack.test(primary.rolloutStateReason ?? '') || wentBack(seen)) return 'rolled-back'
  switch (primary.rolloutState) {
    case 'COMPLETED':
      // The last tasks of the older deployment still end, and may have requests. A service that is deleted ends them all.
      return countTasks(seen).old > 0 || seen.service.status === 'DRAINING' ? 'rolling' : 'settled'
    case 'FAILED':
      return 'failed'
    default:
      return 'rolling'
  }
}

function wentBack({ service, primary }: EcsSeen): boolean {
  const since = moment(primary.createdAt) - TOGETHER_MS
  return (service.events ?? []).some(
    ({ message, createdAt }) => goesBack.test(message) && moment(createdAt) >= since,
  )
}
