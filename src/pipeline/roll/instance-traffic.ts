import type { Failure } from '../../domain/question/decision.ts'
import { quoted } from '../run/context.ts'
import { command } from './instance-commands.ts'
import { healthy } from './instance-observed.ts'
import { placeOf } from './instance-slots.ts'
import type { InstanceWork, TrafficWork } from './instance-work.ts'

export function leave(work: TrafficWork): Promise<Failure | null> {
  const { context, traffic, instance, seen, signal } = work
  return quoted(
    context,
    `${placeOf(work)} │ `,
    async (watch) => trafficFailure(placeOf(work), 'left', await traffic.leave(instance, seen, watch)),
    signal,
  )
}

export function enter(work: InstanceWork): Promise<Failure | null> {
  const { context, traffic, instance, seen, signal } = work
  return quoted(
    context,
    `${placeOf(work)} │ `,
    async (watch) => trafficFailure(placeOf(work), 'entered', await traffic.enter(instance, seen, watch)),
    signal,
  )
}

const trafficFailure = (place: string, verb: string, why: string | null): Failure | null =>
  why === null ? null : { code: 'traffic-stuck', what: `${place} has not ${verb} traffic: ${why}.`, tail: [] }

/** A failed instance stays up for inspection, but must get no traffic, for every answer of its own. */
export async function keepOut(work: TrafficWork): Promise<Failure | null> {
  const stuck = await leave(work)
  const { service } = work
  if (service.traffic.kind !== 'is-alive') return stuck
  const alive = await healthy(work)
  if (alive === false) return null
  if (service.fleet.stop !== null) return command(work, 'stop', service.fleet.stop)
  const says = alive === null ? 'it has no health check' : 'it says that it is healthy'
  return { code: 'traffic-stuck', what: `${says}, and ${placeOf(work)} has no stop.`, tail: [] }
}
