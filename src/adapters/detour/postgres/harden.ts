import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import { onSide } from './engine/on-side.ts'
import type { DatabaseSession } from './engine/session.ts'
import { countSessions, endSessions } from './engine/sessions.ts'
import { dropSlot } from './engine/slot.ts'
import { endFence } from './fence.ts'
import { forget, note, runningStandIn } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { DatabaseTrouble } from './trouble.ts'

const END_MS = 15_000

/**
 * Ends every session at home while no role can open another: a writer that waits at the fence is turned away, never let
 * through. Then takes the fence and the slot away, and gives the roles their right back: the new release comes next.
 * Only after the cut: what is revoked before it would reach the stand-in.
 */
export async function harden(work: PostgresWork): Promise<DetourEvidence> {
  const { notes } = await runningStandIn(work)
  if (notes.cut === undefined)
    throw new DatabaseTrouble(
      'detour-cut',
      'The stand-in still follows home, and would be shut together with it.',
    )
  return onSide(work, 'home', async (on) => {
    if (notes.hardened === undefined) await turnAway(work, on, notes.revoked)
    await endFence(work, 'home', on)
    await dropSlot(work, on)
    return { sessions: String(await countSessions(on, work.id)), fence: 'gone', slot: 'gone' }
  })
}

/** `revoked`: the roles of a turn that a lost run has begun. */
async function turnAway(work: PostgresWork, on: DatabaseSession, revoked: string | undefined): Promise<void> {
  const roles = revoked ?? (await rolesThatConnect(on)).join('\t')
  await note(work, { revoked: roles })
  const database = await databaseName(on)
  for (const role of named(roles)) await on.rows(`REVOKE CONNECT ON DATABASE ${database} FROM ${role}`)
  await endAll(work, on)
  await letIn(work, on, roles)
  await note(work, { hardened: 'yes' })
}

/** Gives the roles their right to connect back, and clears the note that names them. */
async function letIn(work: PostgresWork, on: DatabaseSession, roles: string): Promise<void> {
  const database = await databaseName(on)
  for (const role of named(roles)) await on.rows(`GRANT CONNECT ON DATABASE ${database} TO ${role}`)
  await forget(work, 'revoked')
}

const named = (roles: string): readonly string[] => roles.split('\t').filter((role) => role !== '')

const databaseName = async (on: DatabaseSession): Promise<string> =>
  (await on.row('SELECT quote_ident(current_database()) AS name')).name ?? ''

/** The roles that may connect, quoted; the role of this session keeps the right. */
async function rolesThatConnect(on: DatabaseSession): Promise<readonly string[]> {
  const rows = await on.rows(
    `SELECT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END AS role
      FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba)))
      WHERE datname = current_database() AND privilege_type = 'CONNECT' AND pg_get_userbyid(grantee) <> current_user`,
  )
  return rows.map(({ role }) => role ?? '')
}

async function endAll(work: PostgresWork, on: DatabaseSession): Promise<void> {
  const until = work.clock.now().getTime() + END_MS
  for (;;) {
    await endSessions(on, work.id)
    const left = await countSessions(on, work.id)
    if (left === 0) return
    if (work.clock.now().getTime() > until)
      throw new DatabaseTrouble(
        'detour-sessions',
        `${left} sessions at home come again: a superuser cannot be kept out.`,
        {
          next: 'Stop what connects as a superuser, then resume.',
        },
      )
    await work.clock.sleep(50, work.signal)
  }
}
