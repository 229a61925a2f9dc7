import { unseen } from '../../domain/config/traffic-unseen.ts'
import { onward } from '../../domain/journal/direction.ts'
import { Problem } from '../../domain/problem.ts'
import { rollSteps } from '../../domain/step/steps-in.ts'
import type { Context } from '../run/context.ts'
import { getsRequests } from './instance-observed.ts'
import { placeOf, slotsOf } from './instance-slots.ts'
import { type InstanceWork, workWithin } from './instance-work.ts'

/**
 * Asks the front door about every slot, before the first change of a deployment: without its answer no slot could be
 * stopped safely later. Throws `traffic-unknown`.
 */
export async function refuseUnseenSlots(context: Context): Promise<void> {
  const services = rollSteps(context.plan.steps).map(({ service }) => service)
  for (const service of services) {
    const workOf = await workWithin(context, service, onward, context.stop.forced)
    await Promise.all(
      service.fleet.instances.map(async (instance) => {
        const slots = slotsOf(workOf(instance))
        if (slots !== null) await Promise.all([refuseUnseen(slots.a), refuseUnseen(slots.b)])
      }),
    )
  }
}

async function refuseUnseen(place: InstanceWork): Promise<void> {
  const reading = await getsRequests(place)
  if (reading.kind === 'found') return
  throw new Problem(
    'traffic-unknown',
    reading.kind === 'unknown' ? reading.why : unseen(placeOf(place), 'nothing answers for it'),
  )
}
