import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import { copyBack } from './copy-back.ts'
import { timelineOf } from './cut.ts'
import { addressOf } from './engine/address.ts'
import { onSide } from './engine/on-side.ts'
import { keepInPlace } from './failed-home.ts'
import { note, runningStandIn } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { giveUpLog, promote } from './promote.ts'
import { untouched } from './untouched.ts'

/** Home is the safe point afterwards: the stand-in in its place, or a copy of the stand-in in home's own. */
export async function revert(work: PostgresWork): Promise<DetourEvidence> {
  const { notes } = await runningStandIn(work)
  if (notes.opened === undefined && notes.home === undefined) await untouched(work, notes)
  return work.shape.revertBy === 'promote' ? takePlace(work, notes.home) : copyBack(work, notes.home)
}

/** The note comes first: from it on the stand-in's folder is never taken away. */
async function takePlace(work: PostgresWork, home: string | undefined): Promise<DetourEvidence> {
  if (home === undefined) await note(work, { home: 'stand-in' })
  return onSide(work, 'stand-in', async (on) => {
    await promote(on)
    await giveUpLog(work, on)
    for (const setting of ['archive_mode', 'max_logical_replication_workers', 'synchronous_standby_names'])
      await on.rows(`ALTER SYSTEM RESET ${setting}`)
    await on.rows('SELECT pg_reload_conf()')
    const timeline = await timelineOf(on)
    return {
      address: addressOf(work, 'stand-in').shown,
      timeline,
      kept: await keepInPlace(work, timeline),
      writable: 'open',
      restart: 'archive_mode and max_logical_replication_workers are home’s own again after a restart',
    }
  })
}
