import { backupNamed } from '../backup/backups.ts'
import { backupOf, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { Step } from './step.ts'

/** Returns the backup that is made, and the restore of the one that is asked for: a mode has one of the two at most. */
export function backupSteps(
  undertaking: Undertaking,
  { recipe: { steps }, ledger }: Pick<World, 'recipe' | 'ledger'>,
): Step[] {
  if (steps.backup == null) return []
  const { create, restore } = steps.backup
  const name = backupOf(undertaking)
  const backup = name === null ? null : backupNamed(ledger, name)
  const restored: Step[] =
    backup === null ? [] : [{ kind: 'restore', id: 'restore', command: restore, backup }]
  return [{ kind: 'backup', id: 'backup', command: create }, ...restored]
}
