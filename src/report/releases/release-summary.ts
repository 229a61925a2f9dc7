import { manifestName } from '../../domain/release/manifest.ts'
import { alert, blocks, code, counted, link, table, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'
import { onePage } from '../text/page.ts'
import type { ReleaseView } from './release-view.ts'

/** Returns the page of a release: its content, and the next steps. */
export function releaseSummary(view: ReleaseView): string {
  return onePage([
    { text: `## ${view.prerelease ? 'Candidate' : 'Release'} ${text(view.manifest.tag)}` },
    { text: factsTable(view) },
    { text: blocks(...view.advice.map((words) => alert('WARNING', text(words)))) },
    { text: blocks('### Artifacts', artifactsTable(view)) },
    { text: blocks('### What is frozen with it', frozenInWords(view)) },
    { text: blocks('### What follows', nextInWords(view)) },
  ])
}

function factsTable({ manifest, url, immutable, compare, resumed }: ReleaseView): string {
  const { previous, candidate, created } = manifest
  const page =
    previous === null
      ? null
      : `${compare}/${encodeURIComponent(previous)}...${encodeURIComponent(manifest.tag)}`
  const rows = [
    ['commit', code(manifest.commit)],
    ['GitHub Release', link(text(manifest.tag), url)],
    ['release before', previous === null || page === null ? 'none' : link(text(previous), page)],
    ...(candidate === null ? [] : [['made final from', text(candidate)]]),
    ['base version', versionOf(manifest['base-version'])],
    ['schema', versionOf(manifest['schema-version'])],
    [
      'immutable',
      immutable ? 'yes: GitHub keeps tag and files' : '**no**: tag and files could be changed later',
    ],
    [
      'made',
      `${moment(created.at)} by ${created.by.map(text).join(', ')}${resumed ? ', begun by a run that was stopped' : ''}`,
    ],
  ]
  return blocks(
    table(['', ''], rows),
    immutable
      ? null
      : alert(
          'NOTE',
          'Turn on immutable releases in the settings of the repository. Until then every deployment finds out whether something was changed, and refuses it; nothing keeps it from being changed.',
        ),
  )
}

const versionOf = (version: string | null): string => (version === null ? '–' : text(version))

function artifactsTable({ manifest, sha256 }: ReleaseView): string {
  const rows = manifest.artifacts.map((file) => [
    code(file.name),
    `${file.size.toLocaleString('en')} bytes`,
    code(file.sha256),
  ])
  return table(['file', 'size', 'SHA-256'], [...rows, [code(manifestName), '', code(sha256)]])
}

function frozenInWords({ manifest }: ReleaseView): string {
  const { services, digest } = manifest.recipe
  const migrations = manifest.migrations.map(({ run, phase }) => `${code(run)} (${phase})`).join(', ')
  return blocks(
    `${counted(services.length, 'service')} and every step and hook, as the config has them at this commit: recipe ${code(digest.slice(0, 12))}.`,
    migrations === '' ? 'It migrates nothing.' : `It migrates with ${migrations}.`,
  )
}

function nextInWords({ manifest, deployTo, prerelease }: ReleaseView): string {
  const tag = text(manifest.tag)
  if (deployTo !== null)
    return `The next job deploys it to ${code(deployTo)}. Whatever comes of that, the release stays.`
  return prerelease
    ? `It is ready, and deployed nowhere. Try it out; then make it final with ${code(`from: ${manifest.tag}`)}: same commit, same artifacts.`
    : `${tag} is ready, and deployed nowhere.`
}
