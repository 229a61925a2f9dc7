import type { Mode } from '../plan/undertaking.ts'
import type { IssuePolicy } from './issue-policy.ts'

/**
 * The parsed config: the recipe (frozen with the release) and the policy (from the default branch). Every
 * duration is in milliseconds.
 */

/** A command of the user's. Values reach it only as environment variables. */
export interface Command {
  readonly run: string
  /** As GitHub's own `shell`: `bash`, `sh`, or a template holding `{0}`. */
  readonly shell: string
  readonly env: Readonly<Record<string, string>>
  readonly workingDirectory: string
  readonly timeout: number
  /** True if the command destroys data for good: such a command needs a confirmation. */
  readonly destructive?: true
}

/** A question with a yes or a no: an HTTP address that answers 200, or a command that exits with 0. */
export type Probe =
  | { readonly kind: 'http'; readonly url: string; readonly timeout: number }
  | { readonly kind: 'run'; readonly command: Command }

/** `3`, or `25%` of a whole: rounded down, never below one. */
export type Count =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'percent'; readonly value: number }

/** `expand`: the release before still works on the migrated database. `contract`: it does not. */
export type MigrationPhase = 'expand' | 'contract'

export interface SchedulerRecipe {
  readonly suspend: Command
  /** Prints the running jobs, one a line; nothing means drained. */
  readonly running: Command | null
  readonly resume: Command
  /** Ends the running jobs; needed by `on-timeout: kill`. */
  readonly kill: Command | null
  /** Brings the new release's scheduler, still paused. */
  readonly deploy: Command | null
  readonly drainTimeout: number
  /** Between two readings of `running`. */
  readonly interval: number
  /** Readings of nothing, in a row, that count as drained. */
  readonly zeroReadings: number
  readonly onTimeout: 'fail' | 'kill' | 'proceed'
  readonly resumeAfter: 'migrate' | 'services'
  /** The longest time of a suspension before any run may end it. */
  readonly lease: number
}

export interface MigrateRecipe {
  readonly command: Command
  readonly phase: MigrationPhase
  /** True if running it twice is harmless, so that a run may repeat it without asking. */
  readonly repeatable: boolean
}

export interface BuildRecipe {
  readonly command: Command
  /** Exits with 0 when the artifact exists already. */
  readonly unless: Command | null
}

export interface StepRecipes {
  readonly build: BuildRecipe | null
  readonly configureBroker: Command | null
  readonly preDeploy: Command | null
  readonly scheduler: SchedulerRecipe | null
  readonly preConfigure: Command | null
  readonly migrate: MigrateRecipe | null
  /** The checks of this release: the deployment that takes its place runs them on the database that it has migrated. */
  readonly checkCompatibility?: Command | null
  /** Recreates all data; it replaces the migration on request. */
  readonly reset?: Command | null
  readonly postConfigure: Command | null
  readonly postDeploy: Command | null
}

export interface Instance {
  readonly name: string
  /** Variables of this instance alone, for its commands and addresses. */
  readonly env: Readonly<Record<string, string>>
}

/** The commands on an instance, in every kind of fleet. */
interface InstanceCommands {
  readonly stop: Command | null
  readonly install: Command | null
  readonly start: Command | null
}

/** Instances that are processes on the machine the run is on. */
export interface LocalFleet extends InstanceCommands {
  readonly kind: 'local'
  readonly instances: readonly Instance[]
}

/** The way to a host; null leaves a setting to ssh. */
export interface SshWay {
  readonly user: string | null
  readonly port: number | null
  /** As ssh's `-J` takes it: `[user@]host[:port]`, several divided by commas. */
  readonly jump: string | null
}

/** An instance on a host of its own. */
export interface Host extends Instance, SshWay {
  /** The destination for ssh: a name, an address, or a `Host` of its settings. */
  readonly host: string
}

/** Instances on hosts that are reached over ssh. */
export interface SshFleet extends InstanceCommands, SshWay {
  readonly kind: 'ssh'
  /** The instances in the config; empty if an inventory prints them. */
  readonly instances: readonly Host[]
  /** Prints the hosts. */
  readonly inventory: Command | null
  /** A file of ssh settings in the checkout, in place of the user's own. */
  readonly settings: string | null
  /** `accept-new`: a host that was never seen is trusted; a changed key never is. */
  readonly hostKeys: 'known' | 'accept-new'
  readonly connectTimeout: number
  /** Names of variables of this run that commands on the hosts see too. */
  readonly sendEnv: readonly string[]
  /** A file in the checkout that is brought to a host before it leaves traffic. */
  readonly upload: string | null
}

export type Fleet = LocalFleet | SshFleet

/** The way of an instance out of traffic and into it. `is-alive`: the balancer asks the instance itself. */
export type Traffic =
  | {
      readonly kind: 'is-alive'
      /** Has the instance say that it is not alive, while it still answers. None where left out. */
      readonly leave?: Command
      /** The longest time for the balancer to notice an instance's answer. */
      readonly wait?: number
    }
  | {
      readonly kind: 'command'
      /** Returns when no request is under way there any more. */
      readonly leave: Command | null
      readonly enter: Command | null
      /** Yes when the front door sends it requests. */
      readonly serving: Probe | null
      /** The longest time for `serving` to say yes. */
      readonly timeout: number
    }
  | HaproxyTraffic

/** HAProxy, told through its runtime API. */
export interface HaproxyTraffic {
  readonly kind: 'haproxy'
  /** The addresses of the balancers' runtime APIs: a path of a socket, or `host:port`. */
  readonly sockets: readonly string[]
  readonly backend: string
  /** The server's name in the backend; `$NAME` is filled in for each instance. */
  readonly server: string
  /** The longest time for sessions to end by themselves before they are cut. */
  readonly drainTimeout: number
  /** The longest time for the balancer to see an instance up. */
  readonly upTimeout: number
}

export interface HealthCheck {
  readonly probe: Probe
  readonly interval: number
  /** The time that it must stay healthy, without a break. */
  readonly minHealthyTime: number
  /** The longest time after its start until it has been healthy that long. */
  readonly healthyDeadline: number
}

export interface SelfTest {
  readonly probe: Probe
  /** The longest time for an answer of the test, the instance's start included. */
  readonly timeout: number
  /** Further tries after a failed one. */
  readonly retries: number
}

export interface Rollout {
  readonly maxParallel: Count
  readonly minAvailable: Count | null
  /** Instances that may fail, in the whole rollout, before it stops. */
  readonly maxFailures: number
  /** The longest time of a rollout until one more instance is healthy. */
  readonly progressDeadline: number
  readonly onFailure: 'ask' | 'roll-back'
  /** True if the config accepts that the only instance goes down while it is changed. */
  readonly acceptDowntime: boolean
}

/** The first instances, changed alone and watched before the others. */
export interface TestBed {
  readonly instances:
    | { readonly kind: 'first'; readonly count: Count }
    | { readonly kind: 'named'; readonly names: readonly string[] }
  readonly bakeTime: number
  readonly compare: Comparison | null
}

/** The comparison of the test bed with the instances that still serve the older release. */
export interface Comparison {
  /** Asked of every instance: JSON with numbers by name, of which less is better. */
  readonly figures: Probe | null
  /** The share by which the test bed's figures may be worse: `0.1` is a tenth. */
  readonly tolerance: number
  /** Decides in place of the tolerance: 0 is better or equal, 1 worse, any other code inconclusive. */
  readonly command: Command | null
}

export interface Service {
  readonly name: string
  readonly fleet: Fleet
  readonly traffic: Traffic
  /** The first line of its answer, or `version` or `release` in its JSON, is the release that an instance runs. */
  readonly version: Probe | null
  readonly healthCheck: HealthCheck | null
  readonly selfTest: SelfTest | null
  readonly testBed: TestBed | null
  readonly rollout: Rollout
}

/** Read at the release's commit and frozen with it; the services already carry what the environment lays over them. */
export interface Recipe {
  readonly baseVersion: string | null
  /** Path of the file whose content is the schema version. */
  readonly schema: string | null
  readonly steps: StepRecipes
  /** Commands that are run by their names alone, apart from any deployment. */
  readonly tasks?: Readonly<Record<string, Command>>
  /** In their declared order, which is the order of rolling. */
  readonly services: readonly Service[]
}

export type EnvironmentClass = 'sandbox' | 'staging' | 'production'

/** The approval that must come before any change. */
export type ApprovalRule =
  | { readonly kind: 'none' }
  /** GitHub's own required reviewers on the environment. */
  | { readonly kind: 'reviewers'; readonly allowBypass: boolean }
  /** Named people, `login` or `org/team`, for GitHub plans without reviewers. */
  | {
      readonly kind: 'named'
      readonly from: readonly string[]
      readonly notSelf: boolean
      /** The longest wait before it counts as rejected; no limit when left out. */
      readonly expires?: number
    }

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
export type Weekday = (typeof weekdays)[number]

/** Local times in a zone, an IANA name; a change of clocks may skip one of them, or repeat it. */
export type Times =
  /** Local times like `2026-12-18T00:00`. */
  | { readonly kind: 'once'; readonly timezone: string; readonly from: string; readonly to: string }
  /** Begins on each of these days at a local time like `16:00`, and ends at one so many midnights later. */
  | {
      readonly kind: 'weekly'
      readonly timezone: string
      readonly days: readonly Weekday[]
      readonly from: string
      readonly to: string
      readonly nights: number
    }

/** Times at which only `allow` may begin. */
export interface Freeze {
  readonly name: string
  readonly times: Times
  readonly allow: readonly Mode[]
}

/** Times outside of which no release may be brought. */
export interface OpenTimes {
  readonly name: string
  readonly times: Times
}

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
  readonly unanswered: Unanswered | null
  readonly freezes: readonly Freeze[]
  /** Empty allows all times. */
  readonly windows: readonly OpenTimes[]
  /** The people who may override both, `login` or `org/team`. */
  readonly freezeOverride: readonly string[]
  /** The environment in which a release must have been deployed with success before it comes here. */
  readonly verifiedIn: string | null
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
  /** The issues that notify people; none when left out. */
  readonly issues?: IssuePolicy
  /** The destructive steps that a production allows, by their IDs; none when left out. */
  readonly allowDestructive?: readonly string[]
}

/** The default decision on a question after a failure. */
export interface Unanswered {
  readonly after: number
  readonly decision: 'roll-back' | 'abandon' | 'exclude'
}

/** Returns the part of `whole` that a count means. */
export function resolveCount(count: Count, whole: number): number {
  if (count.kind === 'number') return Math.min(count.value, whole)
  return Math.max(1, Math.floor((whole * count.value) / 100))
}
