import type { CronJobs } from '../engine/cron-jobs.ts'
import type { Command, Probe } from './command.ts'
import type { CompatibilityRecipe } from './compatibility-recipe.ts'
import type { DeclaredService } from './declared-service.ts'
import type { DetourRecipe } from './detour-recipe.ts'

/** `expand`: the release before still works on the migrated database. `contract`: it does not. */
export type MigrationPhase = 'expand' | 'contract'

/** The scheduler of an application: commands speak to it, or an engine has it. */
export type SchedulerRecipe = CommandScheduler | EngineScheduler

export interface CommandScheduler extends Draining {
  readonly suspend: Command
  /** Prints the running jobs, one a line; nothing means drained. */
  readonly running: Command | null
  readonly resume: Command
  /** Ends the running jobs; needed by `on-timeout: kill`. */
  readonly kill: Command | null
}

/** Timed jobs of an engine, which Rollgate suspends, waits for and resumes itself. */
export interface EngineScheduler extends Draining {
  readonly cronJobs: CronJobs
}

/** True if an engine has the scheduler. */
export const isEngineScheduler = (scheduler: SchedulerRecipe): scheduler is EngineScheduler =>
  'cronJobs' in scheduler

/** True if the jobs that run are waited for. */
export const isWaitedFor = (scheduler: SchedulerRecipe): boolean =>
  isEngineScheduler(scheduler) || scheduler.running !== null

/** The settings of every scheduler. */
export interface Draining {
  /** Brings the new release's scheduler, still paused. */
  readonly deploy: Command | null
  readonly drainTimeout: number
  /** Between two readings of the running jobs. */
  readonly interval: number
  /** Readings of nothing, in a row, that count as drained. */
  readonly zeroReadings: number
  readonly onTimeout: 'fail' | 'kill' | 'proceed'
  readonly resumeAfter: 'migrate' | 'services'
  /** The longest time of a suspension before any run may end it. */
  readonly lease: number
}

/** The page that visitors see in place of the application. */
export interface MaintenanceRecipe {
  /** Shows the page. */
  readonly open: Command
  /** Takes it off. */
  readonly close: Command
  /** Yes while visitors see the page. */
  readonly shown: Probe
  /** The longest time until `shown` agrees with what was done. */
  readonly timeout: number
  /** Paths in the release, of which the first that is there counts; none where the balancer has a page of its own. */
  readonly pages: readonly string[]
  readonly when: 'always' | 'migrate' | 'contract'
  readonly closeAfter: 'migrate' | 'services'
  /** The longest time of the page before any run may take it off. */
  readonly lease: number
}

/** A migration in one step. */
export interface OnePhase {
  readonly command: Command
  readonly phase: MigrationPhase
  /** True if running it twice is harmless, so that a run may repeat it without asking. */
  readonly repeatable: boolean
}

/**
 * A migration whose command only starts it: both schemas are usable until `complete`, and `rollback` takes it back until
 * then. `repeatable` is about each of the three.
 */
export interface TwoPhases extends OnePhase, SecondPhase {
  readonly phase: 'expand'
}

/** The ways to end a migration that has been started. */
export interface SecondPhase {
  readonly complete: Command
  readonly rollback: Command
  /** The soak after which the clock asks to complete it; null leaves that to a person. */
  readonly completeAfter: number | null
}

export type KnownMigration = OnePhase | TwoPhases

/** A migration whose phase a command prints when the release is made. The manifest keeps the answer. */
export interface AskedPhase extends Omit<OnePhase, 'phase'> {
  readonly phase: Command
}

export type MigrateRecipe = KnownMigration | AskedPhase

/** True if the phase of a migration is known. */
export const isSettled = (migrate: MigrateRecipe): migrate is KnownMigration =>
  typeof migrate.phase === 'string'

/** True if a migration has a second phase, so that it stays open until it is completed or rolled back. */
export const hasTwoPhases = <M extends object>(migration: M): migration is Extract<M, SecondPhase> =>
  'complete' in migration

export interface BuildRecipe {
  readonly command: Command
  /** Exits with 0 when the artifact exists already. */
  readonly unless: Command | null
}

/** The backup of the database around a migration. */
export interface BackupRecipe {
  /** Makes a backup, and prints its name on the last line, with the position of the database after it. */
  readonly create: Command
  /** Restores the backup in `ROLLGATE_BACKUP`. */
  readonly restore: Command
}

/** The look through the front door, once every instance serves the release. */
export interface VerifyRecipe {
  /** An address of the environment, which says yes by 200. */
  readonly http: Extract<Probe, { kind: 'http' }> | null
  /** A smoke test, which says yes by exit code 0. */
  readonly command: Command | null
  /** The tries of each before it counts as failed, and the milliseconds between two. */
  readonly attempts: number
  readonly interval: number
  /** `roll-back`: the deployment is taken back unasked, where it can be. */
  readonly onFailure: 'ask' | 'roll-back'
}

/** The watch over a whole environment, before it counts as serving a release. */
export interface BakeRecipe {
  readonly lasts: number
  /** `clock`: the run ends, and the scheduled watch judges afterwards. `run`: the run stays, and looks again and again. */
  readonly on: 'clock' | 'run'
  /** Milliseconds between two looks of a run that stays. */
  readonly interval: number
  /** Prints the figures of a stretch of time; null without one. */
  readonly figures: Probe | null
  /** The limit of each figure. */
  readonly atMost: Readonly<Record<string, number>>
  readonly onFailure: 'ask' | 'roll-back'
}

/** A command before or after a step of the standard order. */
export interface StepHook {
  readonly name: string
  readonly when: 'before' | 'after'
  /** The step, by its id, or by its kind for all of that kind. */
  readonly step: string
  readonly command: Command
}

export interface StepRecipes {
  readonly build: BuildRecipe | null
  readonly configureBroker: Command | null
  readonly preDeploy: Command | null
  readonly scheduler: SchedulerRecipe | null
  readonly preConfigure: Command | null
  /** Null where visitors see no page. */
  readonly maintenance?: MaintenanceRecipe | null
  /** Null where no backup is made. */
  readonly backup?: BackupRecipe | null
  readonly migrate: MigrateRecipe | null
  /** Null where visitors stay at home while it is changed. */
  readonly detour?: DetourRecipe | null
  /** The checks of this release: the deployment that takes its place runs them, on its schema or its first instance. */
  readonly checkCompatibility?: CompatibilityRecipe | null
  /** Recreates all data; it replaces the migration on request. */
  readonly reset?: Command | null
  /** Asked through the front door before the environment counts as serving the release; nothing when left out. */
  readonly verify?: VerifyRecipe | null
  /** Watched after that; nothing when left out. */
  readonly bake?: BakeRecipe | null
  /** Hooks beside steps, in their declared order; none when left out. */
  readonly hooks?: readonly StepHook[]
  /** The time after which a step is warned of; 30 minutes when left out. */
  readonly slowAfter?: number
  readonly postConfigure: Command | null
  readonly postDeploy: Command | null
}

/**
 * Read at the commit of the release and frozen with it; the services already carry what the environment lays over them,
 * and `env` is its own.
 * Every duration of a config is in milliseconds.
 */
export interface Recipe {
  readonly baseVersion: string | null
  /** Path of the file whose content is the schema version. */
  readonly schema: string | null
  /** False if the release and the one before must not serve together; true when left out. */
  readonly compatible?: boolean
  /** True if the release works on a database that refuses writes; it does not when left out. */
  readonly readOnly?: boolean
  readonly steps: StepRecipes
  /** Names of variables that a run must have before it changes anything; none when left out. */
  readonly requiresVariables?: readonly string[]
  /** Variables for commands in the environment, which are no secrets; none when left out. */
  readonly env?: Readonly<Record<string, string>>
  /** Names of GitHub's `vars` that commands see; none when left out. */
  readonly vars?: readonly string[]
  /** Commands that are run by their names alone, apart from any deployment. */
  readonly tasks?: Readonly<Record<string, Command>>
  /** Those on fleets and on engines, in their declared order, which is the order in which they are changed. */
  readonly services: readonly DeclaredService[]
  /** The services of the release that the environment does not have; none when left out. */
  readonly absent?: readonly string[]
}
