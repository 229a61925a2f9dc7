import { isOnEngine } from '../../domain/config/declared-service.ts'
import type { EngineService } from '../../domain/config/engine-recipe.ts'
import { backInCode, onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { HandOverStep } from '../../domain/step/step.ts'
import { handOverSteps, moveOverStep } from '../../domain/step/steps-in.ts'
import { type Context, quoted, variables } from '../run/context.ts'
import type { Hand } from './hand.ts'
import { isFailure, look } from './look.ts'

/**
 * Has the engine run as many replicas of a side that visitors are not on as of the side that they are on: it may have been
 * scaled down while no visitor was there.
 */
export async function bringToScale(context: Context, { step, engine, seen }: Hand): Promise<Failure | null> {
  if (!step.unvisited || engine.scale === undefined) return null
  const wanted = await replicasWithVisitors(context, step)
  if (typeof wanted === 'object') return wanted
  return quoted(context, '  │ ', async (watch) => (await engine.scale?.(wanted, seen, watch)) ?? null)
}

/** Returns the services whose side has fewer replicas ready than the side that visitors leave, each in words. */
export async function shortOfReplicas(context: Context): Promise<string[]> {
  const steps = handOverSteps(context.plan.steps).filter(({ unvisited }) => unvisited)
  const found = await Promise.all(steps.map((step) => whyShort(context, step)))
  return found.filter((why) => why !== null)
}

async function whyShort(context: Context, step: HandOverStep): Promise<string | null> {
  const wanted = await replicasWithVisitors(context, step)
  if (typeof wanted === 'object') return wanted.what
  const { service } = step
  const known = { ...(await variables(context, onward)), ROLLGATE_SERVICE: service.name }
  const seen = await look(context, service.name, (signal) =>
    context.ports.engine(service).state(known, signal),
  )
  if (seen === null) return `the engine has no ${service.name} on that side any more`
  if (isFailure(seen)) return seen.what
  const { ready } = seen.replicas
  return ready >= wanted
    ? null
    : `${service.name} has ${ready} replicas ready, and ${wanted} serve on the side that visitors leave`
}

/** Returns the replicas of a service that its engine is to run where visitors are; none where it has no such service. */
async function replicasWithVisitors(context: Context, { service }: HandOverStep): Promise<number | Failure> {
  const other = onOtherSide(context, service)
  if (other === null) return 0
  const known = { ...(await variables(context, backInCode)), ROLLGATE_SERVICE: other.name }
  const seen = await look(context, other.name, (signal) => context.ports.engine(other).state(known, signal))
  if (seen === null) return 0
  return isFailure(seen) ? seen : seen.replicas.wanted
}

const onOtherSide = ({ plan }: Context, { name }: EngineService): EngineService | null =>
  moveOverStep(plan.steps)
    ?.moving.services.filter(isOnEngine)
    .find((one) => one.name === name) ?? null
