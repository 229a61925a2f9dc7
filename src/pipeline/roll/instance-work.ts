import type { Instance } from '../../domain/config/fleet.ts'
import type { Service } from '../../domain/config/service.ts'
import { type Direction, releaseOf } from '../../domain/journal/direction.ts'
import { modes } from '../../domain/plan/modes.ts'
import type { Release } from '../../domain/release/release.ts'
import type { SlotName } from '../../domain/rolling/rollout-order.ts'
import type { Cargo, FleetControl, Ports, TrafficControl, Variables } from '../ports.ts'
import { type Context, variables } from '../run/context.ts'
import { hostVariables } from '../run/host-variables.ts'
import { cargoFor } from './cargo.ts'

/** The work on one instance. */
export interface InstanceWork {
  readonly context: Context
  readonly service: Service
  readonly instance: Instance
  readonly wanted: Release
  readonly fleet: FleetControl
  readonly traffic: TrafficControl
  readonly seen: Variables
  /** The slot that the work is in; null for the instance as a whole. */
  readonly slot: SlotName | null
  readonly signal: AbortSignal
  /** The file that the instance is to get; null where its service brings none. */
  readonly cargo: Cargo | null
  /** True if the release starts once more where it serves already. */
  readonly anew: boolean
}

/** The inputs of a look at an instance. */
export type Sight = Omit<InstanceWork, 'context' | 'wanted' | 'cargo' | 'anew'>

export const workOn = async (
  context: Context,
  service: Service,
  instance: Instance,
  direction: Direction,
  signal: AbortSignal,
): Promise<InstanceWork> => (await workWithin(context, service, direction, signal))(instance)

/** Returns the work on any instance of a service. What all of them share is read once: a fleet may have a thousand. */
export async function workWithin(
  context: Context,
  service: Service,
  direction: Direction,
  signal: AbortSignal,
): Promise<(instance: Instance) => InstanceWork> {
  const { ports, plan } = context
  const fleet = ports.fleet(service.fleet)
  const traffic = ports.traffic(service, fleet)
  const shared = await variables(context, direction)
  return (instance) => ({
    context,
    service,
    instance,
    fleet,
    traffic,
    cargo: cargoFor(context, service, direction, instance),
    wanted: releaseOf(plan, direction),
    seen: {
      ...shared,
      ...instance.env,
      ROLLGATE_SERVICE: service.name,
      ROLLGATE_INSTANCE: instance.name,
      ...hostVariables(service.fleet, instance),
    },
    slot: null,
    signal,
    anew: modes[plan.mode].rolls === 'restart',
  })
}

/** A look that may end the traffic of its instance. */
export interface TrafficWork extends Sight {
  readonly context: Pick<Context, 'stop'> & { readonly ports: Pick<Ports, 'voice'> }
}
