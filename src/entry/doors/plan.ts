import { Problem } from '../../domain/problem.ts'
import type { AnswerInputs, DeploymentInputs } from '../../inputs/inputs.ts'
import { foreseeAnswer, openQuestion } from '../../pipeline/act/admit.ts'
import { approvalOf } from '../../pipeline/act/withdraw-approval.ts'
import { foresee } from '../../pipeline/plan/foresee.ts'
import { recall } from '../../pipeline/plan/survey.ts'
import type { Hands } from '../run/hands.ts'
import { placeOf, requestOf } from '../run/request.ts'
import { askAPerson } from '../tell/call-a-person.ts'
import { withForm } from '../tell/pages.ts'
import { tellAlreadyDeployed, tellKeptWaiting, tellPlan, tellQuestion } from '../tell/tell.ts'
import { answerOf } from './decide.ts'

/** Shows the plan, or the open question. Changes nothing. */
export const planDoor = (hands: Hands<'plan'>): Promise<void> => {
  const { about } = hands.inputs
  return about.kind === 'deployment' ? showPlan(hands, about.deployment) : showQuestion(hands, about.answer)
}

async function showPlan(hands: Hands<'plan'>, asked: DeploymentInputs): Promise<void> {
  const { ports, config, doer } = hands
  const foreseen = await foresee(ports, config, requestOf(hands, asked), doer, ports)
  switch (foreseen.kind) {
    case 'already-deployed':
      return tellAlreadyDeployed(hands, asked.environment, foreseen.release)
    case 'waits': {
      const { ledger, underway, pause } = foreseen
      await tellQuestion(hands, ledger, underway, pause)
      return askAPerson(hands, underway.plan.environment.name, pause)
    }
    case 'kept-waiting':
      return tellKeptWaiting(hands, foreseen)
    case 'planned': {
      await tellPlan(hands, foreseen)
      const [refusal] = foreseen.plan.refusals
      if (refusal !== undefined)
        throw new Problem(refusal.code, await withForm(hands, refusal, foreseen.obstacle))
    }
  }
}

async function showQuestion(hands: Hands<'plan'>, given: AnswerInputs | null): Promise<void> {
  const { inputs, ports, config } = hands
  const { environment } = inputs
  const recalled = await recall(ports, config, placeOf(hands, environment))
  const { ledger } = recalled
  const { deployment } = ledger
  if (given?.decision === 'withdraw' && deployment !== null)
    approvalOf(answerOf(hands, environment, given), deployment)
  const pause = deployment === null ? null : await openQuestion(ports, deployment, hands.doer)
  if (deployment !== null && pause !== null) {
    const answer = given === null ? null : answerOf(hands, environment, given)
    await tellQuestion(hands, ledger, deployment, pause, answer)
    return answer === null ? undefined : foreseeAnswer(ports, recalled, deployment, pause, answer)
  }
  if (deployment !== null && given?.decision === 'withdraw')
    return void hands.ports.voice.line(
      `Deployment ${deployment.number} of ${environment} is at work: a withdrawal asks its run to halt.`,
    )
  throw new Problem('decision-unasked', {
    what: `Nothing in ${environment} waits for a person.`,
    why: 'The question was answered before, or the deployment has ended since.',
    next: 'Look at the last deployment of the environment. Nothing was changed.',
  })
}
