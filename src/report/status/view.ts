import { ranOut } from '../../domain/ledger/duty.ts'
import type { Lease } from '../../domain/ledger/lease.ts'
import type { InstanceJudged } from '../../domain/rolling/drift.ts'
import type { EnvironmentSeen } from '../../domain/rolling/environment-seen.ts'
import type { RecordsSeen } from '../../domain/rolling/sight.ts'
import type { Form } from '../form/form.ts'

/** The result of one look, for the page, the log and the output alike. */
export interface StatusView {
  readonly environments: readonly EnvironmentSeen[]
  /** Address of the run that looked. */
  readonly run: string
  /** The time of the look: ISO time in UTC. */
  readonly now: string
  /** The form that takes answers. */
  readonly form: Form
}

/** An instance that answered whatever there is to ask, and nothing differs. */
export const isRight = ({ version, healthy, inTraffic, deviations }: InstanceJudged): boolean => {
  const kinds = [version, healthy, inTraffic].map(({ kind }) => kind).filter((kind) => kind !== 'none')
  return deviations.length === 0 && kinds.length > 0 && kinds.every((kind) => kind === 'found')
}

export const isWrong = ({ deviations }: InstanceJudged): boolean => deviations.length > 0

/** True if the time of a lease is over. `keptInWords` tells whether any run may then give it back. */
export const leaseIsOver = (lease: Lease | null, now: string): boolean =>
  lease !== null && ranOut(lease, new Date(now))

/** The records that do not match the ledger, or could not be read; a sentence each. */
export const recordSentences = ({ behind, unknown }: RecordsSeen): string[] => [
  ...behind,
  ...unknown.map((why) => `A record could not be read: ${why}`),
]
