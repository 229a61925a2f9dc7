import * as z from 'zod/mini'
import type { PatchOperation } from './operation.ts'
import { shaped, type WorkloadObject } from './shapes.ts'
import { workloadKinds } from './workload-kinds.ts'

/** The annotation on a rollout that Rollgate holds, with the setting from before: Rollgate alone lets it go on. */
const HELD = 'rollgate.dev/held'
const HELD_PATH = '/metadata/annotations/rollgate.dev~1held'

export const isHeldByRollgate = ({ metadata }: WorkloadObject): boolean =>
  metadata.annotations?.[HELD] !== undefined

/** Keeps a workload from changing further pods; none where it is held already. */
export function holding(kind: keyof typeof workloadKinds, workload: WorkloadObject): PatchOperation[] {
  if (isHeldByRollgate(workload)) return []
  const { path, before, value } = workloadKinds[kind].hold(workload)
  const kept = JSON.stringify(before)
  const annotation: PatchOperation =
    workload.metadata.annotations === undefined
      ? { op: 'add', path: '/metadata/annotations', value: { [HELD]: kept } }
      : { op: 'add', path: HELD_PATH, value: kept }
  return [annotation, { op: 'add', path, value }]
}

/** Lets a workload go on that Rollgate held, with the setting from before; none where it did not. */
export function lettingGo(kind: keyof typeof workloadKinds, workload: WorkloadObject): PatchOperation[] {
  const kept = workload.metadata.annotations?.[HELD]
  if (kept === undefined) return []
  const { path } = workloadKinds[kind].hold(workload)
  return [
    { op: 'remove', path: HELD_PATH },
    { op: 'add', path, value: shaped(z.unknown(), kept) },
  ]
}
