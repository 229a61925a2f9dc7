import { sideOf } from '../../domain/detour/agreement.ts'
import type { DetourDeed, DetourEvidence } from '../../domain/detour/deed.ts'
import { type DetourSide, otherSide } from '../../domain/detour/side.ts'
import { backInCode, onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { MoveOverStep } from '../../domain/step/step.ts'
import { rollSteps } from '../../domain/step/steps-in.ts'
import { enginesNotWell } from '../engine/not-well.ts'
import { shortOfReplicas } from '../engine/other-side.ts'
import type { Variables } from '../ports.ts'
import { broughtBy, notWell } from '../roll/serving-well.ts'
import { type Context, quoted } from '../run/context.ts'
import type { StepEnd } from '../run/step-end.ts'
import { moveBackBetween, moveBetween } from './own/steps.ts'
import { passSmokeTest } from './smoke-test.ts'
import { doorOf, sidedVariables } from './visitors.ts'

/** Moves visitors to the side that has the release, once it is well and has passed its smoke test. */
export async function moveOver(context: Context, step: MoveOverStep): Promise<StepEnd> {
  const { smokeTest } = step.moving
  const seen = await sidedVariables(context, step.to, onward)
  const failure =
    (await warm(context)) ??
    (smokeTest === null ? null : await passSmokeTest(context, smokeTest[step.to], seen))
  if (failure !== null) return { kind: 'failed', failure }
  if (step.own !== undefined) return moveBetween(context, step, step.own)
  const sent = await send(context, step, step.to, seen)
  if (sent.kind === 'failed') return sent
  const note = `visitors are on ${step.to}, which serves ${context.plan.release.tag}${inWords(sent.evidence)}`
  return { kind: 'succeeded', note }
}

/** Sends visitors back to the side that they left, which still serves the older release. */
export async function moveBack(context: Context, step: MoveOverStep): Promise<Failure | null> {
  if (step.own !== undefined) return moveBackBetween(context, step, step.own)
  const side = otherSide(step.to)
  const sent = await send(context, step, side, await sidedVariables(context, side, backInCode))
  return sent.kind === 'failed' ? sent.failure : null
}

async function warm(context: Context): Promise<Failure | null> {
  const ill = [
    ...(await notWell(context, broughtBy(context, rollSteps(context.plan.steps)))),
    ...(await enginesNotWell(context)),
    ...(await shortOfReplicas(context)),
  ]
  if (context.stop.asked.aborted) return interrupted
  return ill.length === 0 ? null : { code: 'detour-short', what: `${ill.join('; ')}.`, tail: [] }
}

/** Sends visitors to a side: done is what every frontend was seen to do. */
async function send(
  context: Context,
  step: MoveOverStep,
  side: DetourSide,
  seen: Variables,
): Promise<DetourDeed> {
  const door = doorOf(context, step)
  const deed = await quoted(context, `${side} │ `, (watch) => door.point(side, seen, watch))
  if (deed.kind === 'failed') return deed
  const now = sideOf(await door.observe(seen, context.stop.forced))
  if (now.kind === 'found' && now.value === side) return deed
  const why = now.kind === 'unknown' ? now.why.what : `they are on ${otherSide(side)}`
  const what = `Visitors were sent to ${side}, and are not seen there: ${why}`
  return { kind: 'failed', failure: { code: 'detour-disagrees', what, tail: [] } }
}

function inWords(evidence: DetourEvidence): string {
  const facts = Object.entries(evidence).map(([name, value]) => `${name} ${value}`)
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`
}

const interrupted: Failure = {
  code: 'interrupted',
  what: 'The move was ended because the run was cancelled.',
  tail: [],
}
