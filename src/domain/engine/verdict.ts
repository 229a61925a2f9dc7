import type { EngineSeen, Images, Trouble } from './engine-seen.ts'
import { wants } from './images.ts'

/** The rollout that is awaited, and the times that it must keep. */
export interface Awaited {
  readonly images: Images
  /** The engine's name of the rollout that was handed over. */
  readonly rollout: string
  /** The rollout from before it, which an engine may show for a moment longer; null without one. */
  readonly before: string | null
  readonly minHealthyTime: number
  readonly deadline: number
}

/** The looks so far, as far as they count for the verdict. Milliseconds. */
export interface Patience {
  /** The time since the rollout was handed over. */
  readonly since: number
  /** The time since which every look was complete; null where the last one was not. */
  readonly complete: number | null
  /** The number of looks in a row with a trouble that waiting does not help. */
  readonly troubled: number
}

/** The meaning of one more look at a rollout. */
export type EngineVerdict =
  | { readonly kind: 'done' }
  | { readonly kind: 'rolling' }
  /** Everything is as it must be, but not for long enough. */
  | { readonly kind: 'settling' }
  /** Waiting does not help. */
  | { readonly kind: 'stuck'; readonly troubles: readonly Trouble[] }
  /** The engine gave up, and changed nothing further. */
  | { readonly kind: 'failed' }
  /** The engine went back by itself. */
  | { readonly kind: 'rolled-back' }
  | { readonly kind: 'paused' }
  /** A newer rollout has taken the place of this one. */
  | { readonly kind: 'superseded' }
  | { readonly kind: 'scaled-to-zero' }
  | { readonly kind: 'late' }

/**
 * The looks in a row after which a lasting trouble counts: in the first look after a rollout began an engine may still
 * show the replicas of the one before.
 */
const believed = 2

/**
 * Judges a look at the rollout that was handed over. Done is what was seen: the engine has taken notice, it wants these
 * images by digest, every replica that it counts runs them and is ready, and none of the older ones is left.
 */
export function judgeRollout(seen: EngineSeen, awaited: Awaited, patience: Patience): EngineVerdict {
  if (seen.noticed && !showsBefore(seen, awaited, patience)) {
    const end = endOf(seen, awaited, patience)
    if (end !== null) return end
  }
  if (patience.complete !== null && patience.complete >= awaited.minHealthyTime) return { kind: 'done' }
  if (patience.since > awaited.deadline) return { kind: 'late' }
  return { kind: patience.complete === null ? 'rolling' : 'settling' }
}

/** The time for which an engine may show the rollout from before. Later it was brought back. */
const briefly = 30_000

/** True if an engine still shows the rollout from before. */
const showsBefore = ({ rollout }: EngineSeen, awaited: Awaited, { since }: Patience): boolean =>
  rollout !== awaited.rollout && rollout === awaited.before && since < briefly

/** Returns the reason why the rollout does not come to a good end by itself; null while it may. */
function endOf(seen: EngineSeen, awaited: Awaited, { troubled, complete }: Patience): EngineVerdict | null {
  const ours = wants(seen.wanted, awaited.images)
  // An engine may have begun by itself what is asked of it on the way back, as a rollout of its own.
  if (seen.phase === 'rolled-back') return ours ? null : { kind: 'rolled-back' }
  if (!ours || seen.rollout !== awaited.rollout) return { kind: 'superseded' }
  if (seen.phase === 'paused' || seen.phase === 'held') return { kind: 'paused' }
  if (seen.replicas.wanted === 0) return { kind: 'scaled-to-zero' }
  const troubles = lastingIn(seen)
  if (seen.phase === 'failed') return { kind: 'failed' }
  // The end of an earlier replica says nothing once every replica is as it must be.
  return troubles.length > 0 && troubled >= believed && complete === null ? { kind: 'stuck', troubles } : null
}

/** The phases in which an engine changes nothing further. Where it went back, the images say to what. */
const atRest: readonly EngineSeen['phase'][] = ['settled', 'rolled-back']

/** True if a look shows every replica as it must be. */
export const isComplete = ({ noticed, phase, wanted, replicas }: EngineSeen, images: Images): boolean =>
  noticed &&
  atRest.includes(phase) &&
  wants(wanted, images) &&
  replicas.wanted > 0 &&
  replicas.updated === replicas.wanted &&
  replicas.ready === replicas.wanted &&
  replicas.old === 0

/** Returns the troubles that waiting does not help. */
export const lastingIn = ({ troubles }: EngineSeen): Trouble[] => troubles.filter(({ lasting }) => lasting)
