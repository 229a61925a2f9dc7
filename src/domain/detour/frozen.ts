import { known } from '../reading.ts'
import type { DatabaseSeen } from './detour-seen.ts'
import { type DetourState, type DetourTurn, stands, stopping } from './turn.ts'

/** True if the stand-in has stopped following home. False before there is one. */
export const isCut = ({ standIn, follows }: DatabaseSeen): boolean =>
  known(standIn) !== null && known(follows) === false

/** Read-only is the engine's word: returns the stop where the stand-in would take a write, or null. */
export function writableStandIn({ mode, seen: { database } }: DetourState): DetourTurn | null {
  if (mode !== 'read-only' || known(database.standIn) !== 'running') return null
  const writable = known(database.writable['stand-in'])
  return writable === 'impossible'
    ? null
    : stopping(
        'detour-writable',
        `The stand-in must be read-only, and its database does not refuse writes: it is ${writable ?? 'not told'}.`,
        'Have the engine itself refuse them, or choose mode: read-write.',
      )
}

/** Stops where the stand-in has died: what it had cannot be seen. */
export const gone = (): DetourTurn =>
  stopping(
    'detour-gone',
    'The database of the stand-in does not run, and it no longer follows home: another copy would not be the same.',
    'Start the stand-in by hand, and try again.',
  )

/** Returns the stop where a read-only stand-in is not at the position where it was cut off, or null. */
export function frozenElsewhere(state: DetourState): DetourTurn | null {
  const { mode, seen, notes } = state
  if (mode !== 'read-only' || !stands(state, 'at-stand-in', 'rejoined')) return null
  const then = notes.findLast(({ act }) => act === 'at-stand-in')?.evidence['frozen-at']
  const now = known(seen.database.frozenAt) ?? 'none'
  if (now === 'none' && known(seen.database.standIn) !== 'running') return gone()
  return then === now
    ? null
    : stopping(
        'detour-moved',
        `The stand-in was cut off at ${then ?? 'an unknown position'}, and is at ${now}: it has been written to.`,
        'Look at what was written there before anything of it is removed.',
      )
}
