import type { Decision } from '../../domain/question/decision.ts'
import { failureOf, type Pause, takesAnswer } from '../../domain/question/pause.ts'
import { failureToAnswer } from '../outcome/failure-in-full.ts'
import { leaseAlerts } from '../outcome/lease-alerts.ts'
import { warningsAlert } from '../outcome/overridden.ts'
import type { View } from '../outcome/view.ts'
import { deploymentTitle } from '../plan/title.ts'
import { blocks, code, details, table, text } from '../text/markdown.ts'
import { onePage } from '../text/page.ts'
import { answersTable, consequence, howToAnswer } from './answers.ts'
import { headline } from './headline.ts'
import { situation } from './situation.ts'

/** An answer, as its form gives it. */
export interface GivenAnswer {
  readonly pause: string
  readonly decision: Decision
  readonly instances: readonly string[]
  readonly reason: string
  readonly by: string
}

/** Returns the page for the approver of an answer: the answer, the person, the reason, and the effect. */
export function answerPage(
  view: View,
  pause: Pause,
  { decision, instances, reason, by, ...answer }: GivenAnswer,
): string {
  const fits = answer.pause === pause.id && takesAnswer(pause, decision)
  const forWhat = instances.length === 0 ? '' : ` for ${instances.map(code).join(', ')}`
  const why = reason === '' ? 'no reason was given' : text(reason)
  return onePage([
    {
      text: `## ${fits ? '' : '❌ '}${text(by)} answers ${text(decision)}${forWhat}: ${deploymentTitle(view.plan)}`,
    },
    {
      text: table(
        ['answer', `${code(decision)}${forWhat}`],
        [
          ['by', text(by)],
          ['why', why],
          [
            'to',
            `question ${code(answer.pause)}${answer.pause === pause.id ? '' : `, and ${code(pause.id)} waits`}`,
          ],
          [
            'what it does',
            fits
              ? consequence(view.plan, decision, pause)
              : `nothing: ${text(pause.withheld[decision] ?? 'it does not fit the question')}`,
          ],
        ],
      ),
    },
    { text: `### The question: ${headline(pause)}` },
    { text: failureText(pause) ?? '' },
    { text: leaseAlerts(view) ?? '' },
    { text: warningsAlert(view) ?? '' },
    { text: situation(view, pause) },
    { text: details('All answers to this question', answersTable(view.plan, pause)) },
  ])
}

/** Returns the open question of another deployment, for the page of a deployment that has to wait for it. */
export const openQuestion = (view: View, pause: Pause): string =>
  blocks(
    `### The question that waits: ${deploymentTitle(view.plan)}, ${headline(pause)}`,
    failureText(pause),
    situation(view, pause),
    answersTable(view.plan, pause),
    howToAnswer(view, pause),
  )

function failureText(pause: Pause): string | null {
  const failure = failureOf(pause)
  return failure === null ? null : failureToAnswer(failure)
}
