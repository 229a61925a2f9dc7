import { known } from '../reading.ts'
import { sideOf } from './agreement.ts'
import { frozenElsewhere, gone, isCut, writableStandIn } from './frozen.ts'
import { type DetourState, type DetourTurn, doing, over, stands, stopping } from './turn.ts'
import { turnsWrites } from './turns-writes.ts'

/**
 * Chooses the next deed of opening a detour from what is seen, so that a run which resumes after another was lost does
 * only what is missing. Throws the problem of an unknown reading.
 */
export function nextOpening(state: DetourState): DetourTurn {
  const { seen } = state
  if (!stands(state, 'able')) return doing('able')
  const fault = stands(state, 'copied') ? writableStandIn(state) : null
  if (fault !== null) return fault
  if (!isCut(seen.database)) return beforeCut(state)
  return provenAway(state) ? afterPoint(state) : afterCut(state)
}

/** True if visitors were seen on the stand-in, on every frontend, and were not sent home since. */
export const provenAway = (state: Pick<DetourState, 'notes'>): boolean =>
  stands(state, 'at-stand-in', 'at-home', 'cut', 'rejoined')

/** Home serves and is followed. The fence is of a run that may be lost: level counts only after its fence. */
function beforeCut(state: DetourState): DetourTurn {
  const { database, door } = state.seen
  if (provenAway(state))
    return known(database.standIn) === 'running'
      ? contradiction('visitors were moved to the stand-in, and it follows home')
      : gone()
  if (known(sideOf(door)) !== 'home')
    return contradiction('the door sends visitors to the stand-in before it has everything')
  if (known(database.standIn) !== 'running' || !stands(state, 'copied')) return doing('copied')
  if (!state.fresh.includes('stand-in-started')) return doing('stand-in-started')
  if (turnsWrites(state, 'shut')) return doing('writes-shut')
  if (known(database.fence) !== 'home') return doing('fenced')
  return doing(stands(state, 'level', 'fenced') ? 'cut' : 'level')
}

/** A fence that was lost may have let writes through after the cut: the stand-in follows again, and all is repeated. */
function afterCut(state: DetourState): DetourTurn {
  const { database, door } = state.seen
  if (known(database.standIn) !== 'running') return gone()
  if (known(database.fence) === 'home') {
    if (!stands(state, 'cut', 'level')) return doing('cut')
    return doing(state.fresh.includes('stand-in-started') ? 'at-stand-in' : 'stand-in-started')
  }
  const side = sideOf(door)
  // A lost run may have been moving visitors, so that the parts of the door disagree.
  return doing(side.kind === 'found' && side.value === 'home' ? 'rejoined' : 'at-home')
}

/** Home is left, and is made ready for its change. */
function afterPoint(state: DetourState): DetourTurn {
  const { mode, seen } = state
  if (known(seen.database.standIn) !== 'running') return gone()
  if (known(sideOf(seen.door)) !== 'stand-in')
    return contradiction('visitors were moved to the stand-in, and the door sends them home')
  const moved = frozenElsewhere(state)
  if (moved !== null) return moved
  if (!stands(state, 'home-drained', 'at-stand-in')) return doing('home-drained')
  if (!stands(state, 'home-stopped', 'at-stand-in')) return doing('home-stopped')
  if (!stands(state, 'hardened', 'at-stand-in'))
    return doing(known(seen.database.fence) === 'home' ? 'hardened' : 'fenced')
  if (mode === 'read-only') return over
  if (!stands(state, 'writable', 'at-stand-in')) return doing('writable')
  return turnsWrites(state, 'open') ? doing('writes-open') : over
}

const contradiction = (what: string): DetourTurn =>
  stopping('detour-disagrees', `The detour is not as its journal says: ${what}.`)
