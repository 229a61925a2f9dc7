import { sameRun } from '../domain/release.ts'
import { type Ending, execute } from './execute.ts'
import type { Doer } from './hold.ts'
import type { Ports } from './ports.ts'
import { openSession, type Session } from './session.ts'
import { settle } from './settle.ts'
import { neverStops } from './stop.ts'

/** What a run closes after itself: whatever it still holds, because it was stopped or killed. Null: nothing. */
export async function close(
  ports: Ports,
  app: string,
  environment: string,
  { run }: Doer,
): Promise<{ session: Session; ending: Ending } | null> {
  const kept = await ports.ledgers.read(app, environment)
  const underway = kept.ledger.deployment
  if (underway?.holder == null || !sameRun(underway.holder, run)) return null
  const session = openSession(kept, ports)
  session.note({ kind: 'interrupted', cause: 'cancelled' })
  const context = { ports, plan: underway.plan, session, stop: neverStops }
  const ending = await execute(context)
  await settle(context, ending, run)
  return { session, ending }
}
