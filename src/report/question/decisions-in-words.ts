import type { Event } from '../../domain/journal/journal.ts'
import { answersIn, type PersonsAnswer } from '../../domain/question/answers.ts'
import { failureOf } from '../../domain/question/pause.ts'
import type { View } from '../outcome/view.ts'
import { blocks, code, table, text } from '../text/markdown.ts'
import { moment } from '../text/moments.ts'

/** Lists the decisions with person and reason; null without a decision. */
export function decisionsInWords({ journal }: View): string | null {
  const decided = answersIn(journal)
  if (decided.length === 0) return null
  return blocks(
    '### What was decided',
    table(
      ['when', 'by', 'answer', 'to', 'why'],
      decided.map((event) => [
        moment(event.at),
        text(event.by),
        `${code(event.decision)}${event.instances.length === 0 ? '' : ` for ${event.instances.map(code).join(', ')}`}`,
        question(journal, event),
        text(event.reason) || '–',
      ]),
    ),
  )
}

/** Returns the last answer to a failure, for the top of a page; null without one. An approval is shown elsewhere. */
export function lastAnswer({ journal }: View): string | null {
  const last = journal.findLast((event) => event.kind === 'decided' && event.decision !== 'approve')
  if (last?.kind !== 'decided') return null
  const { by, decision, instances, pause, reason } = last
  const forWhat = instances.length === 0 ? '' : ` for ${instances.map(code).join(', ')}`
  return `${text(by)} answered **${text(decision)}**${forWhat} to question ${code(pause)}: ${text(reason) || 'no reason was given'}`
}

/** Returns the question and its subject. */
function question(journal: readonly Event[], { pause: id }: PersonsAnswer): string {
  const asked = journal.find((event) => event.kind === 'paused' && event.pause.id === id)
  if (asked?.kind !== 'paused') return code(id)
  const failure = failureOf(asked.pause)
  return `${code(id)}, ${code(asked.pause.step)}${failure === null ? '' : `: ${text(failure.what)}`}`
}
