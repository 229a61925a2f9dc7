import type { EnvironmentClass } from '../domain/config.ts'
import type { Drift, ServiceJudged } from '../domain/drift.ts'
import type { Ledger } from '../domain/ledger.ts'

/** What a comparison found, for the page, the log and the output alike. */
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
  /** Address of the run that compared. */
  readonly run: string
  /** When it did: ISO time in UTC. */
  readonly now: string
}
