import type { Backup } from '../backup/backup.ts'
import type { Command } from '../config/command.ts'
import type { CommandFleet } from '../config/command-fleet.ts'
import { type DeclaredService, isOnEngine } from '../config/declared-service.ts'
import type { MoveOver, OwnDatabases, StepAside } from '../config/detour-recipe.ts'
import type { EngineService, EngineTestBed } from '../config/engine-recipe.ts'
import type { PrepareRecipe } from '../config/fleet.ts'
import type { ApprovalRule } from '../config/policy.ts'
import type {
  BakeRecipe,
  BuildRecipe,
  KnownMigration,
  MaintenanceRecipe,
  SchedulerRecipe,
  VerifyRecipe,
} from '../config/recipe.ts'
import type { Service } from '../config/service.ts'
import type { FailedHome } from '../detour/by-name/failed-home.ts'
import type { NamedEnd } from '../detour/by-name/named-end.ts'
import type { DetourSide } from '../detour/side.ts'
import type { CronJobs } from '../engine/cron-jobs.ts'
import type { Images } from '../engine/engine-seen.ts'
import type { ReleaseId } from '../release/release.ts'
import type { Paces } from '../rolling/pace.ts'

/** A step of a plan. Adding a kind makes the compiler list every place that must answer for it. */
export type Step =
  | { readonly kind: 'source'; readonly id: string }
  | { readonly kind: 'approve'; readonly id: string; readonly rule: Exclude<ApprovalRule, { kind: 'none' }> }
  | {
      readonly kind: 'build'
      readonly id: string
      readonly command: Command
      readonly unless: Command | null
    }
  /** The release is brought to every instance of a service, while the older one serves. */
  | {
      readonly kind: 'prepare'
      readonly id: string
      /** The service, by its name: its roll has the instances, which an inventory may print only later. */
      readonly prepares: string
      /** Null where only a file is brought. */
      readonly recipe: PrepareRecipe | null
    }
  | HookStep
  | { readonly kind: 'suspend-scheduler'; readonly id: string; readonly scheduler: SchedulerRecipe }
  | { readonly kind: 'deploy-scheduler'; readonly id: string; readonly command: Command }
  | MaintenanceStep
  /** A point is made to which the database can be restored. */
  | { readonly kind: 'backup'; readonly id: string; readonly command: Command }
  /** The database is brought back to a backup. */
  | { readonly kind: 'restore'; readonly id: string; readonly command: Command; readonly backup: Backup }
  | DetourStep
  | CopyOverStep
  | MoveOverStep
  /** The database that a failed deployment left at home is removed. */
  | {
      readonly kind: 'discard-failed-home'
      readonly id: string
      readonly failed: FailedHome
      /** The detour of the serving release, whose databases know how to remove it. */
      readonly aside: StepAside
      /** The hosts on which its programs may run. */
      readonly hosts: readonly CommandFleet[]
    }
  | ({ readonly kind: 'migrate'; readonly id: string } & KnownMigration)
  /** All data is set up anew: a migration after which nothing of the serving release is left. */
  | { readonly kind: 'reset'; readonly id: string; readonly command: Command; readonly phase: 'contract' }
  /** The command is that of the release that serves now. */
  | { readonly kind: 'check-compatibility'; readonly id: string; readonly command: Command }
  | { readonly kind: 'resume-scheduler'; readonly id: string; readonly command: Command }
  | { readonly kind: 'resume-scheduler'; readonly id: string; readonly cronJobs: CronJobs }
  | ({
      readonly kind: 'roll-services'
      /** The instances that are changed alone and watched before the others; none where nothing is tried out. */
      readonly testBed: readonly string[]
      /** Instances that an earlier deployment left unfinished. */
      readonly unfinished: readonly string[]
      /** Instances on hosts that pull, which the ledger does not tell to run the release yet: they are changed. */
      readonly undesired: readonly string[]
      /** The batches when every instance is up and none serves the release yet. */
      readonly batches: readonly (readonly string[])[]
      /** Makes the file that its hosts get, where the file is not here; null where none is brought, or built. */
      readonly build: BuildRecipe | null
      /** The serving release is stopped and started again, each instance once; nothing is installed. */
      readonly restart: boolean
      /** True if visitors are on another side all the time, so that nothing has to be taken back here. */
      readonly unvisited: boolean
      /** The checks of the serving release against the first new instance, before it gets requests; null without any. */
      readonly instanceCheck: Command | null
    } & Paces &
      ServiceStep<Service>)
  /** A service is handed over to its engine, which rolls by itself. */
  | ({
      readonly kind: 'hand-over'
      /** The images that the engine had seen done for the serving release; null where the ledger has none. */
      readonly before: Images | null
      /** Null where nothing is tried out before: no release is new, or none serves beside which it could be tried. */
      readonly testBed: EngineTestBed | null
      /** The replicas of the serving release are replaced by new ones; their images stay. */
      readonly restart: boolean
      /** True if visitors are on another side all the time, so that nothing has to be taken back here. */
      readonly unvisited: boolean
    } & ServiceStep<EngineService>)
  /** Going back from a release whose two-phase migration is open. */
  | ({ readonly kind: 'roll-back-migration' } & EndOfMigration)
  /** The front door is asked if it serves the release. */
  | ({ readonly kind: 'verify'; readonly id: string } & VerifyRecipe)
  /** The whole environment is watched. */
  | ({ readonly kind: 'bake'; readonly id: string } & BakeRecipe)
  | { readonly kind: 'record-version'; readonly id: string }
  /** The second phase of a two-phase migration. */
  | ({ readonly kind: 'complete-migration'; readonly phase: 'contract' } & EndOfMigration)
  | { readonly kind: 'task'; readonly id: string; readonly command: Command }
  /** A hook of the release before or after the steps of an id or a kind. */
  | {
      readonly kind: 'hook'
      readonly id: string
      readonly command: Command
      readonly when: 'before' | 'after'
      readonly beside: string
    }

/** A step that ends a two-phase migration, as the release defines it that started it. */
export interface EndOfMigration {
  readonly id: string
  readonly command: Command
  readonly repeatable: boolean
  /** The release whose migration it is. */
  readonly release: ReleaseId
  /** The deployment that started it. */
  readonly started: number
  /** The commits of the releases that are built on it. */
  readonly knownBy: readonly string[]
}

/** True if a step ends a two-phase migration, one way or the other. */
export const isMigrationEnd = (step: Step): step is Step & EndOfMigration => 'started' in step

/** True if a step that ends a migration completes it, and does not take it back. */
export const completes = (step: Step & EndOfMigration): boolean => 'phase' in step

/** A step that changes a service from one release to another, in whatever way its instances are taken. */
export interface ServiceStep<S extends DeclaredService = DeclaredService> {
  readonly id: string
  readonly service: S
}

/** Shows the maintenance page, or takes it off. */
export interface MaintenanceStep {
  readonly kind: 'open-maintenance' | 'close-maintenance'
  readonly id: string
  readonly maintenance: MaintenanceRecipe
  /** Addresses and networks that see the application meanwhile. */
  readonly allow: readonly string[]
  /** True if visitors must not meet both releases; left out where they may. */
  readonly apart?: true
}

/** A part of stepping aside: visitors go to the stand-in, people look at home, visitors come back. */
export interface DetourStep {
  readonly kind: 'open-detour' | 'join-detour' | 'inspect' | 'close-detour'
  readonly id: string
  readonly detour: StepAside
  /** The end that a person chose who closes it by name; left out in a deployment that ends it itself. */
  readonly named?: NamedEnd
}

/** The side that changes gets a copy of the other's database, and writers wait from then on until visitors move. */
export interface CopyOverStep {
  readonly kind: 'copy-over'
  readonly id: string
  readonly copies: OwnDatabases
  /** Its services are those of the side that visitors are on. */
  readonly over: MoveOver
  readonly to: DetourSide
}

/** Visitors move to the side that has the release. The side that they leave stays as it is. */
export interface MoveOverStep {
  readonly kind: 'move-over'
  readonly id: string
  /** Its services are those of the side that visitors leave. */
  readonly moving: MoveOver
  readonly to: DetourSide
  /** Left out where both sides have one database, or none. */
  readonly own?: OwnMove
}

/** A move between two databases. */
export interface OwnMove {
  readonly copies: OwnDatabases
  /** True if it goes back to a side whose database is as visitors left it. */
  readonly back: boolean
  /** True if what was written since the switch may be lost. */
  readonly accepts: boolean
}

export type HookKind = 'configure-broker' | 'pre-deploy' | 'pre-configure' | 'post-configure' | 'post-deploy'
export interface HookStep {
  readonly kind: HookKind
  readonly id: string
  readonly command: Command
}
export type StepKind = Step['kind']
/** The steps of one kind. */
export type StepOf<Kind extends StepKind> = Kind extends HookKind
  ? HookStep
  : Kind extends MaintenanceStep['kind']
    ? MaintenanceStep
    : Kind extends DetourStep['kind']
      ? DetourStep
      : Extract<Step, { kind: Kind }>
export type RollStep = Extract<Step, { kind: 'roll-services' }>
export type HandOverStep = Extract<Step, { kind: 'hand-over' }>

/** A step that runs once, and is not rolled over instances. */
export type SingleStep = Exclude<Step, RollStep>

/** True if a step rolls a service over its instances: such a step is observed and rolled, all others run once. */
export const isRoll = (step: Step): step is RollStep => step.kind === 'roll-services'

/** True if a step hands a service over to its engine. */
export const isHandOver = (step: Step): step is HandOverStep => 'service' in step && isOnEngine(step.service)

/** True if a step changes a service; all others are about the environment as a whole. */
export const changesService = (step: Step): step is Step & ServiceStep => 'service' in step

/** The id of the step that rolls a service. */
export const rollId = (service: string): string => `roll-services/${service}`

/** The id of the step that hands a service over to its engine. */
export const handOverId = (service: string): string => `hand-over/${service}`

/** The id of the step that runs a task. */
export const taskId = (name: string): string => `task/${name}`

export const taskName = ({ id }: StepOf<'task'>): string => id.replace(/^task\//, '')
