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
  /** What GitHub holds of the release. */
  readonly snapshot?: Snapshot
  /** How the release stands to what serves, and how many commits lie between. */
  readonly relation: Relation
  readonly commits: number
  readonly recipe: Recipe
  readonly policy: EnvironmentPolicy
  readonly ledger: Ledger
  /** The services to restart, by name; none for all. */
  readonly services?: readonly string[]
  /** The task to run, by name. */
  readonly task?: string
  /** Whether a release of another base version may come, and bring its base. */
  readonly changeBase?: boolean
  /** Whether all data is set up anew, in place of the migration. */
  readonly reset?: boolean
  /** What was typed to confirm it. */
  readonly confirm?: string
  /** Deploy again what serves already. */
  readonly redeploy: boolean
  /** Said by whoever knows what it means. */
  readonly acknowledged: { readonly older: boolean; readonly dataLoss: boolean }
  readonly timetable: Timetable
  readonly override: FreezeOverride | null
  /** What the plan that was approved had overridden. */
  readonly overriddenBefore: Overridden | null
  /** Whether it has proven itself where the policy asks for that; null where nothing does. */
  readonly verification: Verification | null
  /** Whether the way back from it was rehearsed where the policy asks for that; null where nothing does. */
  readonly rehearsal?: Rehearsal | null
  /** What checks elsewhere say of going back from it to what serves; left out or null where none did. */
  readonly compatibility?: Compatibility | null
  /** How the config of the release that one could then go back to stands to this one's; null where it was not read. */
  readonly configBack: ConfigThere | null
  /** The schedule that asks for it; left out where a person does so now. */
  readonly schedule?: Schedule
  /** What is known of the files that the commands of its steps name; left out where they name none. */
  readonly files?: FilesThere
}
