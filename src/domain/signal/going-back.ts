import { standing } from '../journal/standing.ts'
import type { Underway } from '../ledger/underway.ts'
import { modes } from '../plan/modes.ts'

/** True where no halt is heard: in a rollback, and in a deployment that was turned back. */
export const isGoingBack = ({ plan, journal }: Pick<Underway, 'plan' | 'journal'>): boolean =>
  modes[plan.mode].heldBy === 'nothing' || standing(plan, journal).direction.to === 'old'
