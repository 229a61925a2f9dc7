import type { DetourSide } from '../../../../domain/detour/side.ts'
import type { PostgresWork } from '../means.ts'
import { addressOf } from './address.ts'
import { type DatabaseSession, openSession, sessionName } from './session.ts'

/** Does work over a session of its own, which is ended afterwards. */
export async function onSide<T>(
  work: PostgresWork,
  side: DetourSide,
  task: (on: DatabaseSession) => Promise<T>,
): Promise<T> {
  const session = await openSession(addressOf(work, side), sessionName(work.id))
  try {
    return await task(session)
  } finally {
    await session.end()
  }
}
