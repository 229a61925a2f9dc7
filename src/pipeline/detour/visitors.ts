import { onFleets } from '../../domain/config/declared-service.ts'
import { sideOf } from '../../domain/detour/agreement.ts'
import type { DetourSide } from '../../domain/detour/side.ts'
import { type Direction, onward, releaseOf } from '../../domain/journal/direction.ts'
import { Problem } from '../../domain/problem.ts'
import type { MoveOverStep } from '../../domain/step/step.ts'
import { moveOverStep, rollSteps } from '../../domain/step/steps-in.ts'
import type { DetourDoor, Variables } from '../ports.ts'
import { type Context, variables } from '../run/context.ts'

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

/** Returns the door by which visitors are moved. */
export const doorOf = ({ ports, plan }: Context, { moving }: MoveOverStep): DetourDoor =>
  ports.door(
    moving.door,
    [...rollSteps(plan.steps).map(({ service }) => service), ...onFleets(moving.services)].map(
      ({ name, fleet }) => ({ service: name, fleet }),
    ),
  )

/** Returns the variables of a deed for one side. */
export const sidedVariables = async (
  context: Context,
  side: DetourSide,
  direction: Direction,
): Promise<Variables> => ({
  ...(await variables(context, direction)),
  ROLLGATE_SIDE: side,
  ROLLGATE_RELEASE: releaseOf(context.plan, direction).tag,
})
