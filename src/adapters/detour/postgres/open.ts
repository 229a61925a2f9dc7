import { pauses } from '../../../domain/config/pace.ts'
import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import { programVariables, replicationAddress } from './engine/address.ts'
import { onSide } from './engine/on-side.ts'
import { type DatabaseSession, EngineSaid } from './engine/session.ts'
import { dropSlot, mustKeepLog, slotOf } from './engine/slot.ts'
import { outsideFiles, ownSettings } from './host/own-settings.ts'
import { alone, runScript } from './host/programs.ts'
import { foreign, note, seeStandIn, startStandIn } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { DatabaseTrouble } from './trouble.ts'

const READY_MS = 60_000

/** Makes what is missing of the copy, and resolves when it follows home and the engine itself refuses a write. */
export async function open(work: PostgresWork): Promise<DetourEvidence> {
  const seen = await seeStandIn(work)
  if (seen.folder === 'foreign') throw foreign(work)
  const started = work.clock.now().getTime()
  if (seen.folder !== 'whole') await copy(work)
  if (!seen.running) await startStandIn(work)
  const copied = work.clock.now().getTime() - started
  const position = await ready(work, seen.notes.cut !== undefined)
  return { position, copy: seen.folder === 'whole' ? 'was there' : `${copied} ms`, slot: slotOf(work.id) }
}

/** A copy may take hours: another one at work is not waited for. */
const copying = `
mkdir -p "$ROLLGATE_NOTES"
${alone(0)}
if [ -e "$ROLLGATE_DATA" ]; then [ "$(cat "$ROLLGATE_NOTES/id")" = "$ROLLGATE_DETOUR" ]; fi
printf '%s\\n' "$ROLLGATE_DETOUR" >"$ROLLGATE_NOTES/id"
rm -rf "$ROLLGATE_DATA"
"\${ROLLGATE_PROGRAMS}pg_basebackup" -D "$ROLLGATE_DATA" -X stream -C -S "$ROLLGATE_SLOT" -R -c fast -w >&2
`

const settling = `
umask 077
cat >>"$ROLLGATE_DATA/postgresql.auto.conf"
cp "$ROLLGATE_DATA/postgresql.auto.conf" "$ROLLGATE_NOTES/.following"
`

/** Files of settings that lie outside home's folder; the server's user must read them. */
const bringing = 'umask 022; cat >"$ROLLGATE_DATA/$ROLLGATE_FILE"'

async function copy(work: PostgresWork): Promise<void> {
  const outside = await onSide(work, 'home', async (on) => {
    await dropSlot(work, on)
    return outsideFiles(on)
  })
  await runScript(work, copying, 'The copy by pg_basebackup', {
    values: { ...programVariables(replicationAddress(work)), ROLLGATE_SLOT: slotOf(work.id) },
    long: true,
  })
  if (outside !== null) {
    const bring = (file: string, input: string) =>
      runScript(work, bringing, `Bringing ${file} to the stand-in`, {
        input,
        values: { ROLLGATE_FILE: file },
      })
    await bring('postgresql.conf', outside.settings)
    await bring('pg_hba.conf', outside.access)
    await bring('pg_ident.conf', '')
  }
  await runScript(work, settling, 'Writing the settings of the stand-in', { input: ownSettings(work) })
  await note(work, { whole: 'yes' })
}

async function ready(work: PostgresWork, cut: boolean): Promise<string> {
  return onSide(work, 'stand-in', async (on) => {
    const until = work.clock.now().getTime() + READY_MS
    if (!cut) {
      for (const pause of pauses()) {
        const { streaming } = await on.row(
          "SELECT count(*) AS streaming FROM pg_stat_wal_receiver WHERE status = 'streaming'",
        )
        if (streaming !== '0') break
        await mustKeepLog(work)
        if (work.clock.now().getTime() > until || work.signal.aborted)
          throw new DatabaseTrouble(
            'detour-follow',
            `The stand-in does not follow home within ${READY_MS / 1000} s.`,
          )
        await work.clock.sleep(pause, work.signal)
      }
      await mustBeAsynchronous(work)
    }
    await mustRefuseWrites(on)
    return (await on.row('SELECT pg_last_wal_replay_lsn() AS at')).at ?? ''
  })
}

/** A stand-in that commits wait for would hang every one of them after the cut. */
async function mustBeAsynchronous(work: PostgresWork): Promise<void> {
  const { sync } = await onSide(work, 'home', (on) =>
    on.row(
      `SELECT r.sync_state AS sync FROM pg_stat_replication r JOIN pg_replication_slots s ON s.active_pid = r.pid
        WHERE s.slot_name = $1`,
      [slotOf(work.id)],
    ),
  )
  if (sync === 'async') return
  throw new DatabaseTrouble(
    'detour-synchronous',
    `Home waits for the stand-in with every commit, or does not show it: its state is ${sync ?? 'unknown'}.`,
    { next: 'Name the standbys in synchronous_standby_names so that the stand-in is none of them.' },
  )
}

/** Asks for a transaction that may write: recovery refuses it to every role. */
export async function mustRefuseWrites(on: DatabaseSession): Promise<void> {
  try {
    await on.rows('BEGIN READ WRITE')
  } catch (error) {
    if (error instanceof EngineSaid && error.state === '0A000') return void (await on.rows('ROLLBACK'))
    throw error
  }
  await on.rows('ROLLBACK')
  throw new DatabaseTrouble(
    'detour-writable',
    `The stand-in ${on.shown} takes writes: it is not in recovery.`,
  )
}
