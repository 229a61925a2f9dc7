import type { Plan } from '../plan/plan.ts'
import { instancesThatAre } from '../rolling/rolling.ts'
import { rollSteps } from '../step/steps-in.ts'
import { traitsOf } from '../step/traits.ts'
import { type Standing, stateOf } from './deployment-standing.ts'
import type { Outcome } from './outcome.ts'
import { staysNow } from './steps-back.ts'

export function succeeded(plan: Plan, now: Standing): Outcome {
  const afterwards = plan.steps
    .map((step) => stateOf(now, step))
    .find(({ state, failure }) => state === 'failed' && failure !== null)
  return {
    kind: 'succeeded',
    forced: [...instancesIn(plan, now, 'forced'), ...proofsForced(plan, now)],
    excluded: instancesIn(plan, now, 'excluded'),
    failed: instancesIn(plan, now, 'failed'),
    afterwards: afterwards?.failure ?? null,
  }
}

export function turnedBack(plan: Plan, now: Standing): Outcome {
  const failure = now.failure
  const gaveUp = plan.steps.some(
    (step) => traitsOf(step).onFailure === 'take-back' && stateOf(now, step).state === 'failed',
  )
  if (gaveUp && failure !== null) return { kind: 'failed', failure, stays: stays(plan, now) }
  return {
    kind: 'rolled-back',
    forced: instancesIn(plan, now, 'forced'),
    excluded: instancesIn(plan, now, 'excluded'),
    failure,
  }
}

/** The steps of the proof that a person counted as done. */
const proofsForced = (plan: Plan, now: Standing): string[] =>
  plan.steps
    .filter((step) => traitsOf(step).proves && stateOf(now, step).state === 'forced')
    .map(({ id }) => id)

const instancesIn = (plan: Plan, now: Standing, wanted: 'forced' | 'excluded' | 'failed'): string[] =>
  rollSteps(plan.steps).flatMap(({ id, service }) => {
    const rolling = now.rolls.get(id)
    return rolling === undefined
      ? []
      : instancesThatAre(rolling, wanted).map((name) => `${service.name}/${name}`)
  })

/** Returns the steps whose effects stay: they began, and cannot be undone. */
export const stays = (plan: Plan, now: Standing): string[] =>
  plan.steps
    .filter((step) => traitsOf(step).undo(step, plan).kind !== 'nowhere' && staysNow(plan, now, step))
    .map((step) => step.id)
