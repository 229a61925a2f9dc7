import type { Underway } from '../../domain/ledger/underway.ts'
import { countApprovals } from '../../domain/question/gate.ts'
import { awaits, failureOf, instancesOf, type Pause } from '../../domain/question/pause.ts'
import type { Activity } from '../../domain/shown/activity.ts'
import { answerFields } from '../form/answer-fields.ts'
import type { Form } from '../form/form.ts'
import { formBlock } from '../form/form-block.ts'
import { expiryInWords } from '../plan/expiry-in-words.ts'
import { approvalsLine } from '../question/approvals-in-words.ts'
import { alert, blocks, code, details, link, shorten, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'

const longestFailure = 300

/** Shows the open question of an environment as a box, and how to answer it; the page of its own run has the rest. */
export function questionBox(
  question: Pause,
  { plan, journal }: Underway,
  activity: Activity,
  form: Form,
): string {
  const asked = journal.findLast((event) => event.kind === 'paused' && event.pause.id === question.id)
  const since = asked === undefined ? '' : `, since ${moment(asked.at)}`
  const options = question.options.map(code).join(', ')
  const answers = `Question ${code(question.id)} takes ${options}: ${link('open the form', form.url)}.`
  const expiry = expiryInWords(question)
  const failure = failureOf(question)
  const approvals = awaits(question) === 'approval' ? countApprovals({ plan, journal }) : null
  const count = approvals && approvalsLine(approvals)
  const goesOn = activity === 'interrupted' ? ' Running the same deployment again resumes it.' : ''
  const box = alert(
    awaits(question) === 'time' ? 'NOTE' : 'IMPORTANT',
    `**${headline(question, activity)}** at ${about(question)}${since}.`,
    ...(failure === null ? [] : [text(shorten(failure.what, longestFailure))]),
    ...(count === null ? [] : [`${text(count)}.`]),
    ...(expiry === null ? [] : [`${expiry}.`]),
    `${answers}${goesOn}`,
  )
  const fields = answerFields(form.kind, plan.environment.name, question)
  return blocks(box, details('How to answer', formBlock(form, fields)))
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
