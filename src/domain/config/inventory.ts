import { placeRefusals } from '../plan/places.ts'
import { type Plan, stepsAside } from '../plan/plan.ts'
import { sealPlan } from '../plan/seal.ts'
import { serviceRefusals } from '../plan/service-refusals.ts'
import { paced, rollOf } from '../step/rolls.ts'
import { isRoll, type Step } from '../step/step.ts'
import { changedAside, rollSteps } from '../step/steps-in.ts'
import type { Command } from './command.ts'
import type { CommandFleet } from './command-fleet.ts'
import { isOverSsh, type SshFleet } from './fleet.ts'

/** A service whose hosts are unknown before its inventory is asked. */
export interface Unlisted {
  readonly service: string
  readonly fleet: SshFleet
  readonly inventory: Command
}

/** Returns the services without hosts that a plan rolls, or runs commands on, each once. */
export function unlisted({ steps, fleets }: Pick<Plan, 'steps' | 'fleets'>): Unlisted[] {
  const rolled = rollSteps(steps).map(({ service: { name, fleet } }) => ({ service: name, fleet }))
  const others = fleets.filter(({ service }) => !rolled.some((roll) => roll.service === service))
  return [...rolled, ...others].flatMap(({ service, fleet }) => {
    if (!isOverSsh(fleet)) return []
    const { inventory, instances } = fleet
    return inventory !== null && instances.length === 0 ? [{ service, fleet, inventory }] : []
  })
}

/**
 * The plan with the hosts that its inventories have printed, by service. Its batches follow from them, and so may
 * reasons not to execute it.
 */
export function withHosts(plan: Plan, fleets: ReadonlyMap<string, SshFleet>): Plan {
  const { digest, ...content } = plan
  const aside = changedAside(plan.steps)
  const steps = plan.steps.map((step): Step => {
    if (!isRoll(step)) return step
    const fleet = fleets.get(step.service.name)
    if (fleet === undefined) return step
    const service = { ...step.service, fleet }
    const { build, unfinished, instanceCheck, undesired, unvisited: over } = step
    const listed = rollOf(service, plan.mode, plan.from, build, unfinished, instanceCheck, undesired)
    return paced(listed, { aside, over })
  })
  const commandFleets = plan.fleets.map((one) => withListed(one, fleets.get(one.service)))
  const places = placeRefusals(steps, commandFleets).filter(
    ({ what }) => !plan.refusals.some((refusal) => refusal.what === what),
  )
  const listed = rollSteps(steps).flatMap(({ service }) => (fleets.has(service.name) ? [service] : []))
  return sealPlan({
    ...content,
    steps,
    fleets: commandFleets,
    refusals: [...plan.refusals, ...(stepsAside(plan) ? [] : serviceRefusals(listed)), ...places],
    shownAs: digest,
  })
}

const withListed = (one: CommandFleet, listed: SshFleet | undefined): CommandFleet =>
  listed === undefined || !isOverSsh(one.fleet)
    ? one
    : { ...one, fleet: { ...one.fleet, instances: listed.instances } }
