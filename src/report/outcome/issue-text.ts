import type { Outcome } from '../../domain/journal/outcome.ts'
import { modes } from '../../domain/plan/modes.ts'
import { deploymentTitle } from '../plan/title.ts'
import { pauseMessage } from '../question/pause-message.ts'
import { logsLink } from '../text/logs-link.ts'
import { blocks, code, link, plain, shorten, text } from '../text/markdown.ts'
import { onePage } from '../text/page.ts'
import { builtInWords, failedInBuild } from './built.ts'
import { reasonInFull } from './failure-in-full.ts'
import { leaseAlerts } from './lease-alerts.ts'
import { nextStep } from './next-step.ts'
import { markOf, stateInWords } from './state-in-words.ts'
import { recordOf, type State, standingOf, startedBy, stateOf, type View } from './view.ts'

/** GitHub takes 65,536 characters for an issue or a comment. */
const limit = 60_000

/** Returns one line without Markdown: an issue stays with its environment, through all failures after the first. */
export function issueTitle(view: View): string {
  const { app, mode, release, environment } = view.plan
  const deed =
    failedInBuild(view) || !modes[mode].changesEnvironment
      ? `build of ${release.tag} for ${environment.name}`
      : `${mode} of ${release.tag} to ${environment.name}`
  return shorten(plain(`${app}: ${deed} ${word(stateOf(view))}`), 250)
}

/** Returns the text of an issue, or of a comment on it. `records`: the page with the environment's Deployments. */
export function issueText(view: View, records: string): string {
  const state = stateOf(view)
  return onePage(
    [
      {
        text:
          state.kind === 'waiting' ? pauseMessage(view, state.pause).trimEnd() : whatCameOfIt(view, state),
      },
      { text: whereToLook(view, records) },
    ],
    limit,
  )
}

/**
 * Returns the key of an entry: an entry with the same key is not written twice. A run that finds the same
 * question adds no entry.
 */
export function issueKey(view: View): string {
  const state = stateOf(view)
  const { number } = standingOf(view)
  const deployment = `deployment ${number} of ${view.plan.digest.slice(0, 12)}`
  switch (state.kind) {
    case 'waiting':
      return `${deployment}, pause ${state.pause.id}`
    case 'ended':
      return `${deployment}, ${state.outcome.kind}`
    case 'interrupted':
    case 'running':
      return `${deployment}, ${state.kind} ${view.journal.findLast(({ kind }) => kind === 'interrupted')?.at ?? ''}`
  }
}

const endings: Readonly<Record<Exclude<Outcome['kind'], 'succeeded'>, string>> = {
  failed: 'failed',
  'rolled-back': 'was rolled back',
  rejected: 'was rejected',
  cancelled: 'was cancelled',
  abandoned: 'was abandoned',
}

function word(state: State): string {
  switch (state.kind) {
    case 'waiting':
      return 'waits for a decision'
    case 'interrupted':
      return 'was interrupted'
    case 'running':
      return 'is under way'
    case 'ended':
      return state.outcome.kind === 'succeeded' ? stateInWords(state) : endings[state.outcome.kind]
  }
}

function whatCameOfIt(view: View, state: Exclude<State, { kind: 'waiting' }>): string {
  return blocks(
    `## ${markOf(state)} ${deploymentTitle(view.plan)}: ${text(stateInWords(state))}`,
    state.kind === 'ended' ? reasonInFull(state.outcome) : null,
    state.kind === 'ended' && state.outcome.kind !== 'succeeded' ? whereItFailed(view) : null,
    leaseAlerts(view),
    blocks('### Next', nextStep(view, state)),
  )
}

function whereItFailed(view: View): string | null {
  const event = view.journal.findLast(({ kind }) => kind === 'step-failed' || kind === 'instance-failed')
  switch (event?.kind) {
    case 'step-failed':
      return `It failed at ${code(event.step)}. ${builtInWords(view)}`.trimEnd()
    case 'instance-failed':
      return `It failed at ${code(event.step)}, on ${code(event.instance)}. ${builtInWords(view)}`.trimEnd()
    default:
      return null
  }
}

function whereToLook(view: View, records: string): string {
  const { from, mode, release, environment } = view.plan
  const { number } = standingOf(view)
  const record = recordOf(view, number)
  const people = startedBy(view).map(text).join(', ')
  const serves = view.ledger.serving?.release.tag
  return [
    modes[mode].changesEnvironment
      ? `Deployment ${number} of ${code(environment.name)}`
      : `A build alone, for ${code(environment.name)}`,
    record === null ? '' : link(`record ${record}`, records),
    `${from === null ? 'first release' : text(from.tag)} → **${text(release.tag)}** (${code(release.sha.slice(0, 7))})`,
    serves === undefined ? 'nothing serves yet' : `${text(serves)} serves`,
    people === '' ? '' : `started by ${people}`,
    link('run', view.run),
    logsLink(view.plan),
  ]
    .filter((part) => part !== '')
    .join(' · ')
}
