import { Problem } from '../domain/problem.ts'
import type { Ports, Status } from './ports.ts'

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
