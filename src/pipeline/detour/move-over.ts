import { sideOf } from '../../domain/detour/agreement.ts'
import type { DetourDeed, DetourEvidence } from '../../domain/detour/deed.ts'
import { type DetourSide, otherSide } from '../../domain/detour/side.ts'
import { backInCode, type Direction, onward, releaseOf } from '../../domain/journal/direction.ts'
import { Problem } from '../../domain/problem.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { MoveOverStep } from '../../domain/step/step.ts'
import { moveOverStep, rollSteps } from '../../domain/step/steps-in.ts'
import type { DetourDoor, Variables } from '../ports.ts'
import { broughtBy, notWell } from '../roll/serving-well.ts'
import { type Context, quoted, variables } from '../run/context.ts'
import type { StepEnd } from '../run/step-end.ts'
import { passSmokeTest } from './smoke-test.ts'

/** Moves visitors to the side that has the release, once it is well and has passed its smoke test. */
export async function moveOver(context: Context, step: MoveOverStep): Promise<StepEnd> {
  const { smokeTest } = step.moving
  const seen = await sidedVariables(context, step.to, onward)
  const failure =
    (await warm(context)) ??
    (smokeTest === null ? null : await passSmokeTest(context, smokeTest[step.to], seen))
  if (failure !== null) return { kind: 'failed', failure }
  const sent = await send(context, step, step.to, seen)
  if (sent.kind === 'failed') return sent
  const note = `visitors are on ${step.to}, which serves ${context.plan.release.tag}${inWords(sent.evidence)}`
  return { kind: 'succeeded', note }
}

/** Sends visitors back to the side that they left, which still serves the older release. */
export async function moveBack(context: Context, step: MoveOverStep): Promise<Failure | null> {
  const side = otherSide(step.to)
  const sent = await send(context, step, side, await sidedVariables(context, side, backInCode))
  return sent.kind === 'failed' ? sent.failure : null
}

/**
 * Throws unless visitors are seen on the side that a deployment leaves alone: all instances of the other change at once.
 * The ledger knows the last switch, and a person may have made another since.
 */
export async function seeVisitorsElsewhere(context: Context): Promise<void> {
  const step = moveOverStep(context.plan.steps)
  if (step === null || context.plan.from === null) return
  const seen = await sidedVariables(context, step.to, onward)
  const side = sideOf(await doorOf(context, step).observe(seen, context.stop.forced))
  if (side.kind === 'found' && side.value !== step.to) return
  throw side.kind === 'unknown' ? new Problem(side.why.code, side.why) : visitedAlready(step.to)
}

const visitedAlready = (side: DetourSide): Problem =>
  new Problem('detour-disagrees', {
    what: `Visitors are on ${side}, the side that this deployment changes.`,
    why: 'Its plan was made while they were on the other one: they were moved since.',
    next: 'Have the door send them to the other side, then start the deployment again. Nothing was changed there.',
  })

async function warm(context: Context): Promise<Failure | null> {
  const ill = await notWell(context, broughtBy(context, rollSteps(context.plan.steps)))
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

const doorOf = ({ ports, plan }: Context, { moving }: MoveOverStep): DetourDoor =>
  ports.door(
    moving.door,
    [...rollSteps(plan.steps).map(({ service }) => service), ...moving.services].map(({ name, fleet }) => ({
      service: name,
      fleet,
    })),
  )

const sidedVariables = async (
  context: Context,
  side: DetourSide,
  direction: Direction,
): Promise<Variables> => ({
  ...(await variables(context, direction)),
  ROLLGATE_SIDE: side,
  ROLLGATE_RELEASE: releaseOf(context.plan, direction).tag,
})

function inWords(evidence: DetourEvidence): string {
  const facts = Object.entries(evidence).map(([name, value]) => `${name} ${value}`)
  return facts.length === 0 ? '' : ` (${facts.join(', ')})`
}

const interrupted: Failure = {
  code: 'interrupted',
  what: 'The move was ended because the run was cancelled.',
  tail: [],
}
