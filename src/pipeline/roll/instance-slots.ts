import { type SlotName, slotsIn, slotVariables } from '../../domain/rolling/rollout-order.ts'
import type { Sight } from './instance-work.ts'

/** The slots of an instance, each as a place of its own with its variables; null where it is one place, or is a slot. */
export function slotsOf<Work extends Sight>(work: Work): Readonly<Record<SlotName, Work>> | null {
  const slots = slotsIn(work.service.rollout.order)
  if (slots === null || work.slot !== null) return null
  const inSlot = (slot: SlotName): Work => ({
    ...work,
    slot,
    seen: { ...work.seen, ...slotVariables(slots, slot, work.instance) },
  })
  return { a: inSlot('a'), b: inSlot('b') }
}

/** The name of a place for a person: the instance, with its slot where it has two. */
export const placeOf = ({ instance, slot }: Pick<Sight, 'instance' | 'slot'>): string =>
  slot === null ? instance.name : `${instance.name} (slot ${slot})`
