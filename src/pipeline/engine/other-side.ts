import { isOnEngine } from '../../domain/config/declared-service.ts'
import type { EngineService } from '../../domain/config/engine-recipe.ts'
import { replicasKept } from '../../domain/detour/stand-in/replicas-kept.ts'
import { backInCode, onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { HandOverStep } from '../../domain/step/step.ts'
import { asideStep, changedAside, handOverSteps, moveOverStep } from '../../domain/step/steps-in.ts'
import { openIn } from '../detour/work.ts'
import { type Context, quoted, variables } from '../run/context.ts'
import type { Hand } from './hand.ts'
import { isFailure, look } from './look.ts'

/**
 * Has the engine run as many replicas of a side that visitors are not on as of the side that they are on: it may have been
 * scaled down while no visitor was there.
 */
export async function bringToScale(context: Context, { step, engine, seen }: Hand): Promise<Failure | null> {
  if (engine.scale === undefined) return null
  const wanted = await replicasElsewhere(context, step)
  if (typeof wanted === 'object') return wanted
  if (wanted === 0) return null
  return quoted(context, '  │ ', async (watch) => (await engine.scale?.(wanted, seen, watch)) ?? null)
}

/** Returns the services whose side has fewer replicas ready than the side that visitors leave, each in words. */
export async function shortOfReplicas(context: Context): Promise<string[]> {
  const found = await Promise.all(handOverSteps(context.plan.steps).map((step) => whyShort(context, step)))
  return found.filter((why) => why !== null)
}

async function whyShort(context: Context, step: HandOverStep): Promise<string | null> {
  const wanted = await replicasElsewhere(context, step)
  if (typeof wanted === 'object') return wanted.what
  if (wanted === 0) return null
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

/**
 * Returns the replicas that a service needs before visitors come to it: those that its engine is to run on the other side,
 * and those that it had at home before it was left. None where visitors are there already.
 */
async function replicasElsewhere(context: Context, { service }: HandOverStep): Promise<number | Failure> {
  const other = onOtherSide(context, service)
  const kept = replicasKept(openIn(context)?.notes ?? [], service.name)
  if (other === null) return kept
  const known = { ...(await variables(context, backInCode)), ROLLGATE_SERVICE: other.name }
  const seen = await look(context, other.name, (signal) => context.ports.engine(other).state(known, signal))
  if (seen === null) return kept
  return isFailure(seen) ? seen : Math.max(kept, seen.replicas.wanted)
}

/** Returns the service of the side that visitors are on while this one is changed; null where it changes under them. */
function onOtherSide({ plan: { steps } }: Context, { name }: EngineService): EngineService | null {
  const services =
    moveOverStep(steps)?.moving.services ?? (changedAside(steps) ? asideStep(steps)?.detour.services : [])
  return services?.filter(isOnEngine).find((one) => one.name === name) ?? null
}
