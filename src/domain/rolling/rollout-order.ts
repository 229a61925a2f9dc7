import type { Instance } from '../config/fleet.ts'

/** The two places of an instance, of which one serves and the other is idle. */
export const slotNames = ['a', 'b'] as const
export type SlotName = (typeof slotNames)[number]

/** The variables of each slot; `$NAME` in a value is a variable of the instance. */
export type Slots = Readonly<Record<SlotName, Readonly<Record<string, string>>>>

/** The order in which one instance changes. */
export type RolloutOrder =
  | { readonly kind: 'stop-first' }
  /** The new release starts in the idle slot, and the old one stops when the new one was seen in traffic. */
  | { readonly kind: 'start-first'; readonly slots: Slots }
  /** The instance switches to the new release while it serves. */
  | { readonly kind: 'in-place' }

/** Everything that depends on the order, but its work. */
interface OrderTraits {
  /** The way of one instance, for the approver. */
  readonly what: string
  /** True if an instance serves while it changes: it costs no capacity, and no downtime has to be accepted. */
  readonly keepsTraffic: boolean
  /** True if an instance whose change failed still serves, the release before or the new one. */
  readonly failedServes: boolean
  /** True if the new release has traffic before it has proved itself: nothing can meet it out of traffic. */
  readonly provesInTraffic: boolean
  /** True if an instance starts in its other place, which may hold another release: a restart installs there. */
  readonly startsElsewhere: boolean
  /** The place of a failed instance, for the person who decides. */
  readonly whenFailed: string
}

const orders: Readonly<Record<RolloutOrder['kind'], OrderTraits>> = {
  'stop-first': {
    what: 'each stops before the new release starts',
    keepsTraffic: false,
    failedServes: false,
    provesInTraffic: false,
    startsElsewhere: false,
    whenFailed: 'out of traffic',
  },
  'start-first': {
    what: 'the new release starts beside the old one, which stops when the new one was seen in traffic',
    keepsTraffic: true,
    failedServes: true,
    provesInTraffic: false,
    startsElsewhere: true,
    whenFailed: 'with the slot in traffic that serves now',
  },
  'in-place': {
    what: 'each switches to the new release while it serves',
    keepsTraffic: true,
    failedServes: false,
    provesInTraffic: true,
    startsElsewhere: false,
    whenFailed: 'in traffic',
  },
}

export const orderOf = ({ kind }: RolloutOrder): OrderTraits => orders[kind]

export const stopFirst: RolloutOrder = { kind: 'stop-first' }

/** Returns the slots of an order; null where an instance is one place. */
export const slotsIn = (order: RolloutOrder): Slots | null => ('slots' in order ? order.slots : null)

/** Returns the variables that commands and addresses of one slot of an instance see. */
export function slotVariables(slots: Slots, slot: SlotName, { env }: Instance): Record<string, string> {
  const filled = Object.entries(slots[slot]).map(([name, value]) => [name, filledBy(env, value)])
  return { ...Object.fromEntries(filled), ROLLGATE_SLOT: slot }
}

/** Replaces `$NAME` by the variables that are known; others stay. */
export const filledBy = (known: Readonly<Record<string, string>>, text: string): string =>
  text.replace(
    /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/g,
    (written, braced, bare) => known[braced ?? bare] ?? written,
  )
