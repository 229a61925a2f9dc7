import type { Plan } from '../plan/plan.ts'
import { previousRelease } from './history.ts'
import type { Ledger } from './ledger.ts'

/**
 * Returns the commits of the releases that instances must not lose: those of the deployment, the serving one, and those
 * that a rollback goes to now or afterwards.
 */
export function neededReleases(
  { release, from, wayBack }: Pick<Plan, 'release' | 'from' | 'wayBack'>,
  { serving, history }: Pick<Ledger, 'serving' | 'history'>,
): readonly string[] {
  const needed = [release, from, serving?.release, wayBack?.release, previousRelease(history)]
  return [...new Set(needed.flatMap((one) => (one == null ? [] : [one.sha])))]
}
