import type { EnvironmentClass } from '../domain/config.ts'
import type { Ledger } from '../domain/ledger.ts'
import type { ServiceView } from './status-view.ts'

/** What a comparison found, for the page, the log and the output alike. */
export interface DriftView {
  readonly app: string
  readonly environment: {
    readonly name: string
    readonly class: EnvironmentClass
    readonly url: string | null
  }
  readonly ledger: Ledger
  readonly services: readonly ServiceView[]
  readonly drift:
    | { readonly kind: 'none' }
    | { readonly kind: 'found'; readonly desired: Ledger['desired'] }
    | { readonly kind: 'unjudged'; readonly because: 'nothing-serves' | 'deployment-under-way' }
  /** Address of the run that compared. */
  readonly run: string
  /** When it did: ISO time in UTC. */
  readonly now: string
}
