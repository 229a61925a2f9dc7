import * as z from 'zod/mini'

/** The fields that Rollgate reads of the objects of Kubernetes; all others are left alone. */

const owners = z.optional(z.array(z.object({ uid: z.string(), kind: z.string(), name: z.string() })))
const labels = z.optional(z.record(z.string(), z.string()))

const metadata = z.object({
  name: z.string(),
  uid: z.string(),
  labels,
  annotations: z.optional(z.record(z.string(), z.string())),
  ownerReferences: owners,
  creationTimestamp: z.optional(z.string()),
  deletionTimestamp: z.optional(z.string()),
})

/** An init container that is always restarted runs beside the others, and is watched like them. */
const container = z.object({
  name: z.string(),
  image: z.string(),
  restartPolicy: z.optional(z.string()),
})

const podSpec = z.object({
  containers: z.array(container),
  initContainers: z.optional(z.array(container)),
})

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.optional(z.string()),
  message: z.optional(z.string()),
  lastTransitionTime: z.optional(z.string()),
})
export type ObjectCondition = z.infer<typeof condition>

const bound = z.optional(z.union([z.number(), z.string()]))

const selector = z.object({
  matchLabels: labels,
  matchExpressions: z.optional(
    z.array(z.object({ key: z.string(), operator: z.string(), values: z.optional(z.array(z.string())) })),
  ),
})
export type Selector = z.infer<typeof selector>

const fieldsOf = z.object({
  manager: z.optional(z.string()),
  time: z.optional(z.string()),
  subresource: z.optional(z.string()),
  fieldsV1: z.optional(z.record(z.string(), z.unknown())),
})
export type ManagedFields = z.infer<typeof fieldsOf>

const updateStrategy = z.object({
  type: z.optional(z.string()),
  rollingUpdate: z.optional(
    z.object({ maxSurge: bound, maxUnavailable: bound, partition: z.optional(z.number()) }),
  ),
})

/** A Deployment, a StatefulSet or a DaemonSet. */
export const workload = z.object({
  metadata: z.extend(metadata, {
    generation: z.number(),
    managedFields: z.optional(z.array(fieldsOf)),
  }),
  spec: z.object({
    replicas: z.optional(z.number()),
    paused: z.optional(z.boolean()),
    selector,
    template: z.object({ metadata: z.object({ labels, annotations: labels }), spec: podSpec }),
    strategy: z.optional(updateStrategy),
    updateStrategy: z.optional(updateStrategy),
    minReadySeconds: z.optional(z.number()),
    progressDeadlineSeconds: z.optional(z.number()),
  }),
  status: z.object({
    observedGeneration: z.optional(z.number()),
    replicas: z.optional(z.number()),
    conditions: z.optional(z.array(condition)),
    updateRevision: z.optional(z.string()),
    desiredNumberScheduled: z.optional(z.number()),
  }),
})
export type WorkloadObject = z.infer<typeof workload>

const containerState = z.object({
  waiting: z.optional(z.object({ reason: z.optional(z.string()), message: z.optional(z.string()) })),
  running: z.optional(z.object({ startedAt: z.optional(z.string()) })),
  terminated: z.optional(
    z.object({
      reason: z.optional(z.string()),
      message: z.optional(z.string()),
      exitCode: z.optional(z.number()),
    }),
  ),
})

const containerStatus = z.object({
  name: z.string(),
  imageID: z.string(),
  ready: z.boolean(),
  /** False until a startup probe has succeeded. */
  started: z.optional(z.boolean()),
  restartCount: z.number(),
  state: z.optional(containerState),
  lastState: z.optional(containerState),
})
export type ContainerStatus = z.infer<typeof containerStatus>

export const pod = z.object({
  kind: z.literal('Pod'),
  metadata,
  spec: podSpec,
  status: z.object({
    phase: z.optional(z.string()),
    reason: z.optional(z.string()),
    message: z.optional(z.string()),
    conditions: z.optional(z.array(condition)),
    containerStatuses: z.optional(z.array(containerStatus)),
    initContainerStatuses: z.optional(z.array(containerStatus)),
  }),
})
export type PodObject = z.infer<typeof pod>

/** A ReplicaSet of a Deployment, or a ControllerRevision of the others. */
export const revision = z.object({
  kind: z.enum(['ReplicaSet', 'ControllerRevision']),
  metadata,
  revision: z.optional(z.number()),
})
export type RevisionObject = z.infer<typeof revision>

export const podsAndRevisions = z.object({ items: z.array(z.union([pod, revision])) })

/** The text as JSON of a shape; null if it is not. */
export function shaped<T>(shape: z.ZodMiniType<T>, text: string): T | null {
  try {
    const read = z.safeParse(shape, JSON.parse(text))
    return read.success ? read.data : null
  } catch {
    return null
  }
}
