import { describeDecision } from '../../domain/question/consequence.ts'
import { type Decision, decisions } from '../../domain/question/decision.ts'
import type { Pause } from '../../domain/question/pause.ts'
import { answerFields } from '../form/answer-fields.ts'
import { formBlock } from '../form/form-block.ts'
import type { View } from '../outcome/view.ts'
import { blocks, code, table, text } from '../text/markdown.ts'

/** Shows the possible answers, and the missing ones with the reason. */
export function answersTable(plan: View['plan'], pause: Pause): string {
  const withheld = decisions.filter((decision) => pause.withheld[decision] !== undefined)
  return table(
    ['answer', 'what it does'],
    [
      ...pause.options.map((decision) => [code(decision), consequence(plan, decision, pause)]),
      ...withheld.map((decision) => [
        `~~${decision}~~`,
        `not possible: ${text(pause.withheld[decision] ?? '')}`,
      ]),
    ],
  )
}

export function consequence(plan: View['plan'], decision: Decision, pause: Pause): string {
  const words = text(describeDecision(decision, pause, plan.steps))
  const accepted = pause.accepts?.[decision]
  if (accepted !== undefined) return `${words}; **needs a reason**: ${text(accepted)}`
  return decision === 'roll-back' ? `${words}; that takes back configuration and code, not data` : words
}

export const howToAnswer = ({ form, plan }: View, pause: Pause): string =>
  blocks(
    form === null ? null : formBlock(form, answerFields(form.kind, plan.environment.name, pause)),
    pause.options.includes('withdraw')
      ? 'The first answer that ends the question counts, and it counts for this question only.'
      : 'The first answer counts, and it counts for this question only.',
  )
