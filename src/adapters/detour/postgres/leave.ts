import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import type { DetourSide } from '../../../domain/detour/side.ts'
import { found, type Reading } from '../../../domain/reading.ts'
import { counted } from './count.ts'
import { fenceName, fenceOn } from './engine/locks.ts'
import { onSide } from './engine/on-side.ts'
import type { DatabaseSession } from './engine/session.ts'
import { countSessions } from './engine/sessions.ts'
import { dropSlot } from './engine/slot.ts'
import { endFence } from './fence.ts'
import { runScript } from './host/programs.ts'
import type { PostgresWork } from './means.ts'
import { giveUpLog } from './promote.ts'
import { DatabaseTrouble } from './trouble.ts'

const TURN_AWAY_MS = 15_000

/**
 * Ends what waits at the fence of a side, then the fence: a writer that was let through would write where no visitor reads
 * any more. Sessions that do not wait stay, and the side stays warm. The place of home is marked as left.
 */
export async function leave(work: PostgresWork, side: DetourSide): Promise<DetourEvidence> {
  const ended = await onSide(work, side, async (on) => {
    const waiting = await turnAway(work, on)
    await endFence(work, side, on)
    if (side === 'home') await dropSlot(work, on)
    else await giveUpLog(work, on)
    return waiting
  })
  if (side === 'home') await runScript(work, marking, 'Marking the side that visitors left', markedAs(work))
  const sessions = await onSide(work, side, (on) => countSessions(on, work.id))
  return { 'turned-away': String(ended), fence: 'gone', sessions: String(sessions) }
}

/** Ends every session that waits for a lock of the fence, until none is seen. Returns how many there were. */
async function turnAway(work: PostgresWork, on: DatabaseSession): Promise<number> {
  const until = work.clock.now().getTime() + TURN_AWAY_MS
  for (let ended = 0; ; ) {
    const rows = await on.rows(
      `SELECT pg_terminate_backend(w.pid) FROM pg_stat_activity w, pg_stat_activity f
        WHERE f.application_name = $1 AND f.datname = current_database() AND f.pid = ANY (pg_blocking_pids(w.pid))`,
      [fenceName(work.id)],
    )
    if (rows.length === 0) return ended
    ended += rows.length
    if (work.clock.now().getTime() > until)
      throw new DatabaseTrouble('detour-sessions', `Writers come again at the fence of ${on.shown}.`, {
        next: 'Stop what writes there, then retry.',
      })
    await work.clock.sleep(20, work.signal)
  }
}

const marking = `
mkdir -p "$LEFT.rollgate"
printf '%s\n' "$ROLLGATE_DETOUR" >"$LEFT.rollgate/.left"
mv "$LEFT.rollgate/.left" "$LEFT.rollgate/left"
`

function markedAs({ recipe: { homeData } }: PostgresWork) {
  if (homeData === null)
    throw new DatabaseTrouble(
      'detour-home-data',
      'The config names no folder of the side that visitors left.',
    )
  return { values: { LEFT: homeData } }
}

/**
 * Reads if home was written to since a position. A fence that this process holds since then is proof; otherwise the log is
 * read, and without that nothing tells.
 */
export async function still(work: PostgresWork, position: string): Promise<Reading<boolean>> {
  return onSide(work, 'home', async (on) => {
    const taken = work.fences.takenAt('home')
    if (taken !== null && (await isFrom(on, taken, position)) && (await fenceOn(on, work.id)).held === 'all')
      return found(true)
    const changes = await counted(on, position, '0')
    if (changes.kind !== 'counted')
      throw new DatabaseTrouble(
        'detour-unseen',
        `Nothing tells if ${on.shown} was written to since ${position}: ${changes.kind === 'at-most' ? changes.why : 'it has no count'}.`,
        { next: 'Deploy again: it is copied anew. A role that may use pg_walinspect can tell.' },
      )
    return found(Object.values(changes.byTable).every((rows) => rows === 0))
  })
}

const isFrom = async (on: DatabaseSession, taken: string, position: string): Promise<boolean> =>
  (await on.row('SELECT $1::pg_lsn <= $2::pg_lsn AS held', [taken, position])).held === 't'
