import type { Underway } from '../../domain/journal/underway.ts'
import { isBaking, type Pause } from '../../domain/question/decision.ts'
import { expiryInWords } from '../plan/expiry-in-words.ts'
import { moment } from '../text/durations.ts'
import { alert, code, link, shorten, text } from '../text/markdown.ts'
import type { Activity } from './view.ts'

const longestFailure = 300

/** The question that an environment waits with, as a box; the page of its own run has the rest. */
export function questionBox(
  question: Pause,
  { journal }: Underway,
  activity: Activity,
  decide: string,
): string {
  const asked = journal.findLast((event) => event.kind === 'paused' && event.pause.id === question.id)
  const since = asked === undefined ? '' : `, since ${moment(asked.at)}`
  const options = question.options.map(code).join(', ')
  const answers = `Pause ${code(question.id)} takes ${options}: ${link('open the form', decide)}.`
  const expiry = expiryInWords(question)
  const goesOn = activity === 'interrupted' ? ' Running the same deployment again goes on with it.' : ''
  return alert(
    isBaking(question) ? 'NOTE' : 'IMPORTANT',
    `**${headline(question, activity)}** at ${about(question)}${since}.`,
    ...(question.failure === null ? [] : [text(shorten(question.failure.what, longestFailure))]),
    ...(expiry === null ? [] : [`${expiry}.`]),
    `${answers}${goesOn}`,
  )
}

function headline(question: Pause, activity: Activity): string {
  if (activity === 'interrupted') return 'Interrupted'
  if (isBaking(question)) return 'The test bed is watched'
  return question.gate === 'approve' ? 'Waits for approval' : 'Waits for a decision'
}

function about({ step, instances }: Pause): string {
  return instances.length === 0 ? code(step) : `${code(step)}, about ${instances.map(code).join(', ')}`
}
