import type { DetourAct, DetourEvidence } from '../detour/deed.ts'
import type { EngineSeen, Images } from '../engine/engine-seen.ts'
import type { ManifestRead } from '../engine/manifests.ts'
import type { Figures } from '../judge/series.ts'
import type { Failure, FinalDecision } from '../question/decision.ts'
import type { Pause } from '../question/pause.ts'
import type { Run } from '../release/release.ts'
import type { CheckFound } from '../rolling/roll-check.ts'
import type { SlotsSeen } from '../rolling/slots.ts'
import type { Verdict } from '../rolling/verdict.ts'
import type { Overridden } from '../schedule/freeze-words.ts'
import type { Signal } from '../signal/signal.ts'
import type { Direction } from './direction.ts'
import type { Outcome } from './outcome.ts'

/** The observed state of an instance: the release it reports, if any, and its health. */
export interface Observation {
  readonly version: string | null
  readonly healthy: boolean
  /** True if the front door was seen to send it requests; left out where the front door does not tell. */
  readonly inTraffic?: true
  /** Each slot by itself; left out where an instance is one place. */
  readonly slots?: SlotsSeen
}

/** The times at which a change took an instance out of traffic and back, as ISO times in UTC. */
export interface Handled {
  /** The time since which it got no requests by our action; null if it kept its traffic, or may have. */
  readonly outSince: string | null
  /** The time since which requests may have reached it again; null while they may not. */
  readonly backSince: string | null
}

/** `broke-off`: the run ended by itself on a problem. `lost`: another run found that it had ended. */
export type InterruptionCause = 'cancelled' | 'lost' | 'broke-off'

/** An event in a deployment. `at` is an ISO time in UTC. */
export type Event = { readonly at: string } & Happening

export type Happening =
  | { readonly kind: 'opened'; readonly number: number; readonly run: Run; readonly by: readonly string[] }
  /** Another run, or another attempt, resumes the deployment. */
  | { readonly kind: 'resumed'; readonly run: Run; readonly by: readonly string[] }
  /** The run that held it was told to stop, or is gone. Whatever can be corrected at once still is. */
  | { readonly kind: 'interrupted'; readonly cause: InterruptionCause }
  /** Left for another run to resume. */
  | { readonly kind: 'left' }
  /** GitHub's id of the Deployment that shows this deployment. */
  | { readonly kind: 'record-opened'; readonly record: number }
  | ArtifactFrozen
  /** The outputs of the build of a release, for every later command and every run. */
  | {
      readonly kind: 'outputs-frozen'
      readonly sha: string
      readonly outputs: Readonly<Record<string, string>>
    }
  | { readonly kind: 'step-started'; readonly step: string }
  | { readonly kind: 'step-succeeded'; readonly step: string; readonly note?: string }
  | { readonly kind: 'step-skipped'; readonly step: string; readonly note: string }
  | { readonly kind: 'step-failed'; readonly step: string; readonly failure: Failure }
  /** Its command has ended well on an instance; it may still run on others. */
  | { readonly kind: 'command-ran'; readonly step: string; readonly instance: string }
  /** `create` has made a backup, and named it. */
  | {
      readonly kind: 'backed-up'
      readonly step: string
      readonly backup: string
      readonly position: string | null
    }
  | { readonly kind: 'undo-started'; readonly step: string }
  | { readonly kind: 'undo-succeeded'; readonly step: string }
  | { readonly kind: 'undo-failed'; readonly step: string; readonly failure: Failure }
  | {
      readonly kind: 'instances-observed'
      readonly step: string
      readonly instances: Readonly<Record<string, Observation>>
    }
  /**
   * The release of this direction is on an instance, and was seen there: from before, or it was brought now. The step
   * prepares its service, or rolls it.
   */
  | {
      readonly kind: 'instance-prepared'
      readonly step: string
      readonly instance: string
      readonly how: 'there' | 'brought'
      /** Milliseconds to see it there or to bring it, once the instance was reached. */
      readonly took: number
    }
  /** The observed state of instances outside of the batch, before more of them are taken. */
  | {
      readonly kind: 'capacity-observed'
      readonly step: string
      readonly available: Readonly<Record<string, boolean>>
    }
  | {
      readonly kind: 'instances-started'
      readonly step: string
      readonly instances: readonly string[]
      readonly direction: Direction
    }
  /** The agent of an instance that pulls is to bring it to the release of this direction. */
  | {
      readonly kind: 'instance-desired'
      readonly step: string
      readonly instance: string
      readonly direction: Direction
    }
  | ({ readonly kind: 'instance-succeeded'; readonly step: string; readonly instance: string } & Handled)
  | ({
      readonly kind: 'instance-failed'
      readonly step: string
      readonly instance: string
      readonly failure: Failure
    } & Handled)
  /** The checks of the serving release have run against the first new instance. */
  | {
      readonly kind: 'instance-checked'
      readonly step: string
      readonly instance: string
      readonly found: CheckFound
    }
  /** The test bed serves the release alone, and is watched until then. */
  | { readonly kind: 'bake-started'; readonly step: string; readonly until: string }
  /** Figures that a run read while it watched, by instance. A series is asked for at the end, and not kept. */
  | {
      readonly kind: 'figures-read'
      readonly step: string
      readonly figures: Readonly<Record<string, Figures>>
    }
  | { readonly kind: 'bake-ended'; readonly step: string; readonly verdict: Verdict }
  /** An engine was told to roll, and has named the rollout. Saved at once: another run watches it, and hands nothing over. */
  | {
      readonly kind: 'handed-over'
      readonly step: string
      readonly to: Direction['to']
      readonly rollout: string
      readonly images: Images
    }
  /** A look at a service on an engine which differs from the one before. */
  | {
      readonly kind: 'engine-observed'
      readonly step: string
      /** `test-bed`: the one replica beside the others. */
      readonly of: 'service' | 'test-bed'
      readonly seen: EngineSeen
    }
  /** The changes that manifests are about to make. `tail`: one a line. `why`: the reason where they could not be compared. */
  | {
      readonly kind: 'manifests-compared'
      readonly step: string
      readonly files: readonly ManifestRead[]
      readonly tail: readonly string[]
      readonly why: string | null
    }
  /** The CronJobs that were not suspended when a step read them. Saved before they are: only these are resumed. */
  | { readonly kind: 'cron-jobs-observed'; readonly step: string; readonly active: readonly string[] }
  /** One deed of a detour was done, and what was observed after it. */
  | {
      readonly kind: 'detour-deed'
      readonly step: string
      /** The name of the detour. */
      readonly detour: string
      readonly deed: DetourAct
      readonly evidence: DetourEvidence
    }
  | { readonly kind: 'paused'; readonly pause: Pause }
  /** The wait of a pause has ended, without an answer. */
  | { readonly kind: 'lapsed'; readonly pause: string }
  /** One of several people approved. The question stays open until `needed` people have. */
  | {
      readonly kind: 'approved'
      readonly pause: string
      readonly by: string
      readonly reason: string
      readonly needed: number
    }
  /** An approver took the own approval back, before anything was changed. */
  | { readonly kind: 'withdrawn'; readonly pause: string; readonly by: string; readonly reason: string }
  | {
      readonly kind: 'decided'
      readonly pause: string
      readonly decision: FinalDecision
      /** The instances it is for; none means all that the pause named. */
      readonly instances: readonly string[]
      readonly by: string
      readonly reason: string
      /** The freezes that an approval overrides. */
      readonly overridden?: Overridden
      /** The others whose earlier approvals counted by the policy of that moment; left out where one person decides. */
      readonly with?: readonly string[]
    }
  /** Nothing further that brings the release forward begins: signals are open, or could not be read. */
  | { readonly kind: 'halted'; readonly step: string; readonly signals: readonly Signal[] }
  /** The deployment rolls back, because its config says so and no decision is needed. */
  | {
      readonly kind: 'turned-back'
      readonly failure: Failure
      /** Left out where the database stays as it is. */
      readonly database?: 'restored'
    }
  | { readonly kind: 'ended'; readonly outcome: Outcome }

/**
 * The bytes that every host gets as a file of a release in this deployment, in every run. The last event for
 * a path counts. `from`: the source of the digest; a file that only a `ledger` remembers may be built again.
 */
export interface ArtifactFrozen {
  readonly kind: 'artifact-frozen'
  /** The commit of the release. */
  readonly sha: string
  /** The path in `upload`. */
  readonly path: string
  readonly sha256: string
  readonly from: 'manifest' | 'checkout' | 'build' | 'ledger' | 'host'
}

export type Journal = readonly Event[]

/** A look at instances, as the journal keeps it. */
export type InstancesObserved = Extract<Event, { kind: 'instances-observed' }>
