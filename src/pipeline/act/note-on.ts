import type { Happening } from '../../domain/journal/journal.ts'
import { Problem } from '../../domain/problem.ts'
import { withDeadline } from '../../domain/question/deadline.ts'
import type { Pause } from '../../domain/question/pause.ts'
import type { Kept, Ports } from '../ports.ts'
import type { Concluded } from '../run/drive.ts'
import { openSession } from '../run/session.ts'

/**
 * Notes an approval or a withdrawal on a question, which stays open: no run takes the deployment up, and no command
 * runs. Null if another run has written the ledger in between.
 */
export async function noteOn(
  ports: Ports,
  kept: Kept,
  pause: Pause,
  happening: Extract<Happening, { kind: 'approved' | 'withdrawn' }>,
): Promise<Concluded | null> {
  const session = openSession(kept, ports)
  const { plan } = session.deployment
  if (session.standing.pause === null)
    session.note({ kind: 'paused', pause: withDeadline(plan, pause, ports.clock.now()) })
  session.note(happening)
  try {
    await session.save()
  } catch (failure) {
    if (failure instanceof Problem && failure.code === 'lock-lost') return null
    throw failure
  }
  return { session, ending: { kind: 'waiting', pause: session.standing.pause ?? pause }, unsaid: [] }
}
