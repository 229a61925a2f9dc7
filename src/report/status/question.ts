import type { Underway } from '../../domain/ledger/underway.ts'
import { awaits, failureOf, instancesOf, type Pause } from '../../domain/question/pause.ts'
import { expiryInWords } from '../plan/expiry-in-words.ts'
import { alert, code, link, shorten, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'
import type { Activity } from './view.ts'

const longestFailure = 300

/** Shows the open question of an environment as a box; the page of its own run has the rest. */
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
  const failure = failureOf(question)
  const goesOn = activity === 'interrupted' ? ' Running the same deployment again resumes it.' : ''
  return alert(
    awaits(question) === 'time' ? 'NOTE' : 'IMPORTANT',
    `**${headline(question, activity)}** at ${about(question)}${since}.`,
    ...(failure === null ? [] : [text(shorten(failure.what, longestFailure))]),
    ...(expiry === null ? [] : [`${expiry}.`]),
    `${answers}${goesOn}`,
  )
}

const headline = (question: Pause, activity: Activity): string =>
  activity === 'interrupted' ? 'Interrupted' : headlines[awaits(question)]

const headlines = {
  approval: 'Waits for approval',
  answer: 'Waits for a decision',
  time: 'The test bed is watched',
} as const

function about(question: Pause): string {
  const instances = instancesOf(question)
  const step = code(question.step)
  return instances.length === 0 ? step : `${step}, about ${instances.map(code).join(', ')}`
}
