import { describeBlock } from '../../domain/ledger/blocking.ts'
import { describeFeasibility, type WayBack } from '../../domain/release/feasibility.ts'
import { commitBlocksInWords } from '../text/commit-blocks.ts'
import { alert, blocks, code, counted, table, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'
import { onePage } from '../text/page.ts'
import { remarksOn, stateInWords } from './in-lists.ts'
import type { ListedView, ReleasesView, RememberingView, WantedView } from './view.ts'

/** Returns the page of the releases: the serving ones, each release with its state, and the possible rollbacks. */
export function releasesSummary(view: ReleasesView): string {
  const { releases, now, app, wanted } = view
  return onePage([
    { text: `## Releases of ${text(app)}${wanted === null ? '' : ` for ${text(wanted.environment)}`}` },
    { text: `${counted(releases.length, 'release')}, looked at ${moment(now)}.` },
    { text: servingTable(view) },
    ...view.environments.map((environment) => ({ text: unread(environment) })),
    ...view.environments.map((environment) => ({ text: blockedIn(environment) })),
    { text: releasesTable(view) },
    { text: leftOut(view) },
    ...(wanted === null ? [] : [{ text: waysBackPart(wanted), optional: 'the ways back' }]),
  ])
}

const servingTable = ({ environments }: ReleasesView): string =>
  table(
    ['environment', 'serves', 'since', 'under way'],
    environments.map(({ name, class: stake, memory }) => [
      `${code(name)}${stake === name ? '' : ` (${stake})`}`,
      ...servingCells(memory),
    ]),
  )

function servingCells(memory: RememberingView['memory']): string[] {
  if (memory.kind === 'unknown') return ['**could not be asked**', '', '']
  const { serving, deployment } = memory.ledger
  return [
    serving === null ? 'nothing yet' : `**${text(serving.release.tag)}**`,
    serving === null ? '' : moment(serving.since),
    deployment === null
      ? ''
      : `deployment ${deployment.number}, ${deployment.plan.mode} of ${text(deployment.plan.release.tag)}`,
  ]
}

const blockedIn = ({ name, memory }: RememberingView): string =>
  memory.kind === 'unknown'
    ? ''
    : commitBlocksInWords(memory.ledger)
        .map((words) => `⛔ ${code(name)} blocks ${words}`)
        .join('<br>')

const unread = ({ name, memory }: RememberingView): string =>
  memory.kind === 'read'
    ? ''
    : alert('CAUTION', `**${code(name)} could not be asked:** ${text(memory.failure.what)}`)

function releasesTable({ releases }: ReleasesView): string {
  if (releases.length === 0) return 'There is no release yet: no tag, and none that an environment remembers.'
  return table(
    ['', 'release', 'commit', 'state', 'serves', 'to be known'],
    releases.map((listed) => [
      markOf(listed),
      `**${text(listed.release.tag)}**`,
      code(listed.release.sha.slice(0, 7)),
      stateInWords(listed),
      listed.serves.map(code).join(', '),
      remarksOn(listed).map(text).join('<br>'),
    ]),
  )
}

function markOf({ state, flags, tag }: ListedView): string {
  if (flags.some(({ kind }) => kind === 'blocked')) return '⛔'
  if (flags.some(({ kind }) => kind === 'partial')) return '⏳'
  if (tag !== 'there' || flags.length > 0) return '⚠️'
  return state === 'deployed' ? '✅' : '➖'
}

function leftOut({ further, wanted }: ReleasesView): string {
  const others = wanted?.otherBase ?? []
  return blocks(
    others.length === 0
      ? null
      : `Made for another base version, and left out: ${others.map(({ tag }) => code(tag)).join(', ')}.`,
    further === 0 ? null : `${counted(further, 'older release')} not listed; the input \`limit\` takes more.`,
  )
}

const waysBackPart = ({ environment, waysBack }: WantedView): string =>
  blocks(
    `### Where ${text(environment)} could go back to`,
    waysBack.length === 0
      ? 'Nowhere: no other release has served it.'
      : table(['', 'release', 'going back to it'], waysBack.map(wayBackRow)),
    waysBack.length === 0
      ? null
      : 'Going back takes back the configuration and the code, **not the data** that the application has written meanwhile.',
  )

const wayBackRow = (way: WayBack): string[] => [
  wayBackMark(way),
  text(way.release.tag),
  text(wayBackInWords(way)),
]

function wayBackMark({ feasibility, block }: WayBack): string {
  if (block !== null) return '⛔'
  switch (feasibility.kind) {
    case 'safe':
      return '✅'
    case 'config-differs':
      return '⚠️'
    case 'config-unreadable':
    case 'crosses-contract':
    case 'incompatible':
    case 'migration-undone':
    case 'other-base':
      return '❌'
  }
}

/** The verdict; a block before it, which keeps a rollback from going there whatever the verdict. */
export const wayBackInWords = ({ feasibility, block }: WayBack): string =>
  block === null
    ? describeFeasibility(feasibility)
    : `${describeBlock(block)}; otherwise ${describeFeasibility(feasibility)}`
