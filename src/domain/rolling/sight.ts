import type { Ledger } from '../ledger/ledger.ts'
import type { Pause } from '../question/pause.ts'

/** The ledger of an environment, and GitHub's knowledge of the deployment under way. */
export interface Memory {
  readonly ledger: Ledger
  /** True if the run that holds it is live; null without a holder, or if that could not be read. */
  readonly live: boolean | null
  /** The question that a person may answer now. It need not have been asked: a run that is gone asks nothing. */
  readonly question: Pause | null
}

/** The records of an environment against its ledger. */
export interface RecordsSeen {
  /** A sentence for each record that does not match the ledger. */
  readonly behind: readonly string[]
  /** The reasons why a record could not be read. */
  readonly unknown: readonly string[]
}

/** The result of one question about an instance. */
export type SightFinding<T> =
  /** `why` says more, where a `no` has a reason. */
  | { readonly kind: 'found'; readonly value: T; readonly why: string | null }
  /** The instance was asked, and gave no usable answer. */
  | { readonly kind: 'unanswered'; readonly why: string }
  /** The instance can be asked, but not by this run. */
  | { readonly kind: 'unasked'; readonly why: string }
  /** The config has no such question. */
  | { readonly kind: 'none'; readonly why: string }

/** An observed instance, apart from the ledger. */
export interface InstanceSeen {
  readonly name: string
  /** The release that it says it runs. */
  readonly version: SightFinding<string>
  readonly healthy: SightFinding<boolean>
  /** Reads if the front door sends it requests. */
  readonly inTraffic: SightFinding<boolean>
}

export interface ServiceSeen {
  readonly name: string
  readonly instances: readonly InstanceSeen[]
  /** True if the balancer asks the instances themselves: a healthy one gets requests. */
  readonly asksThem?: true
  /** The reason why its instances were not asked; otherwise null. */
  readonly unasked: string | null
}
