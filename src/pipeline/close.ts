import { sameRun } from '../domain/release.ts'
import type { Doer } from './hold.ts'
import type { Ports } from './ports.ts'
import { openSession } from './session.ts'
import { type Concluded, conclude } from './settle.ts'
import { findRecord } from './statement.ts'
import { neverStops } from './stop.ts'

/** What a run closes after itself: whatever it still holds, because it was stopped or killed. Null: nothing. */
export async function close(
  ports: Ports,
  app: string,
  environment: string,
  { run }: Doer,
): Promise<Concluded | null> {
  const kept = await ports.ledgers.read(app, environment)
  const underway = kept.ledger.deployment
  if (underway?.holder == null || !sameRun(underway.holder, run)) return null
  const session = openSession(kept, ports)
  if (session.standing.interrupted === null) session.note({ kind: 'interrupted', cause: 'lost' })
  await findRecord(ports, session)
  return conclude({ ports, plan: underway.plan, session, stop: neverStops }, run)
}
