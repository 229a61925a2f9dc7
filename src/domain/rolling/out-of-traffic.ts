import { standing } from '../journal/standing.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Underway } from '../ledger/underway.ts'
import type { RollStep } from '../step/step.ts'
import { rollSteps } from '../step/steps-in.ts'

/** An instance that a failed change left out of traffic, where it is to stay until a change succeeds. */
export interface KeptOut {
  readonly service: string
  readonly instance: string
}

/** The instances that an open deployment has taken out of traffic for good, with the step that did. */
export function keptOutBy({
  plan,
  journal,
}: Pick<Underway, 'plan' | 'journal'>): { readonly step: RollStep; readonly instance: string }[] {
  const { rolls } = standing(plan, journal)
  return rollSteps(plan.steps).flatMap((step) =>
    [...(rolls.get(step.id)?.instances ?? [])]
      .filter(([, { out }]) => out)
      .map(([instance]) => ({ step, instance })),
  )
}

/** Every instance of an environment that must get no requests: by the open deployment, or since an earlier one. */
export function keptOut({ deployment, unfinished }: Pick<Ledger, 'deployment' | 'unfinished'>): KeptOut[] {
  const now = deployment === null ? [] : keptOutBy(deployment)
  const changed = deployment === null ? () => false : changedSince(deployment)
  return [
    ...now.map(({ step, instance }) => ({ service: step.service.name, instance })),
    ...unfinished.filter((one) => one.out && !changed(one)),
  ]
}

/** An instance that the open deployment has begun to change again is judged by that deployment. */
function changedSince({ plan, journal }: Underway): (one: KeptOut) => boolean {
  const { rolls } = standing(plan, journal)
  return ({ service, instance }) =>
    rollSteps(plan.steps).some(
      (step) =>
        step.service.name === service && rolls.get(step.id)?.instances.get(instance)?.touched === true,
    )
}
