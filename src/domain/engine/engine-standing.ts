import type { EngineSeen, Images } from './engine-seen.ts'

/** A service on an engine in a deployment: the sum of the events of its step. */
export interface EngineStanding {
  /** The first look, from before anything was handed over; null until then. */
  readonly before: EngineSeen | null
  /** The last look that the journal has: a newer rollout has another author. */
  readonly seen: EngineSeen | null
  /** The rollout that was handed over last; null before one is, and once it is to be handed over anew. */
  readonly handed: HandedRollout | null
}

/** A rollout that this deployment handed over. */
export interface HandedRollout {
  readonly rollout: string
  readonly images: Images
  readonly to: 'new' | 'old'
  /** An ISO time in UTC. */
  readonly at: string
}

export const engineAtRest: EngineStanding = { before: null, seen: null, handed: null }
