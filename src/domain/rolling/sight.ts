import type { EngineSight } from '../engine/engine-sight.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Pause } from '../question/pause.ts'
import { type SlotName, slotNames } from './rollout-order.ts'
import type { SightFinding } from './sight-finding.ts'

export type { SightFinding } from './sight-finding.ts'

/** The ledger of an environment, and GitHub's knowledge of the deployment under way. */
export interface Memory {
  readonly ledger: Ledger
  /** True if the run that holds it is live; null without a holder, or if that could not be read. */
  readonly live: boolean | null
  /** The question that a person may answer now. It need not have been asked: a run that is gone asks nothing. */
  readonly question: Pause | null
}

/** The records of an environment against its ledger. */
export interface RecordsSeen {
  /** A sentence for each record that does not match the ledger. */
  readonly behind: readonly string[]
  /** The reasons why a record could not be read. */
  readonly unknown: readonly string[]
}

/** The answers of a place that serves, or may: an instance, or one slot of it. */
export interface PlaceSeen {
  /** The release that it says it runs. */
  readonly version: SightFinding<string>
  readonly healthy: SightFinding<boolean>
  /** Reads if the front door sends it requests. */
  readonly inTraffic: SightFinding<boolean>
}

/** An observed instance, apart from the ledger. Where it has two slots, its answers are those of the slot that serves. */
export interface InstanceSeen extends PlaceSeen {
  readonly name: string
  /** Each slot by itself; left out where an instance is one place. */
  readonly slots?: Readonly<Record<SlotName, PlaceSeen>>
}

/** An instance as the sum of its slots. `getsRequests`: the way to see that the front door sends a slot requests. */
export function seenInSlots(
  name: string,
  slots: Readonly<Record<SlotName, PlaceSeen>>,
  getsRequests: (place: PlaceSeen) => SightFinding<boolean>,
): InstanceSeen {
  const places = slotNames.map((slot) => slots[slot])
  const serving = places.filter((place) => isYes(getsRequests(place)))
  const [first = slots.a, second] =
    serving.length > 0 ? serving : places.filter(({ healthy }) => isYes(healthy))
  const inTraffic = places.find((place) => isYes(place.inTraffic))?.inTraffic ?? worst(places)
  return { name, slots, ...first, version: bothVersions(first, second), inTraffic }
}

const isYes = (finding: SightFinding<boolean>): boolean => finding.kind === 'found' && finding.value

/** A slot that could not be seen may get requests. */
const worst = ([a, b]: readonly PlaceSeen[]): SightFinding<boolean> =>
  [a, b].find((place) => place !== undefined && place.inTraffic.kind !== 'found')?.inTraffic ??
  a?.inTraffic ?? { kind: 'none', why: 'cannot be seen' }

/** Both releases by name, where requests reach both. */
function bothVersions(first: PlaceSeen, second: PlaceSeen | undefined): SightFinding<string> {
  const [one, other] = [first.version, second?.version]
  if (one.kind !== 'found' || other?.kind !== 'found' || one.value === other.value) return one
  return { kind: 'found', value: `${one.value} and ${other.value}`, why: null }
}

export interface ServiceSeen {
  readonly name: string
  readonly instances: readonly InstanceSeen[]
  /** The engine that rolls it, in place of instances; left out for a service on a fleet. */
  readonly engine?: EngineSight
  /** True if the balancer asks the instances themselves: a healthy one gets requests. */
  readonly asksThem?: true
  /** The reason why its instances were not asked; otherwise null. */
  readonly unasked: string | null
}
