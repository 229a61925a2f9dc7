import { lookOf, type WorkloadLook } from '../../../src/adapters/engine/kubernetes/look.ts'
import type {
  ContainerStatus,
  PodObject,
  RevisionObject,
  WorkloadObject,
} from '../../../src/adapters/engine/kubernetes/shapes.ts'
import { aDigest } from '../../domain/a-plan.ts'

const REVISION = 'deployment.kubernetes.io/revision'
export const imageOf = (part: string) => `ghcr.io/acme/web@${aDigest(part)}`

/** A Deployment of one replica, whose newest revision is 2. */
export const aWorkload = (
  spec: Partial<WorkloadObject['spec']> = {},
  image = imageOf('2'),
): WorkloadObject => ({
  metadata: { name: 'web', uid: 'w', generation: 5, annotations: { [REVISION]: '2' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: {}, spec: { containers: [{ name: 'app', image }] } },
    ...spec,
  },
  status: { observedGeneration: 5 },
})

const aSet = (revision: string): RevisionObject => ({
  kind: 'ReplicaSet',
  metadata: {
    name: `web-${revision}`,
    uid: `set-${revision}`,
    labels: { 'pod-template-hash': revision },
    annotations: { [REVISION]: revision },
    ownerReferences: [{ uid: 'w', kind: 'Deployment', name: 'web' }],
  },
})

export const running = { running: { startedAt: '2026-01-01T00:00:00Z' } }

interface PodWanted {
  readonly revision?: string
  readonly status?: Partial<ContainerStatus>
  readonly isReady?: boolean
  readonly isEnding?: boolean
  readonly image?: string
  readonly init?: readonly (ContainerStatus & { readonly restartPolicy?: string })[]
  readonly conditions?: PodObject['status']['conditions']
}

/** A pod of a revision, which runs the image of that number. */
export function aPod({
  revision = '2',
  status = {},
  isReady = true,
  isEnding = false,
  image,
  init = [],
  conditions = [],
}: PodWanted = {}): PodObject {
  const named = image ?? imageOf(revision)
  return {
    kind: 'Pod',
    metadata: {
      name: `web-${revision}-a`,
      uid: 'p',
      labels: { 'pod-template-hash': revision },
      ownerReferences: [{ uid: `set-${revision}`, kind: 'ReplicaSet', name: `web-${revision}` }],
      ...(isEnding ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: {
      containers: [{ name: 'app', image: named }],
      initContainers: init.map(({ name, imageID, restartPolicy }) => ({
        ...{ name, image: imageID },
        ...(restartPolicy === undefined ? {} : { restartPolicy }),
      })),
    },
    status: {
      phase: 'Running',
      initContainerStatuses: [...init],
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }, ...conditions],
      containerStatuses: [
        { name: 'app', imageID: named, ready: isReady, restartCount: 0, state: running, ...status },
      ],
    },
  }
}

export const looking = (workload: WorkloadObject, ...pods: PodObject[]): WorkloadLook =>
  lookOf('deployment', workload, [aSet('1'), aSet('2'), ...pods])
