import type { PostgresWork } from '../means.ts'
import { DatabaseTrouble } from '../trouble.ts'
import { onSide } from './on-side.ts'
import type { DatabaseSession } from './session.ts'

/** The replication slot that home keeps for the copy; the name takes what an engine allows. */
export const slotOf = (id: string): string =>
  `rg_${id.toLowerCase().replace(/[^a-z0-9_]/g, '_')}`.slice(0, 63)

async function slotIsThere(on: DatabaseSession, id: string): Promise<boolean> {
  const { there } = await on.row('SELECT count(*) AS there FROM pg_replication_slots WHERE slot_name = $1', [
    slotOf(id),
  ])
  return there !== '0'
}

/** True if home still has all of its log that the copy lacks: a slot may be there and have given it up. */
async function keepsLog(on: DatabaseSession, id: string): Promise<boolean> {
  const { kept } = await on.row(
    "SELECT count(*) AS kept FROM pg_replication_slots WHERE slot_name = $1 AND wal_status IS DISTINCT FROM 'lost'",
    [slotOf(id)],
  )
  return kept !== '0'
}

/** Without its slot home may have removed what the stand-in lacks, which then never comes. */
export async function mustKeepLog(work: PostgresWork): Promise<void> {
  if (await onSide(work, 'home', (on) => keepsLog(on, work.id))) return
  throw new DatabaseTrouble(
    'detour-slot',
    'Home has given up the log that the stand-in would need: it cannot follow any more.',
    { next: 'Open the detour again: it makes a new copy.' },
  )
}

/** Drops the slot, without which home would keep its log for a copy that reads no more. Resolves when it is gone. */
export async function dropSlot({ id, clock }: PostgresWork, on: DatabaseSession): Promise<void> {
  for (let tries = 0; await slotIsThere(on, id); tries += 1) {
    if (tries > 100)
      throw new DatabaseTrouble('detour-slot', `The slot ${slotOf(id)} at ${on.shown} is still in use.`)
    await on.rows(
      'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1 AND NOT active',
      [slotOf(id)],
    )
    if (await slotIsThere(on, id)) await clock.sleep(50)
  }
}
