import type { NoticeRule } from '../notify/notice-rule.ts'
import type { HaltPolicy } from '../signal/halt-policy.ts'
import type { Wave } from '../wave/wave-policy.ts'
import type { IssuePolicy } from './issue-policy.ts'
import type { Freeze, OpenTimes } from './times.ts'

export type EnvironmentClass = 'sandbox' | 'staging' | 'production'

/** The approval that must come before any change. */
export type ApprovalRule =
  | { readonly kind: 'none' }
  /** GitHub's own required reviewers on the environment. */
  | {
      readonly kind: 'reviewers'
      readonly allowBypass: boolean
      /** The number of people that the config asks for; GitHub takes the first approval, whatever it is. */
      readonly atLeast?: number
    }
  /** Named people, `login` or `org/team`, for GitHub plans without reviewers. */
  | {
      readonly kind: 'named'
      readonly from: readonly string[]
      readonly notSelf: boolean
      /** The number of different people who must approve; one when left out. */
      readonly atLeast?: number
      /** The longest wait before it counts as rejected; no limit when left out. */
      readonly expires?: number
    }

/** The approval by people who stand in the config. */
export type NamedRule = Extract<ApprovalRule, { kind: 'named' }>

/** Read from the default branch, so that no release can weaken its own gate. */
export interface EnvironmentPolicy {
  readonly app: string | null
  readonly name: string
  readonly class: EnvironmentClass
  readonly url: string | null
  /** The address of the environment's logs; left out without one in the policy. */
  readonly logs?: string
  readonly approval: ApprovalRule
  /** People who answer questions after a failure, `login` or `org/team`; the people who may approve when left out. */
  readonly answers?: readonly string[]
  /** True if `not-self` binds going back too; it does not when left out. */
  readonly rollbackNotSelf?: boolean
  /** The number of people who must approve going back; one when left out. */
  readonly rollbackAtLeast?: number
  readonly unanswered: Unanswered | null
  readonly freezes: readonly Freeze[]
  /** Empty allows all times. */
  readonly windows: readonly OpenTimes[]
  /** The people who may override both, `login` or `org/team`. */
  readonly freezeOverride: readonly string[]
  /** The environment in which a release must have been deployed with success before it comes here. */
  readonly verifiedIn: string | null
  /** Milliseconds for which that environment must have kept it; no time when left out. */
  readonly verifiedFor?: number
  /** The environments that start by themselves once a release is proven here; none when left out. */
  readonly waves?: readonly Wave[]
  /** The environments whose waves start this one; none when left out. */
  readonly follows?: readonly string[]
  /** The other environments of class staging, for a production; none when left out. */
  readonly stagings?: readonly string[]
  /**
   * The environment in which the rollback from it must have been rehearsed; no rehearsal is required when
   * left out.
   */
  readonly rehearsedIn?: string
  /** True if a release must have a manifest; a tag alone is enough when left out. */
  readonly manifest?: boolean
  /** True if a prerelease is refused; true for a production when left out. */
  readonly final?: boolean
  /** Names of variables that a run must have here, besides those of the release's recipe; none when left out. */
  readonly requiresVariables?: readonly string[]
  /** The issues that notify people; none when left out. */
  readonly issues?: IssuePolicy
  /** True if the environment cannot have the detour of the recipe; false when left out. */
  readonly detourAbsent?: true
  /** The deployments that are refused without a detour; none when left out. */
  readonly requiresDetour?: 'always' | 'migrate' | 'contract'
  /** Addresses and networks that see the application while visitors see the maintenance page; none when left out. */
  readonly maintenanceAllow?: readonly string[]
  /** The signals that hold back a release; none when left out. */
  readonly halt?: HaltPolicy
  /** The commands and addresses that are told of deployments; none when left out. */
  readonly notify?: readonly NoticeRule[]
  /** The destructive steps that a production allows, by their IDs; none when left out. */
  readonly allowDestructive?: readonly string[]
}

/** The default decision on a question after a failure. */
export interface Unanswered {
  readonly after: number
  readonly decision: 'roll-back' | 'abandon' | 'exclude'
}
