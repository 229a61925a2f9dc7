import { duration } from '../../domain/durations.ts'
import { keepsLease } from '../../domain/journal/kept-lease.ts'
import { instancesApart } from '../../domain/journal/outcome.ts'
import type { Standing } from '../../domain/journal/standing.ts'
import { staysNow, staysWhatever } from '../../domain/journal/steps-back.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { describeStart } from '../../domain/schedule/schedule-words.ts'
import type { Step } from '../../domain/step/step.ts'
import { approveStep } from '../../domain/step/steps-in.ts'
import { traitsOf } from '../../domain/step/traits.ts'
import { deploymentTitle } from '../plan/title.ts'
import { decisionsInWords, lastAnswer } from '../question/decisions-in-words.ts'
import { pauseMessage } from '../question/pause-message.ts'
import { logsLink } from '../text/logs-link.ts'
import { alert, blocks, code, link, text } from '../text/markdown.ts'
import { onePage, type Part } from '../text/page.ts'
import { builtInWords } from './built.ts'
import { detourTable } from './detour-table.ts'
import { engineTable } from './engine-table.ts'
import { allEvidence } from './evidence-table.ts'
import { reasonInFull } from './failure-in-full.ts'
import { gantt, timesOf } from './gantt.ts'
import { instanceTable } from './instance-table.ts'
import { leaseAlerts } from './lease-alerts.ts'
import { manifestsInWords } from './manifests-in-words.ts'
import { nextStep } from './next-step.ts'
import { overlapsInWords } from './overlap.ts'
import { warningsAlert } from './overridden.ts'
import { rollbackAfterwards } from './rollback-afterwards.ts'
import { markOf, stateInWords } from './state-in-words.ts'
import { stepTable } from './step-table.ts'
import { continuedBy, type State, standingOf, startedBy, stateOf, type View } from './view.ts'

/**
 * Returns the page after a run: the outcome, the state, and the next step for the reader. An open question
 * comes first.
 */
export function outcomeSummary(view: View): string {
  const now = standingOf(view)
  const state = stateOf(view, now)
  if (state.kind === 'waiting') {
    const asked = { text: pauseMessage(view, state.pause).trimEnd() }
    const soFar = [{ text: '### So far' }, { text: aboutIt(view, now) }, ...inDetail(view, now)]
    return onePage([asked, ...soFar, { text: whatStays(view, now, state) }])
  }
  return onePage([
    { text: `## ${markOf(state)} ${deploymentTitle(view.plan)}: ${text(stateInWords(state))}` },
    { text: aboutIt(view, now) },
    { text: lastAnswer(view) ?? '' },
    { text: leaseAlerts(view) ?? '' },
    { text: whatHappened(view, state) },
    { text: blocks('### Next', nextStep(view, state)) },
    { text: (hasSucceeded(state) ? rollbackAfterwards(view) : null) ?? '' },
    { text: whatStays(view, now, state) },
    { text: warningsAlert(view) ?? '' },
    { text: allEvidence(view) ?? '' },
    ...inDetail(view, now),
  ])
}

const hasSucceeded = (state: State): boolean => state.kind === 'ended' && state.outcome.kind === 'succeeded'

function inDetail(view: View, now: Standing): Part[] {
  return [
    { text: headed('### Instances', instanceTable(view, now)) },
    { text: headed('### Services on engines', engineTable(view, now)) },
    { text: manifestsInWords(view) ?? '', optional: 'the changes of the manifests' },
    { text: headed('### Detour', detourTable(view)) },
    { text: decisionsInWords(view) ?? '' },
    { text: blocks('### Steps', stepTable(view, now)) },
    { text: gantt(view) ?? '', optional: 'the chart of the steps' },
    { text: overlapsInWords(view) ?? '' },
  ]
}

const headed = (heading: string, body: string | null): string => (body === null ? '' : blocks(heading, body))

function aboutIt(view: View, now: Standing): string {
  const { mode, release } = view.plan
  const { total, waited } = timesOf(view)
  const people = startedBy(view).map(text).join(', ')
  const others = continuedBy(view).map(text).join(', ')
  const approve = approveStep(view.plan.steps)
  const approval = approve === null ? undefined : now.steps.get(approve.id)
  return [
    !modes[mode].changesEnvironment ? '' : `Deployment ${now.number}`,
    `${fromWhat(view.plan)}**${text(release.tag)}** (${code(release.sha.slice(0, 7))})`,
    people === '' ? '' : `started by ${people}`,
    others === '' ? '' : `continued by ${others}`,
    scheduledInWords(view),
    approval?.state === 'succeeded' ? text(approval.note ?? '') : '',
    waited === 0 ? duration(total) : `${duration(total - waited)} at work, ${duration(waited)} waiting`,
    link('run', view.run),
    logsLink(view.plan),
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

/** A mode that brings no release has no release before it. */
function fromWhat({ mode, from }: Plan): string {
  if (!modes[mode].bringsRelease) return ''
  return `${from === null ? 'first release' : text(from.tag)} → `
}

/** Returns the planned start and its lateness. */
function scheduledInWords({ plan: { schedule }, journal }: View): string {
  const opened = journal.find((event) => event.kind === 'opened')
  if (schedule === null || opened === undefined) return ''
  return text(`${describeStart(schedule, opened.at)}, asked for by ${schedule.by}: ${schedule.reason}`)
}

/** The failure, or whatever else decided how it ended. */
function whatHappened(view: View, state: Exclude<State, { kind: 'waiting' }>): string {
  if (state.kind !== 'ended') return ''
  const { outcome } = state
  if (outcome.kind === 'failed') return blocks(reasonInFull(outcome), builtInWords(view))
  const partly = outcome.kind === 'succeeded' && instancesApart(outcome).length > 0
  return (
    reasonInFull(outcome) ??
    (partly ? alert('WARNING', 'Not every instance serves this release: see below which do not.') : '')
  )
}

/** Steps that began and have no way back, when the deployment did not simply succeed. */
function whatStays(view: View, now: Standing, state: State): string {
  if (state.kind === 'running') return ''
  if (state.kind === 'ended' && state.outcome.kind === 'succeeded') return ''
  const staying = state.kind === 'waiting' ? staysWhatever : staysNow
  const stays = view.plan.steps.filter((step) => staying(view.plan, now, step))
  if (stays.length === 0) return ''
  const lines = stays.map((step) => `- ${code(step.id)}: ${whyItStays(view.plan, now, step)}`)
  return `### What stays, because it cannot be undone\n\n${lines.join('\n')}`
}

function whyItStays(plan: Plan, now: Standing, step: Step): string {
  if (keepsLease(plan, now, step)) return 'it is kept, because an earlier deployment needs it still'
  const undo = traitsOf(step).undo(step, plan)
  switch (undo.kind) {
    case 'cannot':
      return undo.words
    case 'with-database':
      return 'the database was not brought back'
    default:
      return 'there is nothing to go back to'
  }
}
