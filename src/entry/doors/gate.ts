import { scheduleOf } from '../../domain/plan/undertaking.ts'
import { unreachable } from '../../domain/question/decision.ts'
import type { AnswerInputs, DeploymentInputs } from '../../inputs/inputs.ts'
import { admit } from '../../pipeline/act/admit.ts'
import { type PassedOrAsked, passOrAsk } from '../../pipeline/act/pass-or-ask.ts'
import { mayConverge } from '../../pipeline/act/reconcile.ts'
import { passPolicy } from '../../pipeline/lock/gate.ts'
import { runsCommands } from '../../pipeline/lock/take-lock.ts'
import type { Request } from '../../pipeline/plan/request.ts'
import { policyText, recall } from '../../pipeline/plan/survey.ts'
import { rightingRecords } from '../../pipeline/run/correct-records.ts'
import { asScheduled, type RefusedSchedule } from '../../pipeline/schedule/deploy-scheduled.ts'
import type { Hands } from '../run/hands.ts'
import { placeOf, requestOf } from '../run/request.ts'
import { leaveWith } from '../tell/leave.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { callWhoAsked } from '../tell/schedule-issue.ts'
import { tellAlreadyDeployed } from '../tell/tell.ts'
import { answerOf, giveAnswer } from './decide.ts'
import { askToConverge } from './reconcile.ts'

/**
 * The first step of every gated job, before a checkout. It refuses an unapproved deployment. If named people
 * are asked first it writes their question, and the steps after it do not run.
 */
export function gateDoor(hands: Hands<'gate'>): Promise<void> {
  const { about } = hands.inputs
  switch (about.kind) {
    case 'deployment':
      return toBegin(hands, about.deployment)
    case 'answer':
      return toAnswer(hands, about.answer)
    case 'convergence':
      return toConverge(hands)
    case 'comparison':
      return toCompare(hands)
    case 'examination':
      return toExamine(hands)
    default:
      return unreachable(about)
  }
}

async function toBegin(hands: Hands<'gate'>, asked: DeploymentInputs): Promise<void> {
  const { ports, config, doer } = hands
  const request = requestOf(hands, asked)
  const { undertaking, environment } = request
  const { policy, ledger } = await recall(ports, config, request)
  // A deployment under way may need more than today's policy says: only its plan tells.
  if (ledger.deployment === null) {
    const passage = await passPolicy(ports, policy, undertaking.mode, doer)
    if (passage.kind === 'open') return letThrough(hands, passage)
  }
  const passed =
    scheduleOf(undertaking) === null
      ? await passOrAsk(hands, request, asked.shown)
      : await passScheduled(hands, request)
  switch (passed.kind) {
    case 'passed':
      return letThrough(hands, passed)
    case 'asked':
      return leaveWith(hands, passed)
    case 'already-deployed':
      return tellAlreadyDeployed(hands, environment, passed.release)
    default:
      return unreachable(passed)
  }
}

const passScheduled = (hands: Hands, request: Request): Promise<PassedOrAsked> => {
  const refused = (schedule: RefusedSchedule) => callWhoAsked(hands, schedule.policy, schedule)
  return asScheduled(hands, request, refused, () => passOrAsk(hands, request, null))
}

/** A decision that ends the deployment is taken here: an unapproved release is not checked out to be rejected. */
async function toAnswer(hands: Hands<'gate'>, given: AnswerInputs): Promise<void> {
  const answer = answerOf(hands, hands.inputs.environment, given)
  if (!runsCommands(answer.decision)) return giveAnswer(hands, answer)
  const { ports, config, doer } = hands
  const recalled = () => recall(ports, config, placeOf(hands, answer.environment))
  // The records are held against a fresh ledger: another answer may have resumed the deployment meanwhile.
  const admitted = async () => admit(ports, await recalled(), answer, doer)
  const { weight } = await rightingRecords(ports, recalled, doer, admitted)
  // One of several approvals runs nothing: it is noted here, and the question stays open.
  if (weight !== null && !weight.enough) return giveAnswer(hands, answer)
  letThrough(hands, { note: null })
}

async function toConverge(hands: Hands<'gate'>): Promise<void> {
  const { inputs, ports, config, doer } = hands
  const passage = await mayConverge(ports, config, placeOf(hands, inputs.environment), doer)
  return passage.kind === 'asks' ? askToConverge(hands) : letThrough(hands, passage)
}

/** A comparison changes nothing, and runs commands of the release that was approved when it came to serve. */
async function toCompare(hands: Hands<'gate'>): Promise<void> {
  const { inputs, ports, config } = hands
  await recall(ports, config, placeOf(hands, inputs.environment))
  letThrough(hands, { note: 'instances are only compared' })
}

/** A doctor runs no command and no file of a release. It asks whether this run's approval is recorded, so that none is required. */
async function toExamine(hands: Hands<'gate'>): Promise<void> {
  const { inputs, ports, config } = hands
  config.readPolicy(await policyText(ports.repository, inputs.config), inputs.environment)
  letThrough(hands, { note: 'a doctor only asks' })
}

function letThrough({ ports, inputs }: Hands<'gate'>, passage: { readonly note: string | null }): void {
  ports.voice.line(
    `The gate of ${inputs.environment} is open${passage.note === null ? '' : `: ${passage.note}`}.`,
  )
  tellOutputs({ go: 'true' })
}
