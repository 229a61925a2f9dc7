import type { Figures } from '../judge/series.ts'
import type { Failure } from '../question/decision.ts'
import type { RollCheck } from './roll-check.ts'
import type { Verdict } from './verdict.ts'

/** The time over which a test bed is watched, as ISO times in UTC, and the figures read since, by instance. */
export interface BakeWatch {
  readonly since: string
  readonly until: string
  readonly readings: readonly Readonly<Record<string, Figures>>[]
}

/** The progress of watching a test bed. */
export type Bake =
  /** The comparison runs at the end of `watched`. */
  | { readonly state: 'baking'; readonly watched: BakeWatch }
  /** It is not good enough to continue without a decision, or the config has a person decide. */
  | { readonly state: 'judged'; readonly verdict: Verdict; readonly watched: BakeWatch }
  /** The others may be changed. */
  | { readonly state: 'over' }

/** The progress of a step that changes a service. */
export interface ServiceStanding {
  /** True if the instances were looked at since this run began to work on them. */
  readonly observed: boolean
  /**
   * A run was lost while it worked on the instances: the journal may lack changes of any of them. The doubt
   * stays, in both directions, until the instances are looked at.
   */
  readonly unsure: boolean
}

/** The progress of a roll over its instances. */
export interface RollStanding extends ServiceStanding {
  /** Null until the test bed is watched. */
  readonly bake: Bake | null
  readonly check: RollCheck
  readonly instances: ReadonlyMap<string, InstanceStanding>
}

export interface InstanceStanding {
  /**
   * `done` and `left-alone` serve the release of this direction; the others are not to be changed any more or
   * yet.
   */
  readonly state:
    | 'pending'
    | 'changing'
    | 'done'
    | 'left-alone'
    | 'failed'
    | 'forced'
    | 'excluded'
    | 'untouched'
  readonly available: boolean
  /** True if this deployment has changed it, or may have. */
  readonly touched: boolean
  /**
   * Our commands failed on it, here or in an earlier deployment, and have not succeeded since: no look shows that it is
   * right, or in traffic.
   */
  readonly broke: boolean
  /** A change that failed left it out of traffic, and it is to stay there until a change succeeds. */
  readonly out: boolean
  /**
   * True if it was out when a run was lost that was to change it once more, and that may have brought it back: only a look
   * shows whether it is right to be in traffic.
   */
  readonly perhapsBack: boolean
  readonly version: string | null
  readonly failure: Failure | null
}
