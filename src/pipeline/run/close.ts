import { sameRun } from '../../domain/release/release.ts'
import type { Doer } from '../lock/doer.ts'
import type { Ports } from '../ports.ts'
import { putRecordsRight } from './correct-records.ts'
import { type Concluded, conclude } from './drive.ts'
import { openSession } from './session.ts'
import { findRecord } from './statement.ts'
import { neverStops } from './stop.ts'

/**
 * Closes a deployment that a stopped or killed run still holds. Null if it holds none: then the run may have
 * been killed between the end in the ledger and the status, so the records are corrected. `how`: a run that ended by
 * itself on a problem was not lost.
 */
export async function close(
  ports: Ports,
  app: string,
  environment: string,
  doer: Doer,
  how: 'lost' | 'broke-off' = 'lost',
): Promise<Concluded | null> {
  const kept = await ports.ledgers.read(app, environment)
  const underway = kept.ledger.deployment
  if (underway?.holder == null || !sameRun(underway.holder, doer.run)) {
    await putRecordsRight(ports, kept.ledger, null, doer)
    return null
  }
  const session = openSession(kept, ports)
  if (session.standing.interrupted === null) session.note({ kind: 'interrupted', cause: how })
  await findRecord(ports, session)
  return conclude({ ports, plan: underway.plan, session, stop: neverStops }, doer.run)
}
