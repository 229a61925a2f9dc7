import type { EngineSeen } from '../../../domain/engine/engine-seen.ts'
import type { CountedTasks } from './count.ts'
import type { SwarmService } from './service-shape.ts'

type EnginePhase = EngineSeen['phase']

/**
 * The phases by the state of an update. Docker has no pause that a person can ask for: it pauses alone, after a failure.
 * A rollback that a person asked for has the same states as its own.
 */
const phases: Readonly<Record<string, EnginePhase>> = {
  updating: 'rolling',
  completed: 'settled',
  paused: 'failed',
  rollback_started: 'rolled-back',
  rollback_paused: 'rolled-back',
  rollback_completed: 'rolled-back',
}

/** Tells how far the newest rollout is, and if the swarm has taken notice of it. */
export function phaseOf(service: SwarmService, tasks: CountedTasks): Pick<EngineSeen, 'phase' | 'noticed'> {
  const state = service.UpdateStatus?.State ?? ''
  if (state === '') return withoutStatus(tasks)
  const phase = phases[state] ?? 'rolling'
  // The last replicas of the older image still end, and may have requests.
  const isEnding = phase === 'settled' && tasks.replicas.old > 0
  return { phase: isEnding ? 'rolling' : phase, noticed: true }
}

/**
 * A service has no update status after it was made, after a change that replaces no task, and for a moment after each
 * change. The tasks alone tell then.
 */
function withoutStatus({ replicas, current }: CountedTasks): Pick<EngineSeen, 'phase' | 'noticed'> {
  const { wanted, ready, old } = replicas
  const isThere = current && ready === wanted && old === 0
  return { phase: isThere ? 'settled' : 'rolling', noticed: current }
}
