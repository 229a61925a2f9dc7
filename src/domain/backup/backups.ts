import type { Journal } from '../journal/journal.ts'
import type { Past } from '../ledger/past.ts'
import type { Release } from '../release/release.ts'
import type { Backup } from './backup.ts'

/** The ledger's memory of deployments, which names the backups. */
interface Backed {
  readonly history: readonly Pick<Past, 'backup'>[]
}

/** Returns the backups of an environment, newest first. */
export const backupsOf = ({ history }: Backed): Backup[] => history.flatMap(({ backup }) => backup ?? [])

/** Returns the backup of that name, or the newest for an empty name; null without one. */
export function backupNamed(ledger: Backed, name: string): Backup | null {
  const all = backupsOf(ledger)
  return all.find((one) => name === '' || one.name === name) ?? null
}

/** Returns the release that served when a backup was made; null where that is forgotten, or none did. */
export const servedAtBackup = (
  { history }: { readonly history: readonly Pick<Past, 'number' | 'from'>[] },
  { deployment }: Backup,
): Release | null => history.find(({ number }) => number === deployment)?.from ?? null

/** Returns the last backup of a deployment, by its journal; null without one. */
export function backupIn(journal: Journal, deployment: number): Backup | null {
  const made = journal.findLast((event) => event.kind === 'backed-up')
  return made === undefined ? null : { name: made.backup, position: made.position, at: made.at, deployment }
}
