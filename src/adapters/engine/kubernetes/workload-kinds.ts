import type { KubernetesEngine } from '../../../domain/config/engine-recipe.ts'
import type { PodObject, RevisionObject, WorkloadObject } from './shapes.ts'

/** The newest revision of a workload: the engine's name of a rollout, and the label by which its pods are known. */
export interface NewestRevision {
  readonly name: string
  /** The object that holds it. */
  readonly object: string
  readonly label: readonly [name: string, value: string]
}

/** The ways in which the kinds of workloads differ. */
interface WorkloadTraits {
  /** The word for kubectl. */
  readonly resource: string
  readonly revisions: string
  /** The word of a sentence. */
  readonly word: string
  replicas(workload: WorkloadObject): number
  newest(workload: WorkloadObject, owned: readonly RevisionObject[]): NewestRevision | null
  /** True if one of its pods, by an owner whose own object may be gone. */
  owns(workload: WorkloadObject, owned: readonly RevisionObject[], pod: PodObject): boolean
  /** The setting that keeps it from changing further pods: what it was, and what it is to be. */
  hold(workload: WorkloadObject): { readonly path: string; readonly before: unknown; readonly value: unknown }
  /** True if it has as many replicas as it is told to; false where it has one a node. */
  readonly isCounted: boolean
  /** True if its status says why a pod could not be made. */
  readonly tellsRefusals: boolean
  /** True if a pod that never gets ready keeps it from going back, so that such a pod is removed. */
  readonly isHeldUpByPods: boolean
}

const REVISION = 'deployment.kubernetes.io/revision'
const HASH = 'controller-revision-hash'

const namedBy = (
  number: number | string,
  object: string,
  label: NewestRevision['label'],
): NewestRevision => ({ name: `revision ${number}, ${object}`, object, label })

const isOwner = ({ metadata }: WorkloadObject, { metadata: { ownerReferences = [] } }: PodObject): boolean =>
  ownerReferences.some(({ uid }) => uid === metadata.uid)

export const workloadKinds: Readonly<Record<KubernetesEngine['workload']['kind'], WorkloadTraits>> = {
  deployment: {
    resource: 'deployments.apps',
    revisions: 'replicasets.apps',
    word: 'Deployment',
    replicas: ({ spec }) => spec.replicas ?? 1,
    newest({ metadata }, owned) {
      const number = metadata.annotations?.[REVISION]
      const set = owned.find((one) => one.metadata.annotations?.[REVISION] === number)
      const hash = set?.metadata.labels?.['pod-template-hash']
      if (number === undefined || set === undefined || hash === undefined) return null
      return namedBy(number, set.metadata.name, ['pod-template-hash', hash])
    },
    // A ReplicaSet beyond the history is removed while its pods still end.
    owns: ({ metadata }, owned, pod) =>
      (pod.metadata.ownerReferences ?? []).some(
        ({ uid, kind, name }) =>
          owned.some((set) => set.metadata.uid === uid) ||
          (kind === 'ReplicaSet' &&
            name === `${metadata.name}-${pod.metadata.labels?.['pod-template-hash']}`),
      ),
    hold: ({ spec }) => ({ path: '/spec/paused', before: spec.paused ?? false, value: true }),
    isCounted: true,
    tellsRefusals: true,
    isHeldUpByPods: false,
  },
  statefulset: {
    resource: 'statefulsets.apps',
    revisions: 'controllerrevisions.apps',
    word: 'StatefulSet',
    replicas: ({ spec }) => spec.replicas ?? 1,
    newest({ status: { updateRevision } }, owned) {
      if (updateRevision === undefined) return null
      const number = owned.find(({ metadata }) => metadata.name === updateRevision)?.revision
      return namedBy(number ?? '?', updateRevision, [HASH, updateRevision])
    },
    owns: (workload, _owned, pod) => isOwner(workload, pod),
    hold: ({ spec }) => ({
      path: '/spec/updateStrategy',
      before: spec.updateStrategy ?? {},
      value: { type: 'RollingUpdate', rollingUpdate: { partition: spec.replicas ?? 1 } },
    }),
    isCounted: true,
    tellsRefusals: false,
    isHeldUpByPods: true,
  },
  daemonset: {
    resource: 'daemonsets.apps',
    revisions: 'controllerrevisions.apps',
    word: 'DaemonSet',
    replicas: ({ status }) => status.desiredNumberScheduled ?? 0,
    newest(_workload, owned) {
      const newest = owned.toSorted((one, other) => (other.revision ?? 0) - (one.revision ?? 0))[0]
      const hash = newest?.metadata.labels?.[HASH]
      if (newest === undefined || hash === undefined) return null
      return namedBy(newest.revision ?? '?', newest.metadata.name, [HASH, hash])
    },
    owns: (workload, _owned, pod) => isOwner(workload, pod),
    hold: ({ spec }) => ({
      path: '/spec/updateStrategy',
      before: spec.updateStrategy ?? {},
      value: { type: 'OnDelete' },
    }),
    isCounted: false,
    tellsRefusals: false,
    isHeldUpByPods: false,
  },
}
