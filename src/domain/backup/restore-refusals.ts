import { stepAsideIn } from '../detour/asked.ts'
import type { Past } from '../ledger/past.ts'
import { backupOf, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { ProblemWords } from '../problem.ts'
import { type Backup, describeBackup } from './backup.ts'
import { backupNamed, backupsOf } from './backups.ts'

type Restoring = Pick<World, 'recipe' | 'ledger' | 'policy' | 'release'>

/** Refuses a restore of a backup that is not known, or one under the eyes of visitors, whose writes would be lost. */
export function restoreRefusals(undertaking: Undertaking, world: Restoring): ProblemWords[] {
  const name = backupOf(undertaking)
  if (name === null || world.recipe.steps.backup == null) return []
  const unknown = backupNamed(world.ledger, name) === null ? [unknownWords(name, world)] : []
  if (world.recipe.steps.maintenance != null) return unknown
  return [...unknown, stepAsideIn(world) !== null ? notBesideWords(world) : openWords(world)]
}

/** Returns what a restore would lose, for the approver, before anything else is said of it. */
export function restoreWarnings(undertaking: Undertaking, { ledger, release }: Restoring): string[] {
  const name = backupOf(undertaking)
  const backup = name === null ? null : backupNamed(ledger, name)
  if (backup === null) return []
  const since = ledger.history.filter(({ number }) => number >= backup.deployment)
  return [
    `Everything that was written since ${describeBackup(backup)} is lost.`,
    ...(since.some(({ migrated }) => migrated !== null) ? [schemaWords(backup, since, release.tag)] : []),
  ]
}

/** The code stays: a person must know that it may not suit the schema that comes back. */
function schemaWords({ deployment }: Backup, since: readonly Past[], serving: string): string {
  const numbers = since.filter(({ migrated }) => migrated !== null).map(({ number }) => number)
  return `The migration of deployment ${numbers.toReversed().join(', ')} is taken away with it, and ${serving} keeps serving: a rollback to the release from before deployment ${deployment} is the next step where ${serving} does not work with the older schema.`
}

const mostNamed = 5

function unknownWords(name: string, { ledger, policy }: Restoring): ProblemWords {
  const known = backupsOf(ledger)
  return {
    code: 'backup-unknown',
    what:
      name === ''
        ? `${policy.name} has no backup that could be restored.`
        : `${policy.name} has no backup ${name}.`,
    why: 'A deployment notes the backup that it makes before its migration, and only such a backup is restored.',
    next:
      known.length === 0
        ? 'Restore the database by hand, from a backup that was made otherwise. Nothing was changed.'
        : `Choose one of these, the newest first: ${known.slice(0, mostNamed).map(describeBackup).join('; ')}. Nothing was changed.`,
  }
}

const openWords = ({ policy, release }: Restoring): ProblemWords => ({
  code: 'restore-open',
  what: `Restoring the database of ${policy.name} needs visitors to be kept away, and ${release.tag} has no way to do that.`,
  why: 'Writes of visitors during the restore are lost, or mix with the restored data.',
  next: 'Add steps.maintenance to the config, and deploy a release that has it; or keep visitors away and restore by hand. Nothing was changed.',
})

/**
 * A detour is no way to restore: its stand-in is a copy of the very database that is to be given up, and home, whose
 * instances a detour stops, gets no release that starts them again.
 */
const notBesideWords = ({ policy, release }: Restoring): ProblemWords => ({
  code: 'restore-open',
  what: `Restoring the database of ${policy.name} needs visitors to be kept away, and the detour of ${release.tag} does not do that.`,
  why: 'Its stand-in would go on showing them a copy of the database that is to be given up, and a restore brings no release to home.',
  next: 'Add steps.maintenance to the config, and deploy a release that has it. Or make a release whose migration restores the backup, and deploy that with the detour: people look at it, and revert takes it back. Nothing was changed.',
})
