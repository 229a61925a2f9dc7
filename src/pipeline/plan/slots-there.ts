import type { Instance } from '../../domain/config/fleet.ts'
import type { Service } from '../../domain/config/service.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import type { ProblemWords } from '../../domain/problem.ts'
import { slotNames, slotsIn, slotVariables } from '../../domain/rolling/rollout-order.ts'
import { rollSteps } from '../../domain/step/steps-in.ts'
import type { Ports } from '../ports.ts'
import { hostVariables } from '../run/host-variables.ts'

type Balancers = Pick<Ports, 'fleet' | 'traffic'>

/**
 * Returns the refusal of a plan whose balancer has no server for a slot; null where all are there, or where it cannot be
 * asked from here: then the run behind the gate asks it before the first change. No command of the release runs.
 */
export async function missingServers(ports: Balancers, plan: Plan): Promise<ProblemWords | null> {
  const places = rollSteps(plan.steps).flatMap(({ service }) =>
    service.fleet.instances.map((instance) => ({ service, instance })),
  )
  const missing = (await Promise.all(places.map((place) => missingAt(ports, plan, place)))).flat()
  if (missing.length === 0) return null
  return {
    code: 'traffic-unknown',
    what: `The balancer has no server for ${missing.join(', ')}.`,
    why: 'With start-first each slot of an instance is a server of its own, like web-1-a and web-1-b.',
    next: 'Add the servers to the backend, then plan again. Nothing was changed.',
  }
}

async function missingAt(
  ports: Balancers,
  { app, environment }: Plan,
  { service, instance }: { readonly service: Service; readonly instance: Instance },
): Promise<string[]> {
  const slots = slotsIn(service.rollout.order)
  if (slots === null) return []
  const traffic = ports.traffic(service, ports.fleet(service.fleet))
  const found = await Promise.all(
    slotNames.map(async (slot) => {
      const seen = {
        ROLLGATE_APP: app,
        ROLLGATE_ENVIRONMENT: environment.name,
        ROLLGATE_SERVICE: service.name,
        ROLLGATE_INSTANCE: instance.name,
        ...hostVariables(service.fleet, instance),
        ...slotVariables(slots, slot, instance),
      }
      const known = await traffic.knows(instance, seen)
      return known.kind === 'found' && !known.value ? [`${instance.name} (slot ${slot})`] : []
    }),
  )
  return found.flat()
}
