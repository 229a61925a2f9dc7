import type { Command } from '../config/command.ts'
import type { SuspendedCronJobs } from '../engine/cron-jobs.ts'
import type { Failure } from '../question/decision.ts'
import type { Release } from '../release/release.ts'
import type { Step } from './step.ts'

/** The properties of a step's kind. `traitsOf` returns those of a step. */
export interface Traits<S extends Step = Step> {
  /** The deed in words, for the approver. */
  what(step: S): string
  /** True if users may notice it. */
  readonly impact: boolean
  /** True if running it twice is harmless, so that a resumed deployment may repeat it without asking. */
  repeatable(step: S): boolean
  readonly files: StepFiles
  /** The time of a question about it without a failure: `during` one, the step has made its own looks before. */
  asks(step: S): 'never' | 'before' | 'during'
  /**
   * The saves of the ledger around it. `before`: for steps that must not run twice, and for changes of a
   * lease. `before-and-after`: a next run that did not know its end would repeat it, beside later steps that
   * have begun.
   */
  readonly save: 'none' | 'before' | 'before-and-after'
  undo(step: S, plan: Undoing): Undo
  /**
   * The part of a way back that its undo is: of what has begun; `restored`: the database comes back to where visitors left
   * it; `inspected`: people look at the older release, once its services are back. The latter two need no beginning.
   */
  readonly undoneWhere: 'begun' | 'restored' | 'inspected'
  /** True if running its undo twice is harmless, so that a resumed deployment may repeat it without asking. */
  repeatsUndo(step: S): boolean
  /**
   * `end`: nothing has changed yet. `take-back`: undo the changes, then end. `ask`: stop for a person.
   * `note`: the release serves already, so the failure is reported and the deployment continues.
   */
  readonly onFailure: 'end' | 'take-back' | 'ask' | 'note'
  /** True if its failure takes the deployment back unasked, where that can be done. */
  turnsBack(step: S, failure: Failure): boolean
  /** True if its success is part of the proof of a release: a person who counts it as done proves nothing. */
  readonly proves: boolean
  /** The sentence by which it counts as destructive, whatever its command is; null where only the command can. */
  readonly destroys: string | null
  /**
   * The world that has a use for it: any, one with a serving release, with a new schema, one of which the config wants
   * visitors kept away, without its migration, one whose schema is changed, or where its service is named.
   */
  readonly neededWhere:
    | 'always'
    | 'serving'
    | 'new-schema'
    | 'maintained'
    | 'not-started'
    | 'migrating'
    | 'named'
  /** The reason why no person may count it as done, in the words of the question; null if a person may. */
  readonly notForcible: string | null
  /** The meaning of counting it as done, for the person who decides. */
  readonly whenForced: string
  /**
   * The effect of a stopped run on it. `take-back`: that run undoes it, or the next one does. `keep-all`:
   * once it has begun, nothing is undone any more, and the deployment is left for a run that can finish it.
   */
  readonly whenStopped: 'nothing' | 'take-back' | 'keep-all'
  /** Its parts in leases: none for most steps. */
  readonly brackets: readonly Bracket<S>[]
  /**
   * The field of the ledger that it sets, its lease apart: the release that instances should follow, the one that serves,
   * the migration that is open, the detour, which one step opens and another one ends, or the failed homes.
   */
  readonly remembers:
    | 'nothing'
    | 'desired'
    | 'serving'
    | 'migration'
    | 'detour'
    | 'detour-joined'
    | 'detour-end'
    | 'failed-home'
    | 'side'
    | 'pair'
}

/**
 * The files that its command needs: none; those of the planned or of the serving release; `named`: those of the release
 * that the step names; `made`: it makes files in the checkout, and a run with a checkout of its own has to make them
 * again; `fleet`: those of the planned release, where the fleet of its service takes any from the checkout.
 */
export type StepFiles = 'none' | 'made' | 'planned' | 'fleet' | 'serving' | 'named'

/** The part of a plan that an undo depends on. */
export interface Undoing {
  readonly from: Release | null
  readonly release: Release
  readonly steps: readonly Step[]
}

/** The undo of a step. `cannot`: its effect stays. `nowhere`: there is no release to restore. */
export type Undo =
  | { readonly kind: 'nothing-to-undo' }
  | { readonly kind: 'by'; readonly words: string }
  | { readonly kind: 'cannot'; readonly words: string }
  /** It is gone with the whole database, where that is brought back. */
  | { readonly kind: 'with-database'; readonly words: string }
  | { readonly kind: 'nowhere'; readonly words: string }

export type LeaseKind = 'scheduler' | 'maintenance'

/** The part of a step in a lease that one step takes and a later one gives back. */
export type Bracket<S extends Step = Step> =
  | { readonly part: 'opens'; readonly lease: LeaseKind; terms(step: S): LeaseTerms }
  /** It needs the lease. `pins`: while it has begun and not succeeded, only a person may give the lease back. */
  | { readonly part: 'needs'; readonly lease: LeaseKind; readonly who: string; readonly pins: boolean }
  | { readonly part: 'closes'; readonly lease: LeaseKind }

/** The way to give a lease back: a command, or the CronJobs that are to be resumed. */
export type GiveBack = Command | SuspendedCronJobs

export const isOfCronJobs = (giveBack: GiveBack): giveBack is SuspendedCronJobs => 'active' in giveBack

/** The duration of a lease, in milliseconds, and the way to give it back. */
export interface LeaseTerms {
  readonly lasts: number
  readonly giveBack: GiveBack
}
