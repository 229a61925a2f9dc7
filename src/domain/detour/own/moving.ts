import { known } from '../../reading.ts'
import { sideOf } from '../agreement.ts'
import { type DetourSide, otherSide } from '../side.ts'
import { type DetourState, type DetourTurn, doing, over, stands, stopping } from '../turn.ts'
import { turnsWrites } from '../turns-writes.ts'
import { held } from './copying.ts'

/**
 * Chooses the next deed of moving visitors to the side with the copy: home is seen unchanged since, and what waits there is
 * turned away once they have moved. Throws the problem of an unknown reading.
 */
export const nextMoving =
  (to: DetourSide) =>
  (state: DetourState): DetourTurn => {
    if (!stands(state, 'pointed', 'pointed-back')) return beforeSwitch(state, to)
    if (known(sideOf(state.seen.door)) !== to)
      return stopping('detour-disagrees', `Visitors were moved to ${to}, and the door sends them elsewhere.`)
    if (turnsWrites(state, 'open')) return doing('writes-open')
    if (!stands(state, 'left-drained', 'pointed')) return doing('left-drained')
    return stands(state, 'left', 'pointed') ? over : doing('left')
  }

/** The count of later writes begins before the switch, and never after it: those between would not be counted. */
function beforeSwitch(state: DetourState, to: DetourSide): DetourTurn {
  const side = sideOf(state.seen.door)
  const moving = stands(state, 'marked')
  if (moving && side.kind === 'found' && side.value === to) return doing('pointed')
  // A lost run may have been moving visitors, so that the parts of the door disagree.
  if (!moving) known(side)
  if (!held(state)) return doing('held')
  return doing(state.fresh.includes('marked') || side.kind !== 'found' ? 'pointed' : 'marked')
}

/**
 * Chooses the next deed of going back from the side with the copy. Rows written there since the switch are counted while its
 * writers wait, and a loss that is not accepted ends it with visitors where they are.
 */
export const nextMovingBack =
  (from: DetourSide, accepts: boolean) =>
  (state: DetourState): DetourTurn => {
    const side = sideOf(state.seen.door)
    const back = otherSide(from)
    if (side.kind === 'found' && side.value === back) return onceBack(state)
    // A lost run may have been moving visitors: where the door does not tell, it is told, and must then tell.
    const { fence } = state.seen.database
    if (known(fence) === 'home') return doing('unfenced')
    const loss = accepts ? null : lossIn(state)
    if (loss !== null) return refuse(state, loss, from)
    if (turnsWrites(state, 'shut')) return doing('writes-shut')
    if (known(fence) !== 'stand-in') return doing('copy-fenced')
    return doing(state.fresh.includes('counted') ? 'pointed-back' : 'counted')
  }

/** Writers of a copy that visitors were never on wait for nothing. */
function onceBack(state: DetourState): DetourTurn {
  if (!stands(state, 'pointed') && !stands(state, 'counted')) return over
  if (!stands(state, 'pointed-back', 'pointed')) return doing('pointed-back')
  if (turnsWrites(state, 'open')) return doing('writes-open')
  if (!stands(state, 'copy-drained', 'pointed-back')) return doing('copy-drained')
  return stands(state, 'copy-left', 'pointed-back') ? over : doing('copy-left')
}

function refuse(state: DetourState, loss: string, from: DetourSide): DetourTurn {
  if (known(state.seen.database.fence) === 'stand-in') return doing('copy-unfenced')
  if (turnsWrites(state, 'open')) return doing('writes-open')
  return stopping(
    'detour-loss',
    `Going back would lose what was written on ${from} since the switch: ${loss}.`,
    'Deploy a fixed release forward, or accept the loss with a reason. Visitors are where they were.',
  )
}

/** Returns the rows that this run has counted as lost; null before the count, and where there are none. */
function lossIn({ fresh, notes }: DetourState): string | null {
  if (!fresh.includes('counted')) return null
  const evidence = notes.findLast(({ act }) => act === 'counted')?.evidence ?? {}
  const { lost = 'not counted', 'lost-by-table': tables, 'lost-why': why } = evidence
  if (lost === '0') return null
  return [
    `${lost} rows`,
    ...(tables === undefined ? [] : [tables]),
    ...(why === undefined ? [] : [why]),
  ].join(', ')
}
