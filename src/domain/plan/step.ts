import type {
  ApprovalRule,
  BuildRecipe,
  Command,
  MigrationPhase,
  SchedulerRecipe,
  Service,
} from '../config/config.ts'

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
  | { readonly kind: HookKind; readonly id: string; readonly command: Command }
  | { readonly kind: 'suspend-scheduler'; readonly id: string; readonly scheduler: SchedulerRecipe }
  | { readonly kind: 'deploy-scheduler'; readonly id: string; readonly command: Command }
  | {
      readonly kind: 'migrate'
      readonly id: string
      readonly command: Command
      readonly phase: MigrationPhase
      readonly repeatable: boolean
    }
  /** The command is that of the release that serves now. */
  | { readonly kind: 'check-compatibility'; readonly id: string; readonly command: Command }
  | { readonly kind: 'resume-scheduler'; readonly id: string; readonly command: Command }
  | {
      readonly kind: 'roll-services'
      readonly id: string
      readonly service: Service
      /** Instances at once, at most. */
      readonly width: number
      /** Instances that stay available, at least. */
      readonly floor: number
      /** The instances that are changed alone and watched before the others; none where nothing is tried out. */
      readonly testBed: readonly string[]
      /** Instances that an earlier deployment left unfinished. */
      readonly unfinished: readonly string[]
      /** As they will be taken when every instance is up and none serves the release yet. */
      readonly batches: readonly (readonly string[])[]
      /** Makes the file that its hosts get, where the file is not here; null where none is brought, or built. */
      readonly build: BuildRecipe | null
      /** The serving release is stopped and started again, each instance once; nothing is installed. */
      readonly restart: boolean
    }
  | { readonly kind: 'record-version'; readonly id: string }
  | { readonly kind: 'task'; readonly id: string; readonly command: Command }

export type HookKind = 'configure-broker' | 'pre-deploy' | 'pre-configure' | 'post-configure' | 'post-deploy'
export type StepKind = Step['kind']
export type RollStep = Extract<Step, { kind: 'roll-services' }>

/** A step that runs once, and is not rolled over instances. */
export type SingleStep = Exclude<Step, RollStep>

/** True if a step rolls a service over its instances: such a step is observed and rolled, all others run once. */
export const isRoll = (step: Step): step is RollStep => step.kind === 'roll-services'

export interface Traits {
  /** The deed in words, for the approver. */
  readonly what: string
  /** True if users may notice it. */
  readonly impact: boolean
  /** True if running it twice is harmless, so that a resumed deployment may repeat it without asking. */
  readonly repeatable: boolean
  /** The way to undo it, or the reason why there is none. */
  readonly undo:
    | { readonly kind: 'nothing-to-undo' }
    | { readonly kind: 'by'; readonly words: string }
    | { readonly kind: 'cannot'; readonly words: string }
  /**
   * `end`: nothing has changed yet. `take-back`: undo what was done, then end. `ask`: stop for a person.
   * `note`: the release serves already, so the failure is reported and the rest goes on.
   */
  readonly onFailure: 'end' | 'take-back' | 'ask' | 'note'
  /** The release in whose files its command runs, which is the release that defines the command. */
  readonly files: 'planned' | 'serving'
}

const nothingToUndo = { kind: 'nothing-to-undo' } as const
const cannot = (words: string) => ({ kind: 'cannot', words }) as const
const by = (words: string) => ({ kind: 'by', words }) as const

/** The standard order of a deployment, and what each kind of step is like. */
export const traits: { readonly [Kind in StepKind]: Traits } = {
  source: {
    what: 'check that the release is what is checked out',
    impact: false,
    repeatable: true,
    undo: nothingToUndo,
    onFailure: 'end',
    files: 'planned',
  },
  approve: {
    what: 'check who approved',
    impact: false,
    repeatable: true,
    undo: nothingToUndo,
    onFailure: 'end',
    files: 'planned',
  },
  build: {
    what: 'build the artifact, unless it exists',
    impact: false,
    repeatable: true,
    undo: nothingToUndo,
    onFailure: 'end',
    files: 'planned',
  },
  'configure-broker': {
    what: 'set vhosts, users and permissions of the broker',
    impact: true,
    repeatable: false,
    undo: cannot('the broker keeps its new settings'),
    onFailure: 'ask',
    files: 'planned',
  },
  'pre-deploy': {
    what: 'run the hook of the release that serves now',
    impact: true,
    repeatable: false,
    undo: cannot('what the hook did stays done'),
    onFailure: 'ask',
    files: 'serving',
  },
  'suspend-scheduler': {
    what: 'let no new job start, and wait until none runs',
    impact: true,
    repeatable: true,
    undo: by('resuming the scheduler'),
    onFailure: 'take-back',
    files: 'planned',
  },
  'pre-configure': {
    what: 'run the hook before the migration',
    impact: false,
    repeatable: false,
    undo: cannot('what the hook did stays done'),
    onFailure: 'take-back',
    files: 'planned',
  },
  'deploy-scheduler': {
    what: 'bring the new scheduler, still paused',
    impact: true,
    repeatable: true,
    undo: by('bringing the previous scheduler back'),
    onFailure: 'take-back',
    files: 'planned',
  },
  migrate: {
    what: 'migrate the database',
    impact: true,
    repeatable: false,
    undo: cannot('a migrated database stays migrated'),
    onFailure: 'ask',
    files: 'planned',
  },
  'check-compatibility': {
    what: 'run the checks of the release that serves now on the migrated database',
    impact: false,
    repeatable: true,
    undo: nothingToUndo,
    onFailure: 'ask',
    files: 'serving',
  },
  'resume-scheduler': {
    what: 'let the scheduler start jobs again',
    impact: true,
    repeatable: true,
    undo: nothingToUndo,
    onFailure: 'ask',
    files: 'planned',
  },
  'roll-services': {
    what: 'change the instances, batch by batch',
    impact: true,
    repeatable: true,
    undo: by('rolling the changed instances back'),
    onFailure: 'ask',
    files: 'planned',
  },
  'record-version': {
    what: 'record that the environment serves this release',
    impact: false,
    repeatable: true,
    undo: nothingToUndo,
    onFailure: 'ask',
    files: 'planned',
  },
  task: {
    what: 'run the task of the release that serves',
    impact: true,
    repeatable: false,
    undo: cannot('what the task did stays done'),
    onFailure: 'ask',
    files: 'planned',
  },
  'post-configure': {
    what: 'run the hook after the rollout',
    impact: false,
    repeatable: false,
    undo: cannot('what the hook did stays done'),
    onFailure: 'note',
    files: 'planned',
  },
  'post-deploy': {
    what: 'run the last hook',
    impact: false,
    repeatable: false,
    undo: cannot('what the hook did stays done'),
    onFailure: 'note',
    files: 'planned',
  },
}

/** Returns true if a resumed deployment may repeat a step that may or may not have finished. */
export const repeatable = (step: Step): boolean =>
  step.kind === 'migrate' ? step.repeatable : traits[step.kind].repeatable
