import { type SlotName, slotNames } from './rollout-order.ts'

/** One slot of an instance, as it was seen. */
export interface SlotSeen {
  /** The release that it reports; null where it reports none. */
  readonly version: string | null
  /** True if a process answers there, well or not; null if that could not be asked. */
  readonly answers: boolean | null
  readonly healthy: boolean
  /** True if the front door sends it requests; null if that could not be seen. */
  readonly inTraffic: boolean | null
}

export type SlotsSeen = Readonly<Record<SlotName, SlotSeen>>

/** The slots to which the front door sends requests. */
export const serving = (seen: SlotsSeen): SlotName[] =>
  slotNames.filter((slot) => seen[slot].inTraffic === true)

export const otherSlot = (slot: SlotName): SlotName => (slot === 'a' ? 'b' : 'a')

/** The instance as the sum of its slots: it is up as long as one of them serves. */
export function observationOf(seen: SlotsSeen) {
  const inTraffic = serving(seen)
  const versions = new Set(inTraffic.map((slot) => seen[slot].version))
  const [version = null] = versions
  return {
    version: versions.size === 1 ? version : null,
    healthy: inTraffic.some((slot) => seen[slot].healthy),
    ...(inTraffic.length > 0 ? { inTraffic: true as const } : {}),
    slots: seen,
  }
}

/** True if one slot serves, and the other is seen to be idle and silent: no change is under way there. */
export function isSettled(seen: SlotsSeen): boolean {
  const [only, ...others] = serving(seen)
  if (only === undefined || others.length > 0) return false
  const idle = seen[otherSlot(only)]
  return idle.inTraffic === false && idle.answers === false
}

/** The releases that requests to one instance may reach. */
export const releasesInTraffic = (seen: SlotsSeen): string[] => [
  ...new Set(serving(seen).flatMap((slot) => seen[slot].version ?? [])),
]

/** The part of each slot in a change. */
export type Sides =
  /** `to` gets the release, then `from` leaves and stops; null where nothing serves or answers. */
  | { readonly kind: 'bring'; readonly to: SlotName; readonly from: SlotName | null }
  /** `to` serves the release already: a lost run came that far. */
  | { readonly kind: 'retire'; readonly to: SlotName; readonly from: SlotName }
  /** No slot may be stopped, because which one serves was not seen. */
  | { readonly kind: 'unclear'; readonly why: string }

/**
 * Chooses the sides from what is seen alone, so that a run that was lost at any moment is resumed by the same rule.
 * `anew`: the release starts once more even where it serves, as for a restart.
 */
export function sidesOf(seen: SlotsSeen, isWanted: (version: string) => boolean, anew: boolean): Sides {
  const unseen = slotNames.filter((slot) => seen[slot].inTraffic === null)
  if (unseen.length > 0)
    return {
      kind: 'unclear',
      why: `whether slot ${unseen.join(' and slot ')} gets requests could not be seen`,
    }
  const inTraffic = serving(seen)
  const right = inTraffic.find((slot) => serves(seen[slot], isWanted))
  if (right !== undefined && !anew) return { kind: 'retire', to: right, from: otherSlot(right) }
  const [first, second] = inTraffic
  if (first !== undefined) {
    const from = second === undefined || first !== right ? first : second
    return { kind: 'bring', to: otherSlot(from), from }
  }
  const unasked = slotNames.filter((slot) => seen[slot].answers === null)
  if (unasked.length > 0)
    return {
      kind: 'unclear',
      why: `whether a process answers in slot ${unasked.join(' and slot ')} could not be asked`,
    }
  const answering = slotNames.filter((slot) => seen[slot].answers)
  const [up = null] = answering
  if (answering.length > 1)
    return { kind: 'unclear', why: 'both slots answer, and the front door sends requests to neither' }
  return { kind: 'bring', to: up === null ? 'a' : otherSlot(up), from: up }
}

const serves = ({ healthy, version }: SlotSeen, isWanted: (version: string) => boolean): boolean =>
  healthy && version !== null && isWanted(version)
