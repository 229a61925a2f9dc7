import type { Instance } from '../../domain/config/fleet.ts'
import { isRelease } from '../../domain/release/release.ts'
import { slotsIn } from '../../domain/rolling/rollout-order.ts'
import { isSettled, observationOf, otherSlot, type SlotsSeen, serving } from '../../domain/rolling/slots.ts'
import type { RollStep } from '../../domain/step/step.ts'
import { rollSteps } from '../../domain/step/steps-in.ts'
import type { Context } from '../run/context.ts'
import { failureFrom } from '../run/failure.ts'
import { checkCheckout } from '../run/source.ts'
import { lookAtSlots } from './instance-observed.ts'
import { slotsOf } from './instance-slots.ts'
import { workOn } from './instance-work.ts'
import { retire } from './start-first.ts'

/**
 * Leaves one slot of each instance in traffic where an abandoned deployment has broken off between the two: no later run
 * would see to it. The release that was on its way has proved itself where it is in traffic, and stays; elsewhere what
 * serves stays. Whatever fails is seen by the next look at the instance, which is kept as unfinished.
 */
export async function settleSlots(context: Context): Promise<void> {
  const { standing } = context.session
  for (const step of rollSteps(context.plan.steps)) {
    const begun = standing.steps.get(step.id)?.startedAt != null
    if (begun && slotsIn(step.service.rollout.order) !== null) await settleStep(context, step)
  }
}

async function settleStep(context: Context, step: RollStep): Promise<void> {
  const { instances } = step.service.fleet
  const settled = await Promise.all(instances.map((instance) => settle(context, step, instance)))
  const seen = settled.flatMap((slots, at) =>
    slots === null ? [] : [[instances[at]?.name ?? '', observationOf(slots)] as const],
  )
  if (seen.length === 0) return
  context.session.note({ kind: 'instances-observed', step: step.id, instances: Object.fromEntries(seen) })
}

/** Returns the slots as they are afterwards; null where nothing was to be done. */
async function settle(context: Context, step: RollStep, instance: Instance): Promise<SlotsSeen | null> {
  const { direction } = context.session.standing
  const work = await workOn(context, step.service, instance, direction, context.stop.forced)
  const slots = slotsOf(work)
  if (slots === null) return null
  const seen = await lookAtSlots(slots)
  const inTraffic = serving(seen)
  const kept = inTraffic.find((slot) => isRelease(seen[slot].version ?? '', work.wanted)) ?? inTraffic[0]
  if (kept === undefined || isSettled(seen)) return null
  const { ports, plan } = context
  // An abandonment needs no checkout: without one nothing is run, and the watch shows both slots.
  const elsewhere = await checkCheckout(ports.workspace, plan.release).then(() => null, failureFrom)
  const failure = elsewhere ?? (await retire(slots[otherSlot(kept)], slots[kept], silent))
  if (failure !== null) ports.voice.warning(`${instance.name} has two slots up`, failure.what)
  return lookAtSlots(slots)
}

const silent: Parameters<typeof retire>[2] = {
  installs() {},
  out() {},
  back() {},
  handedOver() {},
  takenBack() {},
}
