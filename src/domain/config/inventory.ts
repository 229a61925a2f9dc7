import type { Plan } from '../plan/plan.ts'
import { sealPlan } from '../plan/seal.ts'
import { serviceRefusals } from '../plan/service-refusals.ts'
import { rollOf } from '../step/standard-order.ts'
import { isRoll, type RollStep, type Step } from '../step/step.ts'
import { rollSteps } from '../step/steps-in.ts'
import type { Command } from './command.ts'
import type { SshFleet } from './fleet.ts'

/** A roll whose hosts are unknown before the inventory is asked. */
export interface Unlisted {
  readonly step: RollStep
  readonly fleet: SshFleet
  readonly inventory: Command
}

export const unlisted = ({ steps }: Pick<Plan, 'steps'>): Unlisted[] =>
  rollSteps(steps).flatMap((step) => {
    const { fleet } = step.service
    if (fleet.kind !== 'ssh') return []
    const { inventory, instances } = fleet
    return inventory !== null && instances.length === 0 ? [{ step, fleet, inventory }] : []
  })

/**
 * The plan with the hosts that its inventories have printed, by service. Its batches follow from them, and so may
 * reasons not to execute it.
 */
export function withHosts(plan: Plan, fleets: ReadonlyMap<string, SshFleet>): Plan {
  const { digest, ...content } = plan
  const steps = plan.steps.map((step): Step => {
    if (!isRoll(step)) return step
    const fleet = fleets.get(step.service.name)
    if (fleet === undefined) return step
    const service = { ...step.service, fleet }
    return rollOf(service, plan.mode, plan.from, step.build, step.unfinished)
  })
  const listed = rollSteps(steps).flatMap(({ service }) => (fleets.has(service.name) ? [service] : []))
  return sealPlan({
    ...content,
    steps,
    refusals: [...plan.refusals, ...serviceRefusals(listed)],
    shownAs: digest,
  })
}
