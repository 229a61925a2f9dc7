import { knows, type OpenMigration, soakedAt } from '../../domain/ledger/open-migration.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import { text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'

const states: { readonly [State in OpenMigration['state']]: string } = {
  open: 'is **open**',
  starting: 'was begun, and is **not known to have started**',
  completing: 'is being completed, and is **not known to be**',
  'rolling-back': 'is being rolled back, and is **not known to be**',
}

/** Describes an open migration, and what ends it, as Markdown. */
export function openMigrationInWords(
  migration: OpenMigration,
  serving: ReleaseId | null,
  now: string,
): string {
  const { release, deployment, since, state } = migration
  const head = `that of **${text(release.tag)}** (deployment ${deployment}, ${moment(since)}) ${states[state]}`
  return [head, ...(state === 'open' ? [ends(migration, serving, now)] : [])].join('; ')
}

function ends(migration: OpenMigration, serving: ReleaseId | null, now: string): string {
  const { release, completeAfter, declined } = migration
  if (serving === null || !knows(migration, serving))
    return `${text(serving?.tag ?? 'nothing')} serves and is not built on it: deploy ${text(release.tag)}, or roll back to the release that serves`
  const by = 'do: complete-migration completes it'
  if (declined !== null) return `${by}; ${text(declined.by)} rejected the run of the clock`
  const at = soakedAt(migration)
  if (completeAfter === null || at === null) return by
  const soaked = Date.parse(at) <= Date.parse(now)
  return `${by}, or the clock behind the gate ${soaked ? `since ${moment(at)}` : `from ${moment(at)}`}`
}
