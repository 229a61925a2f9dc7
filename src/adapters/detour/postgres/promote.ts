import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import { timelineOf } from './cut.ts'
import { onSide } from './engine/on-side.ts'
import type { DatabaseSession } from './engine/session.ts'
import { slotOf } from './engine/slot.ts'
import { positionOf } from './fence.ts'
import { note, runningStandIn } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { DatabaseTrouble } from './trouble.ts'

/** Opens a cut stand-in for writes, and has it keep its log from there on, so that they can be counted. */
export async function openForWrites(work: PostgresWork): Promise<DetourEvidence> {
  const { notes } = await runningStandIn(work)
  if (notes.cut === undefined)
    throw new DatabaseTrouble('detour-cut', 'The stand-in still follows home: it is not opened for writes.')
  return onSide(work, 'stand-in', async (on) => {
    if (notes.opened === undefined) {
      await promote(on)
      await keepLog(work, on)
      const opened = await positionOf(on)
      await note(work, { timeline: await timelineOf(on), rows: await rowsChanged(on), opened })
    }
    const { opened = '' } = (await runningStandIn(work)).notes
    return { position: opened, timeline: await timelineOf(on), writable: 'open' }
  })
}

/** Has writes counted from here on: what a migration wrote to the copy is no loss. */
export async function countFromHere(work: PostgresWork): Promise<DetourEvidence> {
  const { notes } = await runningStandIn(work)
  if (notes.opened === undefined)
    throw new DatabaseTrouble(
      'detour-promoted',
      'The copy was not opened for writes: nothing can be counted.',
    )
  return onSide(work, 'stand-in', async (on) => {
    const opened = await positionOf(on)
    await on.rows(
      'SELECT pg_replication_slot_advance(slot_name, $2::pg_lsn) FROM pg_replication_slots WHERE slot_name = $1',
      [countingSlot(work.id), opened],
    )
    await note(work, { rows: await rowsChanged(on), opened })
    return { position: opened }
  })
}

export async function promote(on: DatabaseSession): Promise<void> {
  const { recovery } = await on.row('SELECT pg_is_in_recovery() AS recovery')
  if (recovery === 't') await on.rows('SELECT pg_promote(true, 60)')
  const after = await on.row('SELECT pg_is_in_recovery() AS recovery')
  if (after.recovery !== 'f')
    throw new DatabaseTrouble('detour-promote', `The database ${on.shown} is still in recovery after 60 s.`)
}

const countingSlot = (id: string): string => `${slotOf(id).slice(0, 57)}_count`

async function keepLog({ id }: PostgresWork, on: DatabaseSession): Promise<void> {
  await on.rows(
    `SELECT pg_create_physical_replication_slot($1, true)
      WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = $1)`,
    [countingSlot(id)],
  )
}

/** Gives up the log of the count: a database that is home for good would keep it until its disk is full. */
export const giveUpLog = async ({ id }: PostgresWork, on: DatabaseSession): Promise<void> =>
  void (await on.rows(
    'SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = $1',
    [countingSlot(id)],
  ))

/** The engine's own counter: late by a moment, and with rows that were rolled back. */
export async function rowsChanged(on: DatabaseSession): Promise<string> {
  const { rows } = await on.row(
    'SELECT tup_inserted + tup_updated + tup_deleted AS rows FROM pg_stat_database WHERE datname = current_database()',
  )
  return rows ?? '0'
}
