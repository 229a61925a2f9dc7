import { resolveCount } from '../config/command.ts'
import type { Rollout } from '../config/service.ts'
import { orderOf } from './rollout-order.ts'

/** Instances at once, and instances that stay available, for a rollout over `total` instances. */
export function rolloutLimits(rollout: Rollout, total: number): { width: number; floor: number } {
  const width = Math.max(1, resolveCount(rollout.maxParallel, total))
  // Otherwise the only instance could never be changed: any share of one is one. The permission for it is
  // checked before.
  if (total === 1) return { width, floor: 0 }
  if (rollout.minAvailable === null && orderOf(rollout.order).keepsTraffic) return { width, floor: 0 }
  // Without a floor of its own a rollout keeps all instances outside its batch, and never takes the last one.
  const floor =
    rollout.minAvailable === null ? Math.max(1, total - width) : resolveCount(rollout.minAvailable, total)
  return { width, floor }
}

/** The known availability of instances to traffic. */
export type Availability = ReadonlyMap<string, boolean>

/**
 * Returns the next instances to change together, in their order. An instance that is down costs no capacity;
 * one that is up may be taken only while the floor holds without it, or with it where it serves while it changes.
 * Empty if none may be taken now.
 */
export function nextBatch(
  pending: readonly string[],
  available: Availability,
  limits: { readonly width: number; readonly floor: number },
  keepsTraffic = false,
): string[] {
  const cost = keepsTraffic ? 0 : 1
  let spare = [...available.values()].filter(Boolean).length - limits.floor
  const batch: string[] = []
  for (const name of pending) {
    if (batch.length === limits.width) break
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
  limits: { readonly width: number; readonly floor: number },
  first: readonly string[] = [],
  keepsTraffic = false,
  alone = false,
): string[][] {
  const available = new Map(instances.map((name) => [name, true]))
  const batches: string[][] = []
  for (let pending = [...instances]; pending.length > 0; ) {
    const early = pending.filter((name) => first.includes(name))
    const width = alone && batches.length === 0 ? 1 : limits.width
    const from = early.length > 0 ? early : pending
    const batch = nextBatch(from, available, { ...limits, width }, keepsTraffic)
    if (batch.length === 0) break
    batches.push(batch)
    pending = pending.filter((name) => !batch.includes(name))
  }
  return batches
}
