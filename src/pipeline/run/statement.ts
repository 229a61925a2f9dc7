import { Problem } from '../../domain/problem.ts'
import type { Ports, Status } from '../ports.ts'
import type { Session } from './session.ts'

/** What the record should say, and could not be told. */
export interface Unsaid {
  readonly record: number
  readonly status: Status
}

/** Says it on the record. That GitHub does not take it never stops a deployment: the ledger has the truth. */
export async function say(
  { record: records, voice }: Pick<Ports, 'record' | 'voice'>,
  record: number,
  status: Status,
): Promise<Unsaid[]> {
  try {
    await records.say(record, status)
    return []
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure
    voice.warning(
      'The record is behind',
      `${failure.what} It should say "${status.description}". The ledger has it right, and nothing else is wrong.`,
    )
    return [{ record, status }]
  }
}

/**
 * A run that broke off may have opened the record and not come to write that down. That GitHub does not say so, as to
 * a token that may not read it, keeps nobody from closing the deployment.
 */
export async function findRecord(
  { record: records, voice }: Pick<Ports, 'record' | 'voice'>,
  session: Session,
): Promise<void> {
  const { record, plan, number } = session.deployment
  if (record !== null) return
  try {
    const found = await records.find(plan, number)
    if (found !== null) session.note({ kind: 'record-opened', record: found })
  } catch (failure) {
    if (!(failure instanceof Problem)) throw failure
    voice.warning(
      'The record may be behind',
      `${failure.what} Whether deployment ${number} has one already is not known. The ledger has it right.`,
    )
  }
}
