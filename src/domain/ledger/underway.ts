import type { Command } from '../config/command.ts'
import type { CompatibilityRecipe } from '../config/compatibility-recipe.ts'
import type { BuildRecipe } from '../config/recipe.ts'
import type { Journal } from '../journal/journal.ts'
import type { Plan } from '../plan/plan.ts'
import type { Run } from '../release/release.ts'

/** The parts that a release hands on to the next deployment, which runs them as this release defines them. */
export interface HandedOn {
  readonly preDeploy: Command | null
  /** Builds the release's file for hosts again, if a host has lost it; null without one. */
  readonly build: BuildRecipe | null
  /** The checks of the release on the next one. */
  readonly checkCompatibility: CompatibilityRecipe | null
  /** True if the release works on a database that refuses writes; left out where it does not say so. */
  readonly readOnly?: true
  /** False if the release and the one before must not serve together; left out where it does not say so. */
  readonly compatible?: false
}

/** The open deployment, and the parts that its release hands on once it serves. */
export interface Underway extends HandedOn {
  readonly number: number
  readonly plan: Plan
  readonly journal: Journal
  /** The run that works on it; none while it waits for a person or was left by its run. */
  readonly holder: Run | null
  readonly record: number | null
}

/** Returns true if something has changed, or may have: the record is opened just before that. */
export const hasBegun = ({ record }: Pick<Underway, 'record'>): boolean => record !== null
