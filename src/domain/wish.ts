import type { EnvironmentPolicy, Recipe } from './config.ts'
import type { Ledger } from './ledger.ts'
import type { Relation, Release } from './release.ts'
import type { Snapshot } from './snapshot.ts'

/** Everything that a plan is made from. Nothing else is looked at. */
export interface Wish {
  readonly wanted: 'deploy' | 'rollback'
  readonly release: Release
  /** What GitHub holds of the release. */
  readonly snapshot?: Snapshot
  /** How the release stands to what serves, and how many commits lie between. */
  readonly relation: Relation
  readonly commits: number
  readonly recipe: Recipe
  readonly policy: EnvironmentPolicy
  readonly ledger: Ledger
  /** Deploy again what serves already. */
  readonly redeploy: boolean
  /** Said by whoever knows what it means. */
  readonly acknowledged: { readonly older: boolean; readonly dataLoss: boolean }
}
