import type { Backup } from '../backup/backup.ts'
import type { MigrationPhase } from '../config/recipe.ts'
import type { Outcome } from '../journal/outcome.ts'
import type { Mode } from '../plan/undertaking.ts'
import type { Decision } from '../question/decision.ts'
import type { CompatibilityCheck } from '../release/compatibility-check.ts'
import type { Override } from '../release/override.ts'
import type { Release, ReleaseId } from '../release/release.ts'
import type { Overridden } from '../schedule/freeze-words.ts'
import type { PlannedFor } from '../schedule/schedule.ts'

/** The most ended deployments that a ledger remembers. */
export const rememberedDeployments = 100

/** A deployment that has ended. */
export interface Past {
  readonly number: number
  readonly mode: Mode
  readonly release: Release
  readonly from: Release | null
  readonly outcome: Outcome
  readonly startedAt: string
  readonly endedAt: string
  readonly by: readonly string[]
  readonly run: string
  readonly record: number | null
  /** The phase of the migration that ran, or may have run, in it. */
  readonly migrated: MigrationPhase | null
  /** True if that migration succeeded, or a person counted it as done. */
  readonly migrationDone: boolean
  /** Its part in a two-phase migration; null without one. */
  readonly migration: MigrationPart | null
  /** The backup that it made before its migration; null without one. */
  readonly backup: Backup | null
  /** The backup that it restored, or may have; null where it restored none. */
  readonly restored: RestoredBackup | null
  /** True if a reset took the place of the migration: the schema of before is gone, whatever it was. */
  readonly reset: boolean
  /** The result of `from`'s checks on the migrated database; null if they did not run to an end. */
  readonly compatibility: CompatibilityCheck | null
  /** The result of `from`'s checks against the first new instance; null if they did not run to an end. */
  readonly instanceCheck: CompatibilityCheck | null
  /** The freezes that it overrode. */
  readonly overridden: readonly Overridden[]
  /** SHA-256 of the files that it brought to hosts, by their paths. */
  readonly artifacts: Readonly<Record<string, string>>
  /** The outputs of its build, as it froze them. */
  readonly outputs: Readonly<Record<string, string>>
  /** The decisions in it, in order. */
  readonly decisions: readonly PastDecision[]
  /** The person who overrode the proof of the policy, and the reason; null without an override. */
  readonly override: Override | null
  /** The person who overrode the rehearsal that the policy asks for, and the reason; null without an override. */
  readonly overrideRehearsed: Override | null
  /** The person who let it through while a signal halted, and the reason; null without one. */
  readonly overrideHalt: Override | null
  /** True if its release says that it and the one before must not serve together. */
  readonly apart: boolean
  /** The reason why going back was not safe, acknowledged at the start; null without one. */
  readonly unsafe: string | null
  /** The newer release that served before, where an older one was deployed over it; null for any other. */
  readonly older: string | null
  /** The steps that it was about; none where it was about its release. */
  readonly subject: readonly string[]
  /** The confirmations at the start. */
  readonly confirmed: readonly string[]
  /** The schedule that started it, and the milliseconds after its time; null where a person started it. */
  readonly schedule: (PlannedFor & { readonly late: number }) | null
}

/** A backup that a deployment restored. */
export interface RestoredBackup extends Backup {
  /** False if the restore began, and is not known to have ended well. */
  readonly done: boolean
}

/** The part that an ended deployment had in a two-phase migration. */
export interface MigrationPart {
  readonly part: 'started' | 'completed' | 'rolled-back'
  /** False if a command of it began, and is not known to have ended well. */
  readonly done: boolean
  /** The deployment that started it. */
  readonly started: number
  readonly release: ReleaseId
  /** The commits of the releases that are built on it. */
  readonly knownBy: readonly string[]
}

/** The ended deployments of an environment, newest first. */
export interface Remembered {
  readonly environment: string
  readonly history: readonly Past[]
}

/** A person's answer in a deployment that has ended. */
export interface PastDecision {
  readonly decision: Decision
  readonly by: string
  readonly reason: string
  readonly at: string
}
