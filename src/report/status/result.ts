import type { EnvironmentClass } from '../../domain/config/policy.ts'
import type { EngineSeen, Images, Replicas } from '../../domain/engine/engine-seen.ts'
import type { EngineDeviation } from '../../domain/engine/engine-sight.ts'
import type { OpenDetour } from '../../domain/ledger/open-detour.ts'
import type { OpenMigration } from '../../domain/ledger/open-migration.ts'
import type { Mode } from '../../domain/plan/undertaking.ts'
import type { Decision } from '../../domain/question/decision.ts'
import type { expiryOf, Gate } from '../../domain/question/pause.ts'
import type { Feasibility } from '../../domain/release/feasibility.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import type { Deviation } from '../../domain/rolling/drift.ts'
import type { Activity } from '../../domain/shown/activity.ts'
import type { OverriddenResult } from '../outcome/overridden-output.ts'
import type { ProvenResult } from '../outcome/proven-output.ts'
import type { ScheduleResult } from '../schedule/view.ts'
import type { UnderwayResult } from './deployment.ts'

/** The `result` output of `status`, described in docs/status.md. A change of its shape gets another `schema`. */
export interface StatusResult {
  readonly schema: 1
  readonly command: 'status'
  readonly outcome: 'looked'
  readonly at: string
  readonly environments: readonly EnvironmentResult[]
  readonly run: string
}

export interface EnvironmentResult {
  readonly name: string
  readonly class: EnvironmentClass
  readonly url: string | null
  readonly app: string
  /** The reason why it could not be read; everything else is then null or empty. */
  readonly unread: string | null
  readonly serving: (ReleaseId & { readonly since: string; readonly deployment: number }) | null
  readonly desired: ReleaseId | null
  readonly state: Activity | null
  readonly deployment: UnderwayResult | null
  readonly pause: {
    readonly id: string
    readonly gate: Gate
    readonly step: string
    readonly instances: readonly string[]
    readonly 'reason-code': string | null
    readonly what: string | null
    readonly options: readonly Decision[]
    readonly expires: ReturnType<typeof expiryOf>
  } | null
  readonly scheduler: (LeaseResult & { readonly state: 'suspended' }) | null
  /** The maintenance page that visitors see; null while they see the application. */
  readonly maintenance: (LeaseResult & { readonly state: 'shown' }) | null
  /** The databases of two sides that have one each; null without them. */
  readonly databases: {
    readonly id: string
    readonly copied: string
    readonly phase: string
    readonly deployment: number
    readonly since: string
    readonly left: ReleaseId
  } | null
  /** The detour that visitors may be in; null without one. `expired`: it is open longer than its config wants. */
  readonly detour: {
    readonly id: string
    readonly mode: OpenDetour['mode']
    readonly state: OpenDetour['phase'] | 'expired'
    readonly since: string
    readonly until: string
    readonly deployment: number
    readonly release: ReleaseId
  } | null
  /** The instances at which a change did not end well, and none has since. */
  readonly unfinished: readonly {
    readonly service: string
    readonly instance: string
    readonly deployment: number
    readonly 'out-of-traffic': boolean
  }[]
  /** The databases of home that failed deployments left: kept until `discard-failed-home` removes them by name. */
  readonly 'failed-homes': readonly {
    readonly detour: string
    readonly where: string
    readonly since: string
    readonly deployment: number
  }[]
  /** The releases and commits that may not come here. */
  readonly blocked: readonly BlockResult[]
  /** The number of notices that were not sent yet. */
  readonly unsent: number
  /** The two-phase migration that is open; null without one. `soaked`: the time from which the clock completes it. */
  readonly migration: {
    readonly release: string
    readonly deployment: number
    readonly since: string
    readonly state: OpenMigration['state']
    readonly soaked: string | null
  } | null
  /** The pending schedules, the next first. */
  readonly schedules: readonly ScheduleResult[]
  readonly instances: readonly InstanceResult[]
  /** The services on engines. */
  readonly engines: readonly EngineResult[]
  /** The reasons why instances, or those of some services, were not asked. */
  readonly unasked: readonly string[]
  readonly history: readonly {
    readonly number: number
    readonly mode: Mode
    readonly release: ReleaseId
    readonly outcome: string
    readonly reason: string
    readonly by: readonly string[]
    readonly started: string
    readonly ended: string
    readonly overridden: readonly OverriddenResult[]
    readonly record: number | null
    readonly run: string
  }[]
  readonly 'way-back': {
    readonly release: ReleaseId
    readonly feasibility: Feasibility['kind']
    readonly words: string
    /** The environment in which its own checks passed on this schema. */
    readonly proven: ProvenResult | null
  } | null
}

interface LeaseResult {
  readonly since: string
  readonly until: string
  readonly deployment: number
  readonly 'lease-over': boolean
}

/** A block, of a tag or of a commit. */
interface BlockResult {
  readonly tag: string | null
  readonly sha: string
  readonly 'fixed-by': string | null
  readonly reason: string
  readonly by: string
  readonly at: string
}

export interface EngineResult {
  readonly service: string
  /** The images that the ledger remembers, by container; null where it has none. */
  readonly desired: Images | null
  /** The images that the engine is to run; null if unknown, as all below. */
  readonly running: Images | null
  readonly rollout: string | null
  readonly phase: EngineSeen['phase'] | null
  readonly replicas: Replicas | null
  readonly 'changed-by': string | null
  readonly deviations: readonly EngineDeviation[]
  /** The reason why it is unknown; otherwise null. */
  readonly why: string | null
}

export interface InstanceResult {
  readonly service: string
  readonly name: string
  /** The reported version, the health and the traffic: null if unknown. */
  readonly version: string | null
  readonly healthy: boolean | null
  readonly 'in-traffic': boolean | null
  /** The tag that the ledger tells its agent; null where its host does not pull. */
  readonly desired: string | null
  readonly deviations: readonly Deviation[]
  /** The reasons for a state, or for an unknown one. */
  readonly notes: readonly string[]
}
