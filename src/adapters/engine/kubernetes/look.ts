import type { PodObject, RevisionObject, WorkloadObject } from './shapes.ts'
import type { NewestRevision } from './workload-kinds.ts'
import { workloadKinds } from './workload-kinds.ts'

/** A workload with all that belongs to it, as one look found it. */
export interface WorkloadLook {
  readonly kind: keyof typeof workloadKinds
  readonly workload: WorkloadObject
  /** Null until the engine has made one. */
  readonly newest: NewestRevision | null
  /** Its pods that have not ended, those that are ending among them. */
  readonly pods: readonly PodObject[]
}

export function lookOf(
  kind: WorkloadLook['kind'],
  workload: WorkloadObject,
  items: readonly (PodObject | RevisionObject)[],
): WorkloadLook {
  const { uid } = workload.metadata
  const owned = items.flatMap((item) =>
    item.kind !== 'Pod' && item.metadata.ownerReferences?.some((owner) => owner.uid === uid) ? [item] : [],
  )
  const pods = items.flatMap((item) =>
    item.kind === 'Pod' && !hasEnded(item) && workloadKinds[kind].owns(workload, owned, item) ? [item] : [],
  )
  return { kind, workload, newest: workloadKinds[kind].newest(workload, owned), pods }
}

const hasEnded = ({ status: { phase } }: PodObject): boolean => phase === 'Succeeded' || phase === 'Failed'

export const isEnding = ({ metadata }: PodObject): boolean => metadata.deletionTimestamp !== undefined

export const isReady = ({ status }: PodObject): boolean =>
  status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false

/** True once a pod was ready for as long as its workload wants, so that an older one may end. */
export function isAvailable({ workload }: WorkloadLook, { status }: PodObject, now: Date): boolean {
  const ready = status.conditions?.find(({ type, status: is }) => type === 'Ready' && is === 'True')
  if (ready === undefined) return false
  const since = now.getTime() - Date.parse(ready.lastTransitionTime ?? '')
  return !(since < (workload.spec.minReadySeconds ?? 0) * 1_000)
}

/** True if a workload is being deleted: its pods end with it, and its controller changes none of them. */
export const isDeleted = ({ workload: { metadata } }: WorkloadLook): boolean =>
  metadata.deletionTimestamp !== undefined

/** True if a pod is of the newest revision, and stays. */
export const isNewest = ({ newest }: WorkloadLook, pod: PodObject): boolean =>
  newest !== null && !isEnding(pod) && pod.metadata.labels?.[newest.label[0]] === newest.label[1]

/** True once the engine's own numbers are about what the workload wants now. */
export const isNoticed = ({ workload: { metadata, status }, newest }: WorkloadLook): boolean =>
  newest !== null && (status.observedGeneration ?? 0) >= metadata.generation
