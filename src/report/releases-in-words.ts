import type { Ledger } from '../domain/ledger.ts'
import { bringsRelease } from '../domain/mode.ts'
import { describeOutcome } from '../domain/outcome.ts'
import type { Plan } from '../domain/plan.ts'
import type { Release } from '../domain/release.ts'
import { moment } from './durations.ts'
import { alert, blocks, code, counted, link, table, text } from './markdown.ts'

/** What serves and what is wanted, side by side. */
export function releasesTable({ release, from, app, environment }: Plan, ledger: Ledger | undefined): string {
  const rows = [
    ['release', tagOf(from), `**${tagOf(release)}**`],
    ['commit', from === null ? '–' : shortSha(from), shortSha(release)],
    ['base version', versionOf(from?.baseVersion), versionOf(release.baseVersion)],
    ['schema', versionOf(from?.schemaVersion), versionOf(release.schemaVersion)],
  ]
  const serving = ledger?.serving ?? null
  return blocks(
    `${code(app)} · ${code(environment.name)} (${environment.class})`,
    table(['', 'serves now', 'wanted'], rows),
    serving === null
      ? null
      : `${tagOf(serving.release)} serves since ${moment(serving.since)}, by deployment ${serving.deployment}.`,
  )
}

const tagOf = (release: Release | null): string => (release === null ? 'nothing' : text(release.tag))
export const shortSha = ({ sha }: Pick<Release, 'sha'>): string => code(sha.slice(0, 7))
const versionOf = (version: string | null | undefined): string => (version == null ? '–' : text(version))

/** How the wanted release stands to the serving one, with the page that compares them. */
export function changesInWords(
  { relation, commits, from, release }: Plan,
  changes: { readonly url: string } | undefined,
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
  }
}

/** A warning when this release was tried here, and did not come to serve. */
export function triedBefore({ mode, release }: Plan, ledger: Ledger | undefined): string | null {
  if (!bringsRelease(mode)) return null
  const last = ledger?.history.find((past) => bringsRelease(past.mode) && past.release.sha === release.sha)
  if (last === undefined || last.outcome.kind === 'succeeded') return null
  const ended = `deployment ${last.number}, ${moment(last.endedAt)}: ${text(describeOutcome(last.outcome))}`
  return alert('WARNING', `${text(release.tag)} was tried here before: ${ended}`)
}
