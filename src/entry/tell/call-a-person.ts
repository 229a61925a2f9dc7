import type { Journal } from '../../domain/journal/journal.ts'
import {
  describeOutcome,
  instancesApart,
  type Outcome,
  proofPassedBy,
  reasonOf,
} from '../../domain/journal/outcome.ts'
import { describePlan } from '../../domain/plan/plan.ts'
import { isWayBackDecision } from '../../domain/question/decision.ts'
import { countApprovals, ruleOf } from '../../domain/question/gate.ts'
import { awaits, endsByTime, failureOf, type Pause } from '../../domain/question/pause.ts'
import { watchedBy } from '../../domain/question/wait-words.ts'
import { answerIn, type Inputs } from '../../inputs/inputs.ts'
import type { RunEnding } from '../../pipeline/run/execute.ts'
import type { View } from '../../report/outcome/view.ts'
import { approvalsLine } from '../../report/question/approvals-in-words.ts'
import type { Hands } from '../run/hands.ts'
import { voice } from '../run/wire.ts'

/** Annotations are for a state that needs a person; a red step is for an end that was not intended. */
export async function callAPerson(hands: Hands, view: View, ending: RunEnding): Promise<void> {
  const { inputs } = hands
  switch (ending.kind) {
    case 'waiting':
      return sayWhatItAwaits(hands, view, ending.pause)
    case 'interrupted':
      voice.fail(`${inWords(ending)}. Run it again to go on, or decide.`)
      return
    case 'ended': {
      const { outcome } = ending
      if (asAsked(outcome, inputs, view.journal)) reserve(outcome)
      else voice.fail(failedInWords(outcome))
    }
  }
}

async function sayWhatItAwaits(hands: Hands, view: View, pause: Pause): Promise<void> {
  switch (awaits(pause)) {
    case 'approval':
      return sayThatNothingRan(hands, view, pause)
    case 'answer':
      return askAPerson(hands, view.plan.environment.name, pause)
    case 'time':
      return
  }
}

/** The run is green and has deployed nothing: the list of jobs, the log and the page say so. */
async function sayThatNothingRan(hands: Hands, view: View, { id }: Pause): Promise<void> {
  const { plan } = view
  const rule = ruleOf(plan)
  const count = countApprovals(view)
  const line = count === null ? null : approvalsLine(count)
  const one = rule.kind === 'named' ? ` by one of ${rule.from.join(', ')}` : ''
  const who = line === null ? one : ` (${line})`
  hands.ports.voice.warning(
    'Nothing was deployed',
    `${plan.environment.name} waits for approval${who}: to ${describePlan(plan)}. No command of the release has run. Answer question ${id} with ${await theForm(hands)}`,
  )
}

async function theForm({ forms }: Hands): Promise<string> {
  const { title, url } = await forms.find()
  return `the form ${title}, ${url}`
}

/** Fails the step for a question: GitHub then notifies people. */
export async function askAPerson(hands: Hands, environment: string, pause: Pause): Promise<void> {
  const answer = `Question ${pause.id} takes ${pause.options.join(', ')}: answer it with ${await theForm(hands)}`
  const { what = 'A step needs a person.', next = null } = failureOf(pause) ?? {}
  const lines = [what, ...(next === null ? [] : [next]), answer]
  voice.error(`${environment} waits for a decision`, lines.join('\n'))
  process.exitCode = 1
}

/** Returns the outcome, the reason and the next step, on lines of their own. */
const failedInWords = (outcome: Outcome): string =>
  [describeOutcome(outcome), reasonOf(outcome), (outcome.kind === 'failed' && outcome.failure.next) || '']
    .filter((line) => line !== '')
    .join('\n')

/**
 * Returns true if the deployment ended as the decision wanted: the step is then green, also after a rollback
 * with questions.
 */
function asAsked(outcome: Outcome, inputs: Inputs, journal: Journal): boolean {
  if (outcome.kind === 'succeeded') return true
  const answer = answerIn(inputs)
  if (answer === null) return false
  return (
    (outcome.kind === 'rolled-back' &&
      journal.some((event) => event.kind === 'decided' && isWayBackDecision(event.decision))) ||
    (answer.decision === 'abandon' && outcome.kind === 'abandoned') ||
    (answer.decision === 'reject' && outcome.kind === 'rejected')
  )
}

function reserve(outcome: Outcome): void {
  if (outcome.kind !== 'succeeded') return
  const names = instancesApart(outcome)
  if (names.length > 0)
    voice.warning(
      'Not every instance serves the release',
      `${describeOutcome(outcome)}: see to ${names.join(', ')}.`,
    )
  const passedBy = proofPassedBy(outcome)
  if (passedBy.length > 0)
    voice.warning(
      'The release serves without proof',
      `${passedBy.join(', ')} did not pass and was counted as done.`,
    )
  if (outcome.afterwards !== null)
    voice.warning('The release serves, but a hook after it failed', outcome.afterwards.what)
}

/** Returns the end of a run in words. */
export function inWords(ending: RunEnding): string {
  switch (ending.kind) {
    case 'ended':
      return describeOutcome(ending.outcome)
    case 'waiting':
      return endsByTime(ending.pause)
        ? `${watchedBy(ending.pause)} is watched until ${ending.pause.until}`
        : `waits for a person: question ${ending.pause.id} at ${ending.pause.step}`
    case 'interrupted':
      return 'interrupted: the deployment is not finished'
  }
}
