import type { Past } from '../ledger/past.ts'

/**
 * Returns the history as the database has it: a restore has taken away the migrations since its backup. One that is not
 * known to have ended well took away nothing for sure, so that they count.
 */
export function migrationsKept(history: readonly Past[]): readonly Past[] {
  const restores = history.filter(({ restored }) => restored?.done === true)
  if (restores.length === 0) return history
  return history.map((past) => (isTakenAway(past, restores) ? { ...past, migrated: null } : past))
}

const isTakenAway = ({ number }: Past, restores: readonly Past[]): boolean =>
  restores.some(
    (restore) => number < restore.number && number >= (restore.restored?.deployment ?? number + 1),
  )

/** Returns a restore that began after the last migration, and is not known to have ended well; null without one. */
export const doubtfulRestore = (history: readonly Past[], migratedLast: number): Past | null =>
  history.find(({ number, restored }) => number > migratedLast && restored?.done === false) ?? null
