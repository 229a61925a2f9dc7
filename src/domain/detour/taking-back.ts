import { known } from '../reading.ts'
import { sideOf } from './agreement.ts'
import { ending, isEnded, takesWrites } from './ended.ts'
import { type DetourState, type DetourTurn, doing, over, stands } from './turn.ts'
import { turnsWrites } from './turns-writes.ts'

/**
 * Chooses the next deed of taking an opening back, while nothing has changed home: visitors are home before anything of
 * the stand-in goes. Throws the problem of an unknown reading.
 */
export function nextTakingBack(state: DetourState): DetourTurn {
  const { database } = state.seen
  // Nothing is begun before the look at what speaks against it.
  if (!stands(state, 'able')) return over
  // Home is stopped once it is drained: a lost run may have come halfway.
  if (stands(state, 'home-drained', 'home-started')) return doing('home-started')
  // Visitors may have written there already: what is lost is counted.
  // A lost run may have opened the stand-in without a note.
  if (takesWrites(state) || (stands(state, 'writable') && !isEnded(state, 'writable'))) return ending(state)
  if (!isHome(state)) return doing('at-home')
  if (known(database.fence) === 'home') return doing('unfenced')
  if (turnsWrites(state, 'open')) return doing('writes-open')
  // A start that failed, or whose run was lost, is not noted, and may have left instances running.
  if (stands(state, 'copied', 'stand-in-stopped')) return doing('stand-in-stopped')
  return known(database.standIn) === null ? over : doing('discarded')
}

/** True if visitors are seen at home. A door that does not show it is told to, and must then show it. */
function isHome(state: DetourState): boolean {
  const side = sideOf(state.seen.door)
  if (stands(state, 'at-stand-in', 'at-home')) return false
  return state.fresh.includes('at-home')
    ? known(side) === 'home'
    : side.kind === 'found' && side.value === 'home'
}
