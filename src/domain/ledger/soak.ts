import type { ReleaseId, Run } from '../release/release.ts'
import type { Ledger } from './ledger.ts'
import { knows, type OpenMigration, soakedAt } from './open-migration.ts'
import { describeOpen } from './underway-words.ts'

/** The state of the run that the completion of a migration was handed to. */
export type HandedCompletion =
  | 'none'
  | 'live'
  | 'over'
  | { readonly rejectedBy: string; readonly why: string }

/** The turn of a clock with an open migration. */
export type SoakTurn =
  | { readonly kind: 'nothing' }
  /** Its soak is over, and it waits. */
  | { readonly kind: 'waits'; readonly why: string }
  /** A reviewer rejected its run: from now on only a person completes it. */
  | { readonly kind: 'declined'; readonly by: string; readonly why: string }
  | { readonly kind: 'due'; readonly release: ReleaseId }

/** Runs that may end without having completed a migration, before it is left to a person. */
const mostRuns = 3

/** True if a clock has to do with the completion of a migration now. */
export const hasSoaked = ({ migration }: Pick<Ledger, 'migration'>, now: Date): boolean => {
  const at = migration === null ? null : soakedAt(migration)
  return at !== null && Date.parse(at) <= now.getTime() && !isLeft(migration)
}

/** A migration whose completion began is in doubt, and the clock asks no further. */
const isLeft = (migration: OpenMigration | null): boolean =>
  migration === null || migration.state !== 'open' || migration.declined !== null

/** Returns the turn of a clock. `frozen`: the words of a freeze or a closed window; null where none holds it. */
export function soakTurn(
  ledger: Ledger,
  now: Date,
  handed: HandedCompletion,
  frozen: string | null,
): SoakTurn {
  const { migration, serving, deployment, environment } = ledger
  if (migration === null || serving === null || !hasSoaked(ledger, now)) return { kind: 'nothing' }
  if (typeof handed === 'object') return { kind: 'declined', by: handed.rejectedBy, why: handed.why }
  if (handed === 'live')
    return { kind: 'waits', why: 'a run is to complete it, and waits for its approval or is just beginning' }
  if (deployment !== null) return { kind: 'waits', why: describeOpen(deployment, environment) }
  const { tag, sha } = serving.release
  if (!knows(migration, serving.release))
    return { kind: 'waits', why: `${tag} serves, and is not built on it` }
  if (frozen !== null) return { kind: 'waits', why: frozen }
  return (migration.handed?.times ?? 0) === mostRuns
    ? { kind: 'nothing' }
    : { kind: 'due', release: { tag, sha } }
}

/** Returns the ledger with the completion handed to a run. */
export function withCompletionHanded(ledger: Ledger, run: Run): Ledger {
  const { migration } = ledger
  if (migration === null) return ledger
  return {
    ...ledger,
    migration: { ...migration, handed: { run, times: (migration.handed?.times ?? 0) + 1 } },
  }
}

/** Returns the ledger with the completion left to a person. */
export const withCompletionDeclined = (ledger: Ledger, by: string, why: string): Ledger =>
  ledger.migration === null
    ? ledger
    : { ...ledger, migration: { ...ledger.migration, declined: { by, why } } }

/** The ID by which a run begins the completion, in the place of a schedule's: `m7` for the migration of deployment 7. */
export const completionId = ({ deployment }: Pick<OpenMigration, 'deployment'>): string => `m${deployment}`
