import { isFinal } from '../../domain/question/decision.ts'
import type { AnswerInputs } from '../../inputs/inputs.ts'
import type { Answering } from '../../pipeline/act/admit.ts'
import { decide } from '../../pipeline/act/decide.ts'
import { withdrawApproval } from '../../pipeline/act/withdraw-approval.ts'
import { recall } from '../../pipeline/plan/survey.ts'
import { rememberLock } from '../run/remembered.ts'
import { placeOf } from '../run/request.ts'
import type { Hands } from '../run/wire.ts'
import { leaveWith } from '../tell/leave.ts'

export const decideDoor = (hands: Hands<'decide'>): Promise<void> =>
  giveAnswer(hands, answerOf(hands, hands.inputs.environment, hands.inputs.answer))

/** Gives an answer, and resumes its deployment. */
export async function giveAnswer(hands: Hands, answer: Answering): Promise<void> {
  const { ports, config, doer, stop } = hands
  const { environment } = answer
  const kept = await recall(ports, config, placeOf(hands, environment))
  const { decision } = answer
  // No lock is taken: a withdrawal only notes it.
  if (!isFinal(decision)) return leaveWith(hands, await withdrawApproval(ports, kept, answer, doer))
  rememberLock(kept.ledger.app, environment)
  await leaveWith(hands, await decide(ports, kept, { ...answer, decision }, doer, stop, config))
}

/** The answer from the form, by the person who acts now. */
export const answerOf = ({ runner }: Hands, environment: string, answer: AnswerInputs): Answering => ({
  environment,
  ...answer,
  by: runner.actor,
})
