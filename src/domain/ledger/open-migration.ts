import type { Command } from '../config/command.ts'
import type { ReleaseId, Run } from '../release/release.ts'

/** A two-phase migration that was started, and neither completed nor rolled back. */
export interface OpenMigration {
  /** The release that started it, whose commands end it. */
  readonly release: ReleaseId & { readonly schemaVersion: string | null }
  /** The deployment that started it. */
  readonly deployment: number
  /** The end of its start, from which its soak counts; the beginning until then. */
  readonly since: string
  /** Any state but `open` says that a command has begun, and is not known to have ended well. */
  readonly state: 'starting' | 'open' | 'completing' | 'rolling-back'
  readonly complete: Command
  readonly rollback: Command
  readonly repeatable: boolean
  readonly completeAfter: number | null
  /** The commits of releases that were built on it: its own, and those deployed as newer ones while it was open. */
  readonly knownBy: readonly string[]
  /** The run that the clock handed it to, and the number of such runs; null before the first. */
  readonly handed: { readonly run: Run; readonly times: number } | null
  /** The person who rejected such a run: the clock does not ask again. */
  readonly declined: { readonly by: string; readonly why: string } | null
}

/** The part of a ledger that tells of it. */
export interface Migrating {
  readonly migration: OpenMigration | null
}

/** True if a release was built on the migration, so that it works after its completion and not without its start. */
export const knows = (
  { knownBy }: Pick<OpenMigration, 'knownBy'>,
  { sha }: Pick<ReleaseId, 'sha'>,
): boolean => knownBy.includes(sha)

/** Returns the migration that a way to a release takes back with the tool's own rollback; null without one. */
export const takenBackBy = (
  { migration }: Migrating,
  target: Pick<ReleaseId, 'sha'>,
): OpenMigration | null =>
  migration === null || migration.state === 'completing' || knows(migration, target) ? null : migration

/** True if a release needs no start of its own: the open migration is its own, or has brought its schema. */
export const isStarted = (
  { release, state }: OpenMigration,
  { sha, schemaVersion }: Pick<OpenMigration['release'], 'sha' | 'schemaVersion'>,
): boolean =>
  state === 'open' &&
  (release.sha === sha || (schemaVersion !== null && schemaVersion === release.schemaVersion))

/** The time from which the clock may ask to complete a migration; null where a person does. */
export const soakedAt = ({ since, completeAfter }: OpenMigration): string | null =>
  completeAfter === null ? null : new Date(Date.parse(since) + completeAfter).toISOString()

/** The reason why a way back across it is safe. */
export const openInWords = ({ release: { tag }, deployment }: OpenMigration): string =>
  `the migration of ${tag} (deployment ${deployment}) is open, and going back runs its rollback`
