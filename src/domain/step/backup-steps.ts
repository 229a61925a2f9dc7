import { backupNamed } from '../backup/backups.ts'
import { backupOf, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { Step } from './step.ts'

/** Returns the backup that is made before the database changes. */
export const backupStep = ({ recipe: { steps } }: Pick<World, 'recipe'>): Step[] =>
  steps.backup == null ? [] : [{ kind: 'backup', id: 'backup', command: steps.backup.create }]

/** Returns the restore of the backup that is asked for, once visitors are kept away. */
export function restoreSteps(
  undertaking: Undertaking,
  { recipe: { steps }, ledger }: Pick<World, 'recipe' | 'ledger'>,
): Step[] {
  const name = backupOf(undertaking)
  const backup = name === null ? null : backupNamed(ledger, name)
  if (steps.backup == null || backup === null) return []
  return [{ kind: 'restore', id: 'restore', command: steps.backup.restore, backup }]
}
