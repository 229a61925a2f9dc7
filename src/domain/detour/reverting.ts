import { known } from '../reading.ts'
import { sideOf } from './agreement.ts'
import { nextReturn } from './closing.ts'
import { ending, isBroughtBack } from './ended.ts'
import { frozenElsewhere, gone, writableStandIn } from './frozen.ts'
import { type DetourState, type DetourTurn, doing, over, stands, stopping } from './turn.ts'

/**
 * Chooses the next deed of bringing the database back to where visitors left it: what failed at home is stopped first, so
 * that nothing writes to it meanwhile. Throws the problem of an unknown reading.
 */
export function nextRestoring(state: DetourState): DetourTurn {
  if (isBroughtBack(state)) return over
  const { seen, fresh } = state
  if (known(sideOf(seen.door)) !== 'stand-in')
    return stopping(
      'detour-disagrees',
      'The database of home cannot be brought back: visitors are not on the stand-in.',
      'Look at the door, send visitors to the stand-in, and try again.',
    )
  if (!fresh.includes('home-stopped')) return doing('home-stopped')
  return ending(state)
}

/**
 * Chooses the next deed of sending visitors home to the older release. Instances that no service step has brought back
 * were stopped when visitors left, and start again.
 */
export function nextGoingHome(state: DetourState): DetourTurn {
  const away = !stands(state, 'at-home', 'at-stand-in')
  return away && !state.fresh.includes('home-started') ? doing('home-started') : nextReturn(state)
}

/** Chooses the next deed of going on in an open detour whose database is brought back before anything else. */
export function nextRejoining(state: DetourState): DetourTurn {
  const joining = isBroughtBack(state) ? over : nextJoining(state)
  return joining.kind === 'over' ? nextRestoring(state) : joining
}

/**
 * Chooses the next deed of bringing another release in an open detour. Home is not changed again
 * once its database was brought back: a later way back would still take it for the safe point.
 */
export function nextOnward(state: DetourState): DetourTurn {
  const joining = nextJoining(state)
  if (!isBroughtBack(state))
    return joining.kind === 'over' && known(state.seen.database.standIn) !== 'running' ? gone() : joining
  return stopping(
    'detour-disagrees',
    'An abandoned deployment has brought the database of home back, and visitors are on the stand-in still.',
    'Close the detour by its name (do: close-detour), then deploy. Nothing was changed.',
  )
}

/** Chooses the next deed of going on in an open detour: none, where its stand-in serves as it was cut off. */
export function nextJoining(state: DetourState): DetourTurn {
  if (known(sideOf(state.seen.door)) !== 'stand-in')
    return stopping('detour-disagrees', 'The detour is open, and visitors are not on its stand-in.')
  return writableStandIn(state) ?? frozenElsewhere(state) ?? over
}
