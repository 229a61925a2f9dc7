import { isFinal } from '../../domain/question/decision.ts'
import type { AnswerInputs } from '../../inputs/inputs.ts'
import type { Answering } from '../../pipeline/act/admit.ts'
import { decide } from '../../pipeline/act/decide.ts'
import { withdrawApproval } from '../../pipeline/act/withdraw-approval.ts'
import { recall } from '../../pipeline/plan/survey.ts'
import type { Hands } from '../run/hands.ts'
import { rememberLock } from '../run/remembered.ts'
import { placeOf } from '../run/request.ts'
import { leaveWith } from '../tell/leave.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { addSummary } from '../tell/summary.ts'

export const decideDoor = (hands: Hands<'decide'>): Promise<void> =>
  giveAnswer(hands, answerOf(hands, hands.inputs.environment, hands.inputs.answer))

/** Gives an answer, and resumes its deployment. */
export async function giveAnswer(hands: Hands, answer: Answering): Promise<void> {
  const { ports, config, doer, stop } = hands
  const { environment } = answer
  const kept = await recall(ports, config, placeOf(hands, environment))
  const { decision } = answer
  // No lock is taken: a withdrawal only notes it.
  if (!isFinal(decision)) {
    const withdrawn = await withdrawApproval(ports, kept, answer, doer)
    if (withdrawn.kind === 'withdrawn') return leaveWith(hands, withdrawn.concluded)
    return tellAsked(hands, environment, withdrawn.deployment)
  }
  rememberLock(kept.ledger.app, environment)
  await leaveWith(hands, await decide(ports, kept, { ...answer, decision }, doer, stop, config))
}

/** The run at work halts, and its page has the question. */
function tellAsked({ ports }: Hands, environment: string, deployment: number): void {
  const words = `Deployment ${deployment} of ${environment} is asked to halt: it begins nothing further that brings the release forward, and asks.`
  ports.voice.line(words)
  addSummary(`## ⛔ The approval was taken back\n\n${words}\n`)
  tellOutputs({ outcome: 'asked' })
}

/** The answer from the form, by the person who acts now. */
export const answerOf = ({ runner }: Hands, environment: string, answer: AnswerInputs): Answering => ({
  environment,
  ...answer,
  by: runner.actor,
})
