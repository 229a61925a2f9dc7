import type { Instance } from '../../domain/config/fleet.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { quoted } from '../run/context.ts'
import { command } from './instance-commands.ts'
import { healthy } from './instance-observed.ts'
import type { InstanceWork, TrafficWork } from './instance-work.ts'

export function leave({ context, traffic, instance, seen, signal }: TrafficWork): Promise<Failure | null> {
  return quoted(
    context,
    `${instance.name} │ `,
    async (watch) => trafficFailure(instance, 'left', await traffic.leave(instance, seen, watch)),
    signal,
  )
}

export function enter({ context, traffic, instance, seen, signal }: InstanceWork): Promise<Failure | null> {
  return quoted(
    context,
    `${instance.name} │ `,
    async (watch) => trafficFailure(instance, 'entered', await traffic.enter(instance, seen, watch)),
    signal,
  )
}

const trafficFailure = (instance: Instance, verb: string, why: string | null): Failure | null =>
  why === null
    ? null
    : { code: 'traffic-stuck', what: `${instance.name} has not ${verb} traffic: ${why}.`, tail: [] }

/** A failed instance stays up for inspection, but must get no traffic, for every answer of its own. */
export async function keepOut(work: TrafficWork): Promise<Failure | null> {
  const stuck = await leave(work)
  const { service, instance } = work
  if (service.traffic.kind !== 'is-alive') return stuck
  const alive = await healthy(work)
  if (alive === false) return null
  if (service.fleet.stop !== null) return command(work, 'stop', service.fleet.stop)
  const says = alive === null ? 'it has no health check' : 'it says that it is healthy'
  return { code: 'traffic-stuck', what: `${says}, and ${instance.name} has no stop.`, tail: [] }
}
