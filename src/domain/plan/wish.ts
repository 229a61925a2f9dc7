import type { EnvironmentPolicy, Recipe } from '../config/config.ts'
import type { Ledger } from '../journal/ledger.ts'
import type { Compatibility } from '../release/compatibility.ts'
import type { ConfigThere } from '../release/feasibility.ts'
import type { Rehearsal } from '../release/rehearsal.ts'
import type { Relation, Release, Wanted } from '../release/release.ts'
import type { Snapshot } from '../release/snapshot.ts'
import type { Verification } from '../release/verification.ts'
import type { Timetable } from '../schedule/freeze.ts'
import type { FreezeOverride, Overridden } from '../schedule/freeze-words.ts'
import type { Schedule } from '../schedule/schedule.ts'
import type { FilesThere } from './files-there.ts'

/** Everything that a plan is made from. Nothing else is looked at. */
export interface Wish {
  readonly wanted: Wanted
  readonly release: Release
  /** GitHub's view of the release. */
  readonly snapshot?: Snapshot
  /** The relation of the release to the serving one, and the number of commits between. */
  readonly relation: Relation
  readonly commits: number
  readonly recipe: Recipe
  readonly policy: EnvironmentPolicy
  readonly ledger: Ledger
  /** The services to restart, by name; none for all. */
  readonly services?: readonly string[]
  /** The task to run, by name. */
  readonly task?: string
  /** True if a release of another base version may come, and change the base. */
  readonly changeBase?: boolean
  /** True if all data is recreated, in place of the migration. */
  readonly reset?: boolean
  /** The typed confirmation. */
  readonly confirm?: string
  /** Deploy again what serves already. */
  readonly redeploy: boolean
  /** The acknowledgements of the person who asks. */
  readonly acknowledged: { readonly older: boolean; readonly dataLoss: boolean }
  readonly timetable: Timetable
  readonly override: FreezeOverride | null
  /** The holds that the approved plan had overridden. */
  readonly overriddenBefore: Overridden | null
  /** The proof from another environment, if the policy asks for one; null otherwise. */
  readonly verification: Verification | null
  /** The rehearsal of the rollback, if the policy asks for one; null otherwise. */
  readonly rehearsal?: Rehearsal | null
  /**
   * The result of checks in other environments on going back to the serving release; left out or null without
   * one.
   */
  readonly compatibility?: Compatibility | null
  /** The config of the later rollback target, compared with this one; null if it was not read. */
  readonly configBack: ConfigThere | null
  /** The schedule that asks for it; left out where a person does so now. */
  readonly schedule?: Schedule
  /** The facts about the files that the commands of its steps name; left out if they name none. */
  readonly files?: FilesThere
}
