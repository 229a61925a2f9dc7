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

/** True if a pod is of the newest revision, and stays. */
export const isNewest = ({ newest }: WorkloadLook, pod: PodObject): boolean =>
  newest !== null && !isEnding(pod) && pod.metadata.labels?.[newest.label[0]] === newest.label[1]

/** True once the engine's own numbers are about what the workload wants now. */
export const isNoticed = ({ workload: { metadata, status }, newest }: WorkloadLook): boolean =>
  newest !== null && (status.observedGeneration ?? 0) >= metadata.generation
