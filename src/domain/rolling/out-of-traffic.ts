import { standing } from '../journal/standing.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Underway } from '../ledger/underway.ts'
import type { RollStep } from '../step/step.ts'
import { rollSteps } from '../step/steps-in.ts'

/** An instance that a failed change left out of traffic, where it is to stay until a change succeeds. */
export interface KeptOut {
  readonly service: string
  readonly instance: string
  /** True if a lost run may have changed it again, and brought it back by right. */
  readonly perhapsBack: boolean
}

/** An instance that a step of the open deployment left out of traffic. */
export interface KeptOutNow extends Omit<KeptOut, 'service'> {
  readonly step: RollStep
}

/** The instances that an open deployment has taken out of traffic for good, with the step that did. */
export function keptOutBy({ plan, journal }: Pick<Underway, 'plan' | 'journal'>): KeptOutNow[] {
  const { rolls } = standing(plan, journal)
  return rollSteps(plan.steps).flatMap((step) =>
    [...(rolls.get(step.id)?.instances ?? [])]
      .filter(([, { out }]) => out)
      .map(([instance, { perhapsBack }]) => ({ step, instance, perhapsBack })),
  )
}

/** Every instance of an environment that must get no requests: by the open deployment, or since an earlier one. */
export function keptOut({ deployment, unfinished }: Pick<Ledger, 'deployment' | 'unfinished'>): KeptOut[] {
  const now = deployment === null ? [] : keptOutBy(deployment)
  const changed = deployment === null ? () => false : changedSince(deployment)
  return [
    ...now.map(({ step, ...one }) => ({ ...one, service: step.service.name })),
    ...unfinished
      .filter((one) => one.out && !changed(one))
      .map(({ service, instance }) => ({ service, instance, perhapsBack: false })),
  ]
}

/** An instance that the open deployment has begun to change again is judged by that deployment. */
function changedSince({ plan, journal }: Underway): (one: Omit<KeptOut, 'perhapsBack'>) => boolean {
  const { rolls } = standing(plan, journal)
  return ({ service, instance }) =>
    rollSteps(plan.steps).some(
      (step) =>
        step.service.name === service && rolls.get(step.id)?.instances.get(instance)?.touched === true,
    )
}
