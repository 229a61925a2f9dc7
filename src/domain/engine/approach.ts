import type { EngineSeen, Images } from './engine-seen.ts'
import type { EngineStanding, HandedRollout } from './engine-standing.ts'
import { sameImages, wants } from './images.ts'

/** The images that are to be brought to an engine. */
export interface EngineAim {
  readonly images: Images
  readonly to: 'new' | 'old'
  /** Every replica is replaced, and the images stay. */
  readonly restart: boolean
}

/** The choice after a look at an engine, before anything is handed over. */
export type Approach =
  | { readonly kind: 'hand-over' }
  /** The rollout is handed over already: by this run, by a lost one, or by a person who wanted the same. */
  | { readonly kind: 'watch'; readonly rollout: string }
  /** A rollout of another author is under way, or one that the journal does not know, or the engine is paused. */
  | { readonly kind: 'ask'; readonly because: 'busy' | 'superseded' | 'paused' }

/**
 * Decides by the present state of the engine, and never hands over twice. A rollout that the journal does not know has
 * another author, and is asked about first: the person who answers then knows it.
 */
export function approach(seen: EngineSeen, standing: EngineStanding, bringing: EngineAim): Approach {
  const { handed } = standing
  if (seen.phase === 'held') return begin(seen, standing)
  if (handed !== null && isOf(handed, bringing)) return { kind: 'watch', rollout: handed.rollout }
  if (begunAlready(seen, standing, bringing)) return { kind: 'watch', rollout: seen.rollout }
  if (seen.phase === 'paused') return { kind: 'ask', because: 'paused' }
  return begin(seen, standing)
}

function begin(seen: EngineSeen, standing: EngineStanding): Approach {
  if (standing.seen === null)
    return seen.phase === 'rolling' ? { kind: 'ask', because: 'busy' } : { kind: 'hand-over' }
  return isKnown(seen, standing) ? { kind: 'hand-over' } : { kind: 'ask', because: 'superseded' }
}

const isOf = (handed: HandedRollout, { to, images }: EngineAim): boolean =>
  handed.to === to && sameImages(handed.images, images)

/**
 * True if the engine is at work on it: a lost run may have handed over without noting it. A restart has the same images before and
 * after, so that only a newer rollout can be it.
 */
function begunAlready(seen: EngineSeen, standing: EngineStanding, { images, restart }: EngineAim): boolean {
  if (restart) return standing.seen !== null && !isKnown(seen, standing) && wants(seen.wanted, images)
  return wants(seen.wanted, images) && (seen.phase === 'rolling' || seen.phase === 'settled')
}

/** True if an engine wants the images by a rollout that the journal does not know: an order without an answer was taken. */
export const hasTaken = (seen: EngineSeen, standing: EngineStanding, { images }: EngineAim): boolean =>
  wants(seen.wanted, images) && !isKnown(seen, standing)

/** True if the journal has this rollout: its last look, or the one that was handed over. */
const isKnown = ({ rollout }: EngineSeen, { seen, handed }: EngineStanding): boolean =>
  rollout === seen?.rollout || rollout === handed?.rollout
