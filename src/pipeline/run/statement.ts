import { Problem } from '../../domain/problem.ts'
import type { Ports, Status } from '../ports.ts'
import type { Session } from './session.ts'

/** A status that could not be written to the record. */
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
 * Finds a record that a broken-off run opened and did not save in the ledger. A token that may not read
 * records must not stop the closing of the deployment.
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
