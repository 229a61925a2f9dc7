import type { StepKind } from './step.ts'

/** How a step of the standard order stands to a mode: null where it belongs to it. */
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
  /** The task that is run; unused where none is. */
  readonly task: string
}

/** Everything that depends on the mode of a deployment. */
export interface ModeTraits {
  /** `Deploy v1.2.0 to production` */
  readonly title: (names: TitleNames) => string
  /**
   * True if it brings a release, so that how it ended says something of that release. The others find one serving and
   * leave it serving: they are no proof of it, nothing is superseded by them, and no rollback goes over them.
   */
  readonly bringsRelease: boolean
  /** True if it takes the environment on to a release, which is then tried out and may be older by mistake. */
  readonly goesForward: boolean
  /** True if it takes the environment back to a release that served before. */
  readonly goesBack: boolean
  /** True if it works with the release that serves already, which no block and no later finding takes away. */
  readonly findsServing: boolean
  /** True if the tag of its release must still exist. Otherwise the commit, which the ledger has, is enough. */
  readonly needsTag: boolean
  /** The release that it takes: the one that is named, the one that served before, or the one that serves. */
  readonly target: 'named' | 'before' | 'serving'
  /** Tells why it leaves out a step of the standard order, if it does. */
  readonly omits: (kind: StepKind) => Omission
  /** The part of the config without which there is nothing to do; null where there is always something. */
  readonly needs: 'scheduler' | 'build' | null
  /** How it rolls services: each instance gets the release, or is only stopped and started; null where it rolls none. */
  readonly rolls: 'release' | 'restart' | null
  /** True if some instances are changed alone first and watched. */
  readonly testBed: boolean
  /** True if a policy may ask for proofs from other environments: `verified-in`, `rehearsed-in`. */
  readonly mustBeProven: boolean
  /** True if a policy may refuse its release for the way it was made: without a manifest, or as a prerelease. */
  readonly mustBeMadeWell: boolean
  /** True if it is refused where the release lacks a file that a command names. Otherwise something brought it before. */
  readonly mustHaveFiles: boolean
  /** True if it changes the environment, so that it needs the lock, a number, a record, and the absence of a freeze. */
  readonly changesEnvironment: boolean
  /** True if it waits for a maintenance window. */
  readonly waitsForWindow: boolean
  /** How an open issue of the environment takes its success: only instances that prove themselves close it. */
  readonly success: 'closes' | 'follows' | 'nothing'
}
