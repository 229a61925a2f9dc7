import { detourOf, stepAsideIn } from '../detour/asked.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { modes } from '../plan/modes.ts'
import { backupOf, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import type { ProblemWords } from '../problem.ts'
import { type Backup, describeBackup } from './backup.ts'
import { backupNamed, backupsOf } from './backups.ts'

type Restoring = Pick<World, 'recipe' | 'ledger' | 'policy' | 'release'>

/** Refuses a restore of a backup that is not known, or one under the eyes of visitors, whose writes would be lost. */
export function restoreRefusals(undertaking: Undertaking, world: Restoring): ProblemWords[] {
  const name = backupOf(undertaking)
  const { recipe, ledger } = world
  if (name === null || recipe.steps.backup == null) return []
  const unknown = backupNamed(ledger, name) === null ? [unknownBackup(name, ledger)] : []
  const away = detourOf(undertaking, world) !== null
  const aside = modes[undertaking.mode].goesBack
  return away || (!aside && recipe.steps.maintenance != null)
    ? unknown
    : [...unknown, openWords(aside, world)]
}

/** Returns what a restore would lose, for the approver, before anything else is said of it. */
export function restoreWarnings(undertaking: Undertaking, { ledger, release }: Restoring): string[] {
  const name = backupOf(undertaking)
  const backup = name === null ? null : backupNamed(ledger, name)
  if (backup === null) return []
  const since = ledger.history.filter(
    ({ number, migrated }) => number >= backup.deployment && migrated !== null,
  )
  const lost = `Everything that was written since ${describeBackup(backup)} is lost`
  const taken = `The migration of deployment ${since
    .map(({ number }) => number)
    .toReversed()
    .join(', ')} is taken away with it, and ${release.tag}`
  if (modes[undertaking.mode].goesBack)
    return [
      `${lost} once people complete: until then visitors read it at the stand-in, and the answer revert brings it back.`,
      ...(since.length > 0 ? [`${taken} serves again, as when the backup was made.`] : []),
    ]
  return [`${lost}.`, ...(since.length > 0 ? [`${taken} keeps ${stays(backup, release.tag)}`] : [])]
}

/** The code stays: a person must know that it may not suit the schema that comes back. */
const stays = ({ deployment }: Backup, serving: string): string =>
  `serving: a rollback to the release from before deployment ${deployment} is the next step where ${serving} does not work with the older schema.`

const mostNamed = 5

/** Says that no deployment made the backup, and which ones there are. */
export function unknownBackup(name: string, ledger: Ledger): ProblemWords {
  const known = backupsOf(ledger)
  return {
    code: 'backup-unknown',
    what:
      name === ''
        ? `${ledger.environment} has no backup that could be restored.`
        : `${ledger.environment} has no backup ${name}.`,
    why: 'A deployment notes the backup that it makes before its migration, and only such a backup is restored.',
    next:
      known.length === 0
        ? 'Restore the database by hand, from a backup that was made otherwise. Nothing was changed.'
        : `Choose one of these, the newest first: ${known.slice(0, mostNamed).map(describeBackup).join('; ')}. Nothing was changed.`,
  }
}

/** With a stand-in in its config, a restore behind the page that it lacks needs one word more. */
function openWords(aside: boolean, { policy, release, recipe }: Restoring): ProblemWords {
  const hasStandIn = stepAsideIn({ recipe, policy }) !== null
  return {
    code: 'restore-open',
    what: `Restoring the database of ${policy.name} needs visitors to be kept away, and ${release.tag} has no ${aside ? 'steps.detour.clone' : 'maintenance page'} for that.`,
    why: 'Writes of visitors during the restore are lost, or mix with the restored data.',
    next: `${
      !aside && hasStandIn
        ? 'Restore with the option detour=true: visitors read on at the stand-in, home gets the backup and the release that served then, and people look before visitors come home. Or add'
        : aside && recipe.steps.maintenance != null
          ? 'Leave the option detour out, which restores behind the maintenance page. Or add'
          : 'Add'
    } ${aside ? 'steps.detour.clone' : 'steps.maintenance'} to the config, and deploy a release that has it; or keep visitors away and restore by hand. Nothing was changed.`,
  }
}
