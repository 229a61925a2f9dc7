import { describeOutcome } from '../../domain/journal/outcome.ts'
import { databaseSchema } from '../../domain/ledger/database-schema.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { Release } from '../../domain/release/release.ts'
import { sameCommit } from '../../domain/release/release.ts'
import { migrateStep } from '../../domain/step/steps-in.ts'
import type { ChangesView } from '../plan/changes-in-words.ts'
import { alert, blocks, code, counted, link, table, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'

/** Shows the serving and the new release side by side. */
export function releasesTable(plan: Plan, ledger: Ledger | undefined): string {
  const { release, from, app, environment } = plan
  const rows = [
    ['release', tagOf(from), `**${tagOf(release)}**`],
    ['commit', from === null ? '–' : shortSha(from), shortSha(release)],
    ['base version', versionOf(from?.baseVersion), versionOf(release.baseVersion)],
    ['database schema', schemaNow(plan, ledger), schemaAfter(plan)],
  ]
  const serving = ledger?.serving ?? null
  return blocks(
    `${code(app)} · ${code(environment.name)} (${environment.class})`,
    table(['', 'now', 'after this deployment'], rows),
    serving === null
      ? null
      : `${tagOf(serving.release)} serves since ${moment(serving.since)}, by deployment ${serving.deployment}.`,
  )
}

/** Describes the schema of the database, which a rollback does not change: only the last migration tells it. */
function schemaNow({ from }: Pick<Plan, 'from'>, ledger: Ledger | undefined): string {
  const known = ledger === undefined ? null : databaseSchema(ledger)
  switch (known?.kind) {
    case 'migrated':
      return `${text(known.version)}, by ${text(known.by.tag)} (deployment ${known.by.deployment})`
    case 'doubtful':
      return `unknown: the migration of ${text(known.by.tag)} (deployment ${known.by.deployment}) did not end well`
    case 'unknown':
      return known.declared === null
        ? 'unknown'
        : `unknown (${text(known.declared.tag)} is made for ${text(known.declared.version)})`
    case undefined:
      return from?.schemaVersion == null
        ? 'unknown'
        : `unknown (${text(from.tag)} is made for ${text(from.schemaVersion)})`
  }
}

function schemaAfter({ mode, release, steps, older }: Plan): string {
  const { schemaVersion } = release
  const migrates = older === null && migrateStep(steps) !== null
  if (migrates) return schemaVersion === null ? `migrated by ${text(release.tag)}` : text(schemaVersion)
  return schemaVersion === null || !modes[mode].bringsRelease
    ? 'as it is'
    : `as it is (${text(release.tag)} is made for ${text(schemaVersion)})`
}

const tagOf = (release: Release | null): string => (release === null ? 'nothing' : text(release.tag))
export const shortSha = ({ sha }: Pick<Release, 'sha'>): string => code(sha.slice(0, 7))
const versionOf = (version: string | null | undefined): string => (version == null ? '–' : text(version))

/** Describes the relation of the new release to the serving one, with the page that compares them. */
export function changesInWords(
  { relation, commits, from, release }: Plan,
  changes: Pick<ChangesView, 'url'> | undefined,
): string {
  const older = from === null ? '' : text(from.tag)
  const wanted = text(release.tag)
  const page = changes === undefined ? '' : ` (${link('what changes', changes.url)})`
  switch (relation) {
    case 'first':
      return 'Nothing serves here yet: this is the first deployment.'
    case 'identical':
      return 'The same commit serves already.'
    case 'ahead':
      return `${wanted} is **${counted(commits, 'commit')} ahead** of ${older}${page}.`
    case 'behind':
      return `${wanted} is **${counted(commits, 'commit')} behind** ${older}${page}.`
    case 'diverged':
      return `${wanted} and ${older} have **diverged**, ${counted(commits, 'commit')} apart${page}.`
    case 'unknown':
      return `${wanted} and ${older} **cannot be compared**: the commit of ${older} is gone.`
  }
}

/** A warning when this release was tried here, and did not come to serve. */
export function triedBefore({ mode, release }: Plan, ledger: Ledger | undefined): string | null {
  if (!modes[mode].bringsRelease) return null
  const last = ledger?.history.find(
    (past) => modes[past.mode].bringsRelease && sameCommit(past.release, release),
  )
  if (last === undefined || last.outcome.kind === 'succeeded') return null
  const ended = `deployment ${last.number}, ${moment(last.endedAt)}: ${text(describeOutcome(last.outcome))}`
  return alert('WARNING', `${text(release.tag)} was tried here before: ${ended}`)
}
