import type { EnvironmentClass } from '../../domain/config/policy.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Drift, ServiceJudged } from '../../domain/rolling/drift.ts'
import type { RecordsSeen } from '../../domain/rolling/sight.ts'
import type { Form } from '../form/form.ts'

/** The result of a comparison, for the page, the log and the output alike. */
export interface DriftView {
  readonly app: string
  readonly environment: {
    readonly name: string
    readonly class: EnvironmentClass
    readonly url: string | null
  }
  readonly ledger: Ledger
  readonly services: readonly ServiceJudged[]
  readonly drift: Drift
  readonly records: RecordsSeen
  /** The form that the run came from; null for a run of any other workflow. */
  readonly form: Form | null
  /** Address of the run that compared. */
  readonly run: string
  /** The time of the comparison: ISO time in UTC. */
  readonly now: string
}
