import { unreachable } from '../../domain/question/decision.ts'
import { admit } from '../../pipeline/act/decide.ts'
import { type PassedOrAsked, passOrAsk } from '../../pipeline/act/deploy.ts'
import { mayConverge } from '../../pipeline/act/reconcile.ts'
import { passPolicy } from '../../pipeline/lock/gate.ts'
import { runsCommands } from '../../pipeline/lock/take-lock.ts'
import type { Request } from '../../pipeline/plan/request.ts'
import { recall } from '../../pipeline/plan/survey.ts'
import { rightingRecords } from '../../pipeline/run/correct-records.ts'
import { asScheduled } from '../../pipeline/schedule/deploy-scheduled.ts'
import { rememberLock } from '../run/remembered.ts'
import { type DeploymentCommand, requestOf } from '../run/request.ts'
import type { Hands } from '../run/wire.ts'
import { leaveWith } from '../tell/leave.ts'
import { tellOutputs } from '../tell/outputs.ts'
import { callWhoAsked } from '../tell/schedule-issue.ts'
import { tellAlreadyDeployed } from '../tell/tell.ts'
import { answerOf, decideDoor } from './decide.ts'
import { askToConverge } from './reconcile.ts'

/**
 * The first step of every gated job, before a checkout. It refuses an unapproved deployment. If named people
 * are asked first it writes their question, and the steps after it do not run.
 */
export async function gateDoor(hands: Hands): Promise<void> {
  const { mode } = hands.inputs
  switch (mode) {
    case 'deploy':
    case 'rollback':
    case 'restart':
    case 'task':
      return toBegin(hands, mode)
    case 'decision':
      return toAnswer(hands)
    case 'converge':
      return toConverge(hands)
    default:
      return unreachable(mode)
  }
}

async function toBegin(hands: Hands, command: DeploymentCommand): Promise<void> {
  const { inputs, ports, config, doer, stop } = hands
  const request = requestOf(hands, command)
  const { policy, ledger } = await recall(ports, config, request)
  // A deployment under way may need more than today's policy says: only its plan tells.
  if (ledger.deployment === null) {
    const passage = await passPolicy(ports, policy, command, doer)
    if (passage.kind === 'open') return letThrough(hands, passage)
  }
  const { schedule } = inputs
  const passed =
    schedule === null
      ? await passOrAsk(ports, config, request, inputs.plan, doer, stop, rememberLock)
      : await passScheduled(hands, request)
  switch (passed.kind) {
    case 'passed':
      return letThrough(hands, passed)
    case 'asked':
      return leaveWith(hands, passed)
    case 'already-deployed':
      return tellAlreadyDeployed(hands, passed.release)
    default:
      return unreachable(passed)
  }
}

const passScheduled = (hands: Hands, request: Request): Promise<PassedOrAsked> => {
  const { ports, config, doer, stop } = hands
  const pass = () => passOrAsk(ports, config, request, null, doer, stop, rememberLock)
  return asScheduled(
    ports,
    config,
    request,
    doer,
    (refused) => callWhoAsked(hands, refused.policy, refused),
    pass,
  )
}

/** An answer that ends the deployment is given here: what was not approved is not checked out to be rejected. */
async function toAnswer(hands: Hands): Promise<void> {
  if (!runsCommands(hands.inputs.decision)) return decideDoor(hands)
  const { inputs, ports, config, doer, app } = hands
  const recalled = await recall(ports, config, {
    environment: inputs.environment,
    app,
    configPath: inputs.config,
  })
  const admitted = () => admit(ports, recalled, answerOf(hands), doer)
  await rightingRecords(ports, async () => recalled, doer, admitted)
  letThrough(hands, { note: null })
}

async function toConverge(hands: Hands): Promise<void> {
  const { inputs, ports, config, doer, app } = hands
  const asked = { environment: inputs.environment, app, configPath: inputs.config }
  const passage = await mayConverge(ports, config, asked, doer)
  return passage.kind === 'asks' ? askToConverge(hands) : letThrough(hands, passage)
}

function letThrough({ ports, inputs }: Hands, passage: { readonly note: string | null }): void {
  ports.voice.line(
    `The gate of ${inputs.environment} is open${passage.note === null ? '' : `: ${passage.note}`}.`,
  )
  tellOutputs({ go: 'true' })
}
