import type { Plan } from '../plan/plan.ts'
import { instancesThatAre } from '../rolling/rolling.ts'
import { isHandOver, type Step } from '../step/step.ts'
import { rollSteps } from '../step/steps-in.ts'
import { repeatable, traitsOf } from '../step/traits.ts'
import { type Standing, type StepStanding, stateOf } from './deployment-standing.ts'
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
    forced: [...instancesIn(plan, now, 'forced'), ...undosForced(plan, now)],
    excluded: instancesIn(plan, now, 'excluded'),
    failure,
  }
}

/** The steps of the proof that a person counted as done. */
const proofsForced = (plan: Plan, now: Standing): string[] =>
  plan.steps.filter((step) => traitsOf(step).proves && isForced(step, stateOf(now, step))).map(nameInOutcome)

/** The steps whose undo failed and was counted as done by a person. */
const undosForced = (plan: Plan, now: Standing): string[] =>
  plan.steps.filter((step) => stateOf(now, step).undoForced).map(nameInOutcome)

/** A service on an engine by its name, any other step by its id. */
const nameInOutcome = (step: Step): string => (isHandOver(step) ? step.service.name : step.id)

/** A person who was asked how a lost step had ended has seen it done: it had not failed. */
const isForced = (step: Step, { state, unsure }: StepStanding): boolean =>
  state === 'forced' && (repeatable(step) || !unsure)

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
