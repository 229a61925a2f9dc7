import { pauses } from '../../../domain/config/pace.ts'
import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import { onSide } from './engine/on-side.ts'
import type { DatabaseSession } from './engine/session.ts'
import { mustKeepLog } from './engine/slot.ts'
import { mustHold } from './fence.ts'
import { runScript } from './host/programs.ts'
import { forget, note, runningStandIn } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { DatabaseTrouble } from './trouble.ts'

const LEVEL_MS = 60_000
const CUT_MS = 15_000
/** A stand-in that is not level by then may have nothing to come, and writes wait meanwhile. */
const LATE_MS = 500

/** Resolves when the stand-in has replayed everything up to a position. */
export async function level(work: PostgresWork, position: string): Promise<DetourEvidence> {
  return onSide(work, 'stand-in', async (on) => {
    const started = work.clock.now().getTime()
    for (const pause of pauses()) {
      const { reached, at } = await on.row(
        'SELECT coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) AS reached, pg_last_wal_replay_lsn() AS at',
        [position],
      )
      const took = work.clock.now().getTime() - started
      if (reached === 't') return { position: at ?? '', wanted: position, took: `${took} ms` }
      if (took > LATE_MS) await mustKeepLog(work)
      if (took > LEVEL_MS || work.signal.aborted)
        throw new DatabaseTrouble(
          'detour-level',
          `The stand-in is at ${at}, and ${position} has not come in ${took} ms.`,
        )
      await work.clock.sleep(pause, work.signal)
    }
    return {}
  })
}

/**
 * Empties the three settings by which a standby gets its log: that holds over a restart, and a promotion then adds
 * nothing of home's. A pause of the replay does neither.
 */
export async function cut(work: PostgresWork): Promise<DetourEvidence> {
  await runningStandIn(work)
  return onSide(work, 'home', async (home) =>
    onSide(work, 'stand-in', async (on) => {
      const before = await sourcesOf(on)
      if (!isCut(before)) {
        await mustHold(work, home)
        for (const setting of ['primary_conninfo', 'primary_slot_name', 'restore_command'])
          await on.rows(`ALTER SYSTEM SET ${setting} = ''`)
        await on.rows('SELECT pg_reload_conf()')
      }
      const position = await frozen(work, on)
      await mustHold(work, home)
      const timeline = await timelineOf(on)
      await note(work, { timeline, cut: position })
      return { position, timeline, receiver: 'none' }
    }),
  )
}

interface Sources {
  readonly recovery: boolean
  readonly receivers: number
  readonly named: string
  readonly at: string
  readonly received: string
}

export async function sourcesOf(on: DatabaseSession): Promise<Sources> {
  const row = await on.row(
    `SELECT pg_is_in_recovery() AS recovery, (SELECT count(*) FROM pg_stat_wal_receiver) AS receivers,
      current_setting('primary_conninfo') || current_setting('primary_slot_name') || current_setting('restore_command') AS named,
      pg_last_wal_replay_lsn() AS at, pg_last_wal_receive_lsn() AS received`,
  )
  return {
    recovery: row.recovery === 't',
    receivers: Number(row.receivers),
    named: row.named ?? '',
    at: row.at ?? '',
    received: row.received ?? '',
  }
}

/** True if a standby gets nothing more, now or after a restart. */
export const isCut = ({ recovery, receivers, named }: Sources): boolean =>
  recovery && receivers === 0 && named === ''

/** Resolves with the position when no receiver is left and the replay has stood still over several looks. */
async function frozen(work: PostgresWork, on: DatabaseSession): Promise<string> {
  const until = work.clock.now().getTime() + CUT_MS
  let still = { at: '', looks: 0 }
  while (work.clock.now().getTime() < until && !work.signal.aborted) {
    const now = await sourcesOf(on)
    if (!now.recovery)
      throw new DatabaseTrouble('detour-promoted', 'The stand-in has left recovery: it follows no more.')
    const same = isCut(now) && now.at === still.at
    still = { at: now.at, looks: same ? still.looks + 1 : 0 }
    if (isCut(now) && (now.at === now.received || still.looks >= STILL_LOOKS)) return now.at
    await work.clock.sleep(5, work.signal)
  }
  throw new DatabaseTrouble('detour-cut', `The stand-in still follows home after ${CUT_MS / 1000} s.`)
}

/** The end of a record that only half arrived is never replayed. */
const STILL_LOOKS = 10

/** In recovery the timeline of the last restart point; a promotion begins another. */
export async function timelineOf(on: DatabaseSession): Promise<string> {
  const { timeline } = await on.row(
    `SELECT CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())::text
      ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int::text END AS timeline`,
  )
  return timeline ?? ''
}

/** Has the stand-in follow again by the settings that it was made with, while home keeps the log for it. */
export async function rejoin(work: PostgresWork): Promise<DetourEvidence> {
  const { notes } = await runningStandIn(work)
  if (notes.opened !== undefined)
    throw new DatabaseTrouble(
      'detour-promoted',
      'The stand-in was opened for writes: it cannot follow again.',
    )
  await mustKeepLog(work)
  await runScript(
    work,
    'cat "$ROLLGATE_NOTES/.following" >"$ROLLGATE_DATA/postgresql.auto.conf"',
    'Restoring the settings of the stand-in',
  )
  return onSide(work, 'stand-in', async (on) => {
    await on.rows('SELECT pg_reload_conf()')
    const until = work.clock.now().getTime() + LEVEL_MS
    for (const pause of pauses()) {
      const { streaming } = await on.row(
        "SELECT count(*) AS streaming FROM pg_stat_wal_receiver WHERE status = 'streaming'",
      )
      if (streaming !== '0') break
      if (work.clock.now().getTime() > until)
        throw new DatabaseTrouble('detour-follow', 'The stand-in does not follow home again.')
      await work.clock.sleep(pause, work.signal)
    }
    await forget(work, 'cut')
    return { follows: 'yes' }
  })
}
