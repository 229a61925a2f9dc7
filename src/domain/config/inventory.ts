import { type Plan, sealPlan } from '../plan/plan.ts'
import { serviceRefusals } from '../plan/service-refusals.ts'
import { rollOf } from '../plan/standard-order.ts'
import type { RollStep, Step } from '../plan/step.ts'
import type { Command, SshFleet } from './config.ts'

/** A roll whose hosts nobody knows before the inventory is asked. */
export interface Unlisted {
  readonly step: RollStep
  readonly fleet: SshFleet
  readonly inventory: Command
}

export const unlisted = ({ steps }: Pick<Plan, 'steps'>): Unlisted[] =>
  steps.flatMap((step) => {
    if (step.kind !== 'roll-services' || step.service.fleet.kind !== 'ssh') return []
    const { fleet } = step.service
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
    const fleet = step.kind === 'roll-services' ? fleets.get(step.service.name) : undefined
    if (step.kind !== 'roll-services' || fleet === undefined) return step
    const service = { ...step.service, fleet }
    return rollOf(service, plan.mode, plan.from, step.build ?? null, step.unfinished)
  })
  const listed = steps.flatMap((step) =>
    step.kind === 'roll-services' && fleets.has(step.service.name) ? [step.service] : [],
  )
  return sealPlan({
    ...content,
    steps,
    refusals: [...plan.refusals, ...serviceRefusals(listed)],
    shownAs: digest,
  })
}
