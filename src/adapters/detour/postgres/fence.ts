import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import type { DetourSide } from '../../../domain/detour/side.ts'
import type { Clock } from '../../../pipeline/ports.ts'
import { addressOf } from './engine/address.ts'
import { blockersOf, fenceName, fenceOn, tableNames } from './engine/locks.ts'
import { onSide } from './engine/on-side.ts'
import { type DatabaseSession, EngineSaid, openSession } from './engine/session.ts'
import type { PostgresWork } from './means.ts'
import { DatabaseTrouble } from './trouble.ts'

/** The SQLSTATEs of a lock that did not come in time: of the lock, and of the statement. */
const late = new Set(['55P03', '57014'])

/**
 * Holds a lock on every table in one session: reads pass, writes of every role wait, and that it was got proves that the
 * writers in flight have ended. Ending the session takes the fence away, so it is looked for again before it is relied on.
 */
export async function fence(work: PostgresWork, side: DetourSide): Promise<DetourEvidence> {
  return onSide(work, side, async (on) => {
    if ((await fenceOn(on, work.id)).held !== 'all') await takeFence(work, side, on)
    return { position: await positionOf(on), tables: String((await mustHold(work, on)).tables) }
  })
}

async function takeFence(work: PostgresWork, side: DetourSide, on: DatabaseSession): Promise<void> {
  await endFence(work, side, on)
  const names = await tableNames(on)
  const session = await openSession(addressOf(work, side), fenceName(work.id))
  try {
    await lock(work, session, names, on)
    // The limit was that of the wait; a fence lasts as long as it is needed.
    await session.rows("SELECT set_config('statement_timeout', '0', false)")
  } catch (error) {
    await session.end()
    throw error
  }
  work.fences.keep(side, session, await positionOf(on))
}

/**
 * Locks all tables in one transaction. A writer that holds one table and waits for the next behind the fence would be a
 * deadlock, and the engine would end one of the two: so a try is given up before the engine looks for one, which lets the
 * writer pass, and is repeated until the whole time is over.
 */
async function lock(
  { recipe, clock }: PostgresWork,
  session: DatabaseSession,
  names: readonly string[],
  on: DatabaseSession,
): Promise<void> {
  if (names.length === 0) return void (await session.rows('BEGIN'))
  const { pid = '' } = await session.row('SELECT pg_backend_pid() AS pid')
  const { half } = await on.row(
    "SELECT setting::int / 2 AS half FROM pg_settings WHERE name = 'deadlock_timeout'",
  )
  const until = clock.now().getTime() + recipe.lockTimeout
  let blockers: readonly string[] = []
  for (let left = recipe.lockTimeout; left > 0; left = until - clock.now().getTime()) {
    const locking = lockOnce(session, names, Math.min(left, Math.max(Number(half), LEAST_TRY_MS)))
    locking.catch(() => {})
    while (await isPending(locking, clock)) {
      const now = await blockersOf(on, pid ?? '')
      if (now.length > 0) blockers = now
    }
    if (await locking) return
  }
  throw notFenced(recipe.lockTimeout, blockers)
}

const LEAST_TRY_MS = 100
const WATCH_MS = 50

/** True if a lock is still waited for after a moment; false as soon as it is not. */
const isPending = (locking: Promise<boolean>, clock: Clock): Promise<boolean> =>
  Promise.race([locking.then(() => false), clock.sleep(WATCH_MS).then(() => true)])

/** False if the locks were not got within the time: the session then holds none of them. */
async function lockOnce(
  session: DatabaseSession,
  names: readonly string[],
  millis: number,
): Promise<boolean> {
  await session.rows('BEGIN')
  await session.rows("SELECT set_config('statement_timeout', $1, true)", [String(millis)])
  try {
    await session.rows(`LOCK TABLE ${names.join(', ')} IN SHARE ROW EXCLUSIVE MODE`)
    return true
  } catch (error) {
    if (!(error instanceof EngineSaid && late.has(error.state))) throw error
    await session.rows('ROLLBACK')
    return false
  }
}

const notFenced = (timeout: number, blockers: readonly string[]): DatabaseTrouble =>
  new DatabaseTrouble(
    'detour-fence',
    `Writers were still at work after ${timeout / 1000} s, so nothing was fenced: ${blockers.join('; ') || 'none was seen to block'}.`,
    { next: 'Wait until these transactions have ended, or end them, then retry.' },
  )

/** Reads the position up to which everything is on disk, after a record of our own: the last write lies before it. */
export async function positionOf(on: DatabaseSession): Promise<string> {
  const { recovery } = await on.row('SELECT pg_is_in_recovery() AS recovery')
  if (recovery === 't') return (await on.row('SELECT pg_last_wal_replay_lsn() AS at')).at ?? ''
  await on.rows("SELECT pg_logical_emit_message(true, 'rollgate', 'fence')")
  return (await on.row('SELECT pg_current_wal_flush_lsn() AS at')).at ?? ''
}

/** Throws unless the engine shows the fence on every table now. */
export async function mustHold(
  { id }: Pick<PostgresWork, 'id'>,
  on: DatabaseSession,
): Promise<{ tables: number }> {
  const seen = await fenceOn(on, id)
  if (seen.held === 'all') return seen
  throw new DatabaseTrouble(
    'detour-fence',
    seen.held === 'none'
      ? `The fence of ${on.shown} is gone: its session has ended.`
      : `The fence of ${on.shown} does not cover every table: one came after it.`,
    { next: 'Fence it again before the next move.' },
  )
}

/** Ends the fence of this process, and one that a lost run has left; resolves when no session of it is seen. */
export async function endFence(work: PostgresWork, side: DetourSide, on: DatabaseSession): Promise<void> {
  await work.fences.end(side)
  for (let tries = 0; ; tries += 1) {
    const rows = await on.rows(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()',
      [fenceName(work.id)],
    )
    if (rows.length === 0) return
    if (tries > 100)
      throw new DatabaseTrouble(
        'detour-fence',
        `A session that holds the fence of ${on.shown} cannot be ended.`,
      )
    await work.clock.sleep(20)
  }
}
