import type { Ledger } from '../journal/ledger.ts'
import type { Pause } from '../question/pause.ts'

/** What an environment remembers, and what GitHub knows of the deployment that is under way. */
export interface Memory {
  readonly ledger: Ledger
  /** Whether the run that holds it is live; null where nobody holds it, or that could not be asked. */
  readonly live: boolean | null
  /** What a person may answer now. It need not have been asked: a run that is gone asks nothing. */
  readonly question: Pause | null
}

/** What one question about an instance came to. */
export type SightFinding<T> =
  /** `why` says more, where a `no` has a reason. */
  | { readonly kind: 'found'; readonly value: T; readonly why: string | null }
  /** It was asked, and nothing came that tells. */
  | { readonly kind: 'unanswered'; readonly why: string }
  /** It can be asked, but not by this run. */
  | { readonly kind: 'unasked'; readonly why: string }
  /** The config has no question for it. */
  | { readonly kind: 'none'; readonly why: string }

/** An instance as it is, whatever a ledger says of it. */
export interface InstanceSeen {
  readonly name: string
  /** The release that it says it runs. */
  readonly version: SightFinding<string>
  readonly healthy: SightFinding<boolean>
  /** Whether the front door sends it requests. */
  readonly inTraffic: SightFinding<boolean>
}

export interface ServiceSeen {
  readonly name: string
  readonly instances: readonly InstanceSeen[]
  /** The balancer asks the instances themselves: one that is healthy gets requests. */
  readonly asksThem?: true
  /** Why its instances were not asked; null when they were. */
  readonly unasked: string | null
}
