import { known } from '../../reading.ts'
import { sideOf } from '../agreement.ts'
import type { DetourNote } from '../deed.ts'
import { isCut } from '../frozen.ts'
import type { DetourSide } from '../side.ts'
import { type DetourState, type DetourTurn, doing, over, stands, stopping } from '../turn.ts'
import { turnsWrites } from '../turns-writes.ts'

/**
 * The deeds of a copy between two sides. In their state *home* is the side that visitors are on, and *stand-in* the one
 * that gets the copy; the door has the names of the sides themselves.
 */
type Choosing = (state: DetourState) => DetourTurn

/**
 * Chooses the next deed of giving a side a copy of its own: the older database there is discarded first, and writers wait
 * from the fence on. Throws the problem of an unknown reading.
 */
export const nextCopying =
  (to: DetourSide): Choosing =>
  (state) => {
    if (known(sideOf(state.seen.door)) === to)
      return stopping('detour-disagrees', `Visitors are on ${to}, whose database was to be copied anew.`)
    if (!stands(state, 'cleared'))
      return doing(state.fresh.includes('stand-in-stopped') ? 'cleared' : 'stand-in-stopped')
    if (!stands(state, 'able')) return doing('able')
    if (isOpened(state)) return held(state) ? over : doing('held')
    return isCut(state.seen.database) ? onceCut(state) : beforeCut(state)
  }

function beforeCut(state: DetourState): DetourTurn {
  const { database } = state.seen
  if (known(database.standIn) !== 'running' || !stands(state, 'copied')) return doing('copied')
  if (turnsWrites(state, 'shut')) return doing('writes-shut')
  if (known(database.fence) !== 'home') return doing('fenced')
  return doing(stands(state, 'level', 'fenced') ? 'cut' : 'level')
}

/** A fence that was lost may have let writes through after the cut: the copy follows again, and all is repeated. */
function onceCut(state: DetourState): DetourTurn {
  if (known(state.seen.database.fence) !== 'home') return doing('rejoined')
  return doing(stands(state, 'cut', 'level') ? 'opened' : 'cut')
}

/** A lost run may have opened the copy for writes without noting it: then it cannot follow again. */
const isOpened = (state: DetourState): boolean =>
  stands(state, 'opened') || known(state.seen.database.writable['stand-in']) === 'open'

/** True if home's fence is held, and this run has seen that nothing was written there since the copy. */
export const held = ({ seen, fresh, notes }: DetourState): boolean =>
  known(seen.database.fence) === 'home' && (fresh.includes('held') || cutInThisRun({ fresh, notes }))

const cutInThisRun = ({ fresh }: Pick<DetourState, 'fresh' | 'notes'>): boolean =>
  fresh.includes('fenced') && fresh.includes('cut')

/** Returns the position at which home was fenced for the copy: nothing may be written there after it. */
export function fencedAt(notes: readonly DetourNote[]): string {
  const cut = notes.findLastIndex(({ act }) => act === 'cut')
  return notes.slice(0, cut).findLast(({ act }) => act === 'fenced')?.evidence.position ?? ''
}

/** Chooses the next deed of taking a copy back that no visitor has been on: writers go on at home, and the copy goes. */
export const nextUncopying =
  (to: DetourSide): Choosing =>
  (state) => {
    const { database, door } = state.seen
    if (known(sideOf(door)) === to)
      return stopping('detour-disagrees', `Visitors are on ${to}, so that its database is not removed.`)
    if (!state.fresh.includes('unfenced')) return doing('unfenced')
    if (turnsWrites(state, 'open')) return doing('writes-open')
    // Nothing is begun before its place was cleared.
    if (!stands(state, 'cleared')) return over
    if (known(database.standIn) === null) return over
    return doing(state.fresh.includes('stand-in-stopped') ? 'discarded' : 'stand-in-stopped')
  }
