import { isComplete } from '../../domain/engine/verdict.ts'
import { replicasInWords } from '../../domain/engine/verdict-words.ts'
import { onward } from '../../domain/journal/direction.ts'
import type { HandOverStep } from '../../domain/step/step.ts'
import { handOverSteps } from '../../domain/step/steps-in.ts'
import { type Context, variables } from '../run/context.ts'
import { isFailure, look } from './look.ts'

/** Looks at the services that this deployment has handed over, and returns what is not well with them. */
export async function enginesNotWell(context: Context): Promise<string[]> {
  const { steps } = context.session.standing
  const done = handOverSteps(context.plan.steps).filter(({ id }) => steps.get(id)?.state === 'succeeded')
  const found = await Promise.all(done.map((step) => whyNotWell(context, step)))
  return found.filter((why) => why !== null)
}

async function whyNotWell(context: Context, { id, service }: HandOverStep): Promise<string | null> {
  const handed = context.session.standing.engines.get(id)?.handed
  if (handed === null || handed === undefined) return null
  const known = { ...(await variables(context, onward)), ROLLGATE_SERVICE: service.name }
  const seen = await look(context, service.name, (signal) =>
    context.ports.engine(service).state(known, signal),
  )
  if (seen === null) return `the engine has no ${service.name} any more`
  if (isFailure(seen)) return seen.what
  return isComplete(seen, handed.images)
    ? null
    : `${service.name} is not well on its engine: ${replicasInWords(seen)}`
}
