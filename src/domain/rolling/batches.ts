import { resolveCount } from '../config/command.ts'
import type { Rollout, Service } from '../config/service.ts'
import { orderOf } from './rollout-order.ts'

/** The number of instances that change together, and of those that serve meanwhile. */
export interface Pace {
  /** Instances at once, at most. */
  readonly width: number
  /** The sizes of the batches, one after another, of which the last repeats; none where all are of the width. */
  readonly sizes: readonly number[]
  /** Instances that stay available, at least. */
  readonly floor: number
}

/** Returns the pace of a rollout over `total` instances. */
export function rolloutLimits(rollout: Rollout, total: number): Pace {
  const sizes = rollout.batches.map((size) => Math.max(1, resolveCount(size, total)))
  const width = sizes.length > 0 ? Math.max(...sizes) : Math.max(1, resolveCount(rollout.maxParallel, total))
  return { width, sizes, floor: floorOf(rollout, total, width) }
}

function floorOf(rollout: Rollout, total: number, width: number): number {
  // Otherwise the only instance could never be changed: any share of one is one. The permission for it is
  // checked before.
  if (total === 1) return 0
  if (rollout.minAvailable === null && orderOf(rollout.order).keepsTraffic) return 0
  // Without a floor of its own a rollout keeps all instances outside its batch, and never takes the last one.
  return rollout.minAvailable === null
    ? Math.max(1, total - width)
    : resolveCount(rollout.minAvailable, total)
}

/**
 * Returns the largest size of the next batch, from the number of instances that serve the wanted release already: a run
 * that resumes after another was lost takes no larger a step than that one would have.
 */
export function sizeAfter(done: number, { sizes, width }: Pace): number {
  let reached = 0
  for (const size of sizes) {
    reached += size
    if (done < reached) return size
  }
  return sizes.at(-1) ?? width
}

/** The largest size of one batch, and the instances that stay available. */
export type BatchLimits = Pick<Pace, 'width' | 'floor'>

/** The zones of instances, by name; an instance without a zone is missing. */
export type Zones = ReadonlyMap<string, string>

/** The way in which the instances of a service may be taken, beside the pace. */
export interface InstanceTaking {
  /** True if an instance serves while it changes. */
  readonly keepsTraffic: boolean
  readonly zones: Zones
}

const plainTaking: InstanceTaking = { keepsTraffic: false, zones: new Map() }

/** Returns the way in which the instances of a service may be taken. */
export const takingOf = ({ rollout, fleet }: Service): InstanceTaking => ({
  keepsTraffic: orderOf(rollout.order).keepsTraffic,
  zones: new Map(fleet.instances.flatMap(({ name, zone }) => (zone === undefined ? [] : [[name, zone]]))),
})

/** The known availability of instances to traffic. */
export type Availability = ReadonlyMap<string, boolean>

/**
 * Returns the next instances to change together, in their order. An instance that is down costs no capacity;
 * one that is up may be taken only while the floor holds without it, or with it where it serves while it changes.
 * All are of the zone of the first: if the release breaks them, every other zone still serves the older one. Empty if none may be taken now.
 */
export function nextBatch(
  pending: readonly string[],
  available: Availability,
  limits: BatchLimits,
  { keepsTraffic, zones }: InstanceTaking = plainTaking,
): string[] {
  const cost = keepsTraffic ? 0 : 1
  let spare = [...available.values()].filter(Boolean).length - limits.floor
  const batch: string[] = []
  for (const name of pending) {
    if (batch.length === limits.width) break
    if (batch.some((other) => zones.get(other) !== zones.get(name))) continue
    if (available.get(name) === true) {
      if (spare < cost) continue
      spare -= cost
    }
    batch.push(name)
  }
  return batch
}

/**
 * The batches of a rollout in which every instance is up and every change succeeds; those of `first` come first.
 * `alone`: the very first instance changes by itself.
 */
export function plannedBatches(
  instances: readonly string[],
  pace: Pace,
  first: readonly string[] = [],
  taking: InstanceTaking = plainTaking,
  alone = false,
): string[][] {
  const available = new Map(instances.map((name) => [name, true]))
  const batches: string[][] = []
  for (let pending = [...instances]; pending.length > 0; ) {
    const early = pending.filter((name) => first.includes(name))
    const width = alone && batches.length === 0 ? 1 : sizeAfter(instances.length - pending.length, pace)
    const from = early.length > 0 ? early : pending
    const batch = nextBatch(from, available, { width, floor: pace.floor }, taking)
    if (batch.length === 0) break
    batches.push(batch)
    pending = pending.filter((name) => !batch.includes(name))
  }
  return batches
}
