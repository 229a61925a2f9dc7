import { known } from '../reading.ts'
import { sideOf } from './agreement.ts'
import { ending, isBroughtBack, isEnded, takesWrites } from './ended.ts'
import { frozenElsewhere, writableStandIn } from './frozen.ts'
import { type DetourState, type DetourTurn, doing, over, stands } from './turn.ts'
import { turnsWrites } from './turns-writes.ts'

/**
 * Chooses the next deed of a return: home is warm before visitors come, nothing was lost on the stand-in or it is counted,
 * and the stand-in goes last, once. Throws the problem of an unknown reading.
 */
export function nextReturn(state: DetourState): DetourTurn {
  const since = (act: Parameters<typeof stands>[1]) => stands(state, act, 'at-stand-in')
  if (!since('at-home')) return toHome(state)
  if (takesWrites(state)) return ending(state)
  if (known(sideOf(state.seen.door)) !== 'home') return doing('at-home')
  if (turnsWrites(state, 'open')) return doing('writes-open')
  if (!since('stand-in-drained')) return doing('stand-in-drained')
  if (!since('stand-in-stopped')) return doing('stand-in-stopped')
  return since('discarded') ? over : doing('discarded')
}

/** Home counts as warm only for the run that has seen it so. */
function toHome(state: DetourState): DetourTurn {
  // A stand-in whose data came back to home may be home itself by now.
  const fault = isBroughtBack(state) ? null : (writableStandIn(state) ?? frozenElsewhere(state))
  if (fault !== null) return fault
  if (!state.fresh.includes('home-warm')) return doing('home-warm')
  if (state.mode === 'read-write' && turnsWrites(state, 'shut')) return doing('writes-shut')
  return doing(isEnded(state, 'at-stand-in') ? 'at-home' : 'closed')
}
