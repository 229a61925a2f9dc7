import type { EnvironmentPolicy } from '../config/policy.ts'
import type { Recipe } from '../config/recipe.ts'
import type { PlannedManifest } from '../engine/manifests.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Compatibility } from '../release/compatibility.ts'
import type { ConfigThere } from '../release/feasibility.ts'
import type { Rehearsal } from '../release/rehearsal.ts'
import type { Relation, Release } from '../release/release.ts'
import type { Snapshot } from '../release/snapshot.ts'
import type { Verification } from '../release/verification.ts'
import type { Timetable } from '../schedule/freeze.ts'
import type { FreezeOverride, Overridden } from '../schedule/freeze-words.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { Signals } from '../signal/signal.ts'
import type { FilesThere } from './files-there.ts'
import type { Undertaking } from './undertaking.ts'

/** Everything that a plan is made from. Nothing else is looked at. */
export interface Wish {
  readonly undertaking: Undertaking
  readonly world: World
  readonly confirmations: Confirmations
}

/** Everything that was read for a plan. */
export interface World {
  readonly release: Release
  /** GitHub's view of the release; null if it was not read. */
  readonly snapshot: Snapshot | null
  /** The relation of the release to the serving one, and the number of commits between. */
  readonly relation: Relation
  readonly commits: number
  readonly recipe: Recipe
  readonly policy: EnvironmentPolicy
  readonly ledger: Ledger
  readonly timetable: Timetable
  readonly proofs: Proofs
  /** The signals of the environment, as far as they are read before an approval. */
  readonly signals: Signals
  /** The config of the later rollback target, compared with this one; null if it was not read. */
  readonly configBack: ConfigThere | null
  /** The facts about the files that the commands of its steps name; null if they name none. */
  readonly files: FilesThere | null
  /** The manifests that its steps apply. */
  readonly manifests: readonly PlannedManifest[]
  /** The schedule that the deployment begins; null if a person asks now. */
  readonly schedule: Schedule | null
}

/** The proofs of a release from other environments; null for one that the policy does not ask for. */
export interface Proofs {
  readonly verification: Verification | null
  readonly rehearsal: Rehearsal | null
  /** The result of checks in other environments on a rollback to the serving release. */
  readonly compatibility: Compatibility | null
}

/** The words of people that let a plan pass. */
export interface Confirmations {
  /** The typed confirmation; empty without one. */
  readonly words: string
  readonly override: FreezeOverride | null
  /** The holds that the approved plan had overridden. */
  readonly overriddenBefore: Overridden | null
}
