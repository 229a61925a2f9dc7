import { known } from '../reading.ts'
import { sideOf } from './agreement.ts'
import { type DetourState, type DetourTurn, doing, stands } from './turn.ts'
import { turnsWrites } from './turns-writes.ts'

/** True if the databases were ended since a deed, and what was seen then still holds. */
export const isEnded = (state: DetourState, since: 'at-stand-in' | 'writable'): boolean =>
  stands(state, 'closed', since) && !takesWrites(state)

/** True if the database of home was brought back to the safe point. */
export const isBroughtBack = (state: Pick<DetourState, 'notes'>): boolean =>
  stands(state, 'closed', 'at-stand-in') &&
  state.notes.findLast(({ act }) => act === 'closed')?.evidence.way === 'revert'

/**
 * Ends the databases, or ends them once more: the fence that kept further writes from a stand-in goes with the run that
 * held it, and what was written there since has been counted by no one. Visitors who are there write no more before.
 */
export function ending(state: DetourState): DetourTurn {
  const side = sideOf(state.seen.door)
  const away = side.kind !== 'found' || side.value === 'stand-in'
  return doing(away && state.mode === 'read-write' && turnsWrites(state, 'shut') ? 'writes-shut' : 'closed')
}

/** True if writes come to a stand-in whose writes home will not have. */
export const takesWrites = (state: DetourState): boolean =>
  state.mode === 'read-write' &&
  !isBroughtBack(state) &&
  known(state.seen.database.writable['stand-in']) === 'open'
