import type { RollbackPace, Rollout } from '../config/service.ts'
import type { Direction } from '../journal/direction.ts'
import { type Pace, rolloutLimits } from './batches.ts'

/** A pace, and the pace after a deployment turned back; null for the same one. */
export interface Paces extends Pace {
  readonly back: Pace | null
}

/** Returns the paces of a rollout. A deployment that goes back from its beginning has one pace. */
export function pacesOf(rollout: Rollout, total: number, goesBack: boolean): Paces {
  const back = rollout.rollback === null ? null : rolloutLimits(goingBack(rollout, rollout.rollback), total)
  return goesBack && back !== null ? { ...back, back: null } : { ...rolloutLimits(rollout, total), back }
}

/** Returns the pace of a roll in one direction. */
export const paceOf = (paces: Paces, { to }: Direction): Pace =>
  to === 'old' ? (paces.back ?? paces) : paces

/** Returns a rollout as it goes back. A number at once of its own takes the place of the batches. */
export const goingBack = (rollout: Rollout, { maxParallel, minAvailable }: RollbackPace): Rollout => ({
  ...rollout,
  ...(maxParallel === null ? {} : { maxParallel, batches: [] }),
  minAvailable,
})
