import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import { onSide } from './engine/on-side.ts'
import { countSessions } from './engine/sessions.ts'
import { dropSlot } from './engine/slot.ts'
import { alone, runScript } from './host/programs.ts'
import { foreign, seeStandIn, stopStandIn } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { DatabaseTrouble } from './trouble.ts'

/** The notes go last: without them the folder is foreign, and stays. A lost run may have removed all meanwhile. */
const removing = `
[ -d "$ROLLGATE_NOTES" ] || exit 0
${alone(60)}
if [ -e "$ROLLGATE_NOTES/id" ]; then
  [ "$(cat "$ROLLGATE_NOTES/id")" = "$ROLLGATE_DETOUR" ]
  rm -rf "$ROLLGATE_DATA"
fi
rm -rf "$ROLLGATE_NOTES"
`

/**
 * Removes the copy and what home keeps for it. A copy that still follows home uses its slot until it is stopped. A stand-in
 * that took home's place is no copy any more, and stays.
 */
export async function discard(work: PostgresWork): Promise<DetourEvidence> {
  const seen = await seeStandIn(work)
  if (seen.folder === 'foreign') throw foreign(work)
  if (seen.notes.home === 'stand-in') return { copy: 'kept: it is home now' }
  if (seen.folder === 'absent') return { copy: 'gone' }
  if (seen.running) await mustBeLeft(work)
  await work.fences.end('stand-in')
  if (seen.running) await stopStandIn(work)
  await onSide(work, 'home', (on) => dropSlot(work, on))
  await runScript(work, removing, 'Removing the stand-in')
  return { copy: 'gone', slot: 'gone' }
}

async function mustBeLeft(work: PostgresWork): Promise<void> {
  const sessions = await onSide(work, 'stand-in', (on) => countSessions(on, work.id))
  if (sessions === 0) return
  throw new DatabaseTrouble(
    'detour-sessions',
    `The stand-in has ${sessions} sessions of applications, and is not taken away.`,
    {
      next: 'Stop the applications of the stand-in, then retry.',
    },
  )
}
