import type { StepKind } from '../step/step.ts'

/** The relation of a standard step to a mode: null if the mode has the step. */
export type Omission =
  /** The plan names the step as left out, with the reason. */
  | { readonly kind: 'left-out'; readonly reason: string }
  /** The step has nothing to do with the mode, and the plan does not name it. */
  | { readonly kind: 'unrelated' }
  | null

/** The names in the title of a deployment, as they are to be shown. */
export interface TitleNames {
  readonly release: string
  readonly environment: string
  /** The task that is run, or the backup that is restored; unused where there is neither. */
  readonly task: string
}

/** Everything that depends on the mode of a deployment. */
export interface ModeTraits {
  /** `Deploy v1.2.0 to production` */
  readonly title: (names: TitleNames) => string
  /**
   * True if it brings a release, so that its outcome counts for that release. Other modes keep the serving
   * release: they prove nothing about it, supersede nothing, and are no target of a rollback.
   */
  readonly bringsRelease: boolean
  /** True if it takes the environment on to a release, which is then tried out and may be older by mistake. */
  readonly goesForward: boolean
  /** True if it takes the environment back to a release that served before. */
  readonly goesBack: boolean
  /** True if it brings the database back to a backup: what was written since is lost. */
  readonly restores: boolean
  /** True if it works with the release that serves already, which no block and no later finding takes away. */
  readonly findsServing: boolean
  /** True if the tag of its release must still exist. Otherwise the commit, which the ledger has, is enough. */
  readonly needsTag: boolean
  /** The release that it takes: the named one, the one that served before, the one of a backup, or the serving one. */
  readonly target: 'named' | 'before' | 'backup' | 'serving'
  /** Tells why it leaves out a step of the standard order, if it does. */
  readonly omits: (kind: StepKind) => Omission
  /** The part of the config that it needs, or the open migration or detour; null if it needs none. */
  readonly needs: 'scheduler' | 'build' | 'maintenance' | 'backup' | 'migration' | 'detour' | null
  /** True if visitors see the maintenance page whatever is migrated, where the config has one. */
  readonly shutsOut: boolean
  /** The way of rolling services: each instance gets the release, or is only restarted; null without a roll. */
  readonly rolls: 'release' | 'restart' | null
  /** True if some instances are changed alone first and watched. */
  readonly testBed: boolean
  /** True if a policy may ask for proofs from other environments: `verified-in`, `rehearsed-in`. */
  readonly mustBeProven: boolean
  /** True if a policy may refuse its release for the way it was made: without a manifest, or as a prerelease. */
  readonly mustBeMadeWell: boolean
  /** True if a missing file of a command is a refusal. Otherwise an earlier deployment brought the file. */
  readonly mustHaveFiles: boolean
  /** True if it changes the environment, so that it needs the lock, a number, a record, and the absence of a freeze. */
  readonly changesEnvironment: boolean
  /** True if it waits for a maintenance window. */
  readonly waitsForWindow: boolean
  /** The things that hold it between two changes: signals and people, people alone, or nothing, as it goes back. */
  readonly heldBy: 'signals' | 'people' | 'nothing'
  /** The effect of its success on an open issue: only instances that prove themselves close it. */
  readonly success: 'closes' | 'follows' | 'nothing'
}
