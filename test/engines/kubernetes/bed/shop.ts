import { createClock } from '../../../../src/adapters/clock.ts'
import { createKubernetes } from '../../../../src/adapters/engine/kubernetes/control.ts'
import { createMasker } from '../../../../src/adapters/masking.ts'
import { createShell } from '../../../../src/adapters/shell.ts'
import type { KubernetesEngine } from '../../../../src/domain/config/engine-recipe.ts'
import type { EngineControl, Shell } from '../../../../src/pipeline/ports.ts'
import type { Cluster, ClusterUser } from './cluster.ts'

/** Returns a shell whose commands find the cluster as a user. */
export const shellFor = (cluster: Cluster, user: ClusterUser): Shell =>
  createShell({
    env: cluster.envFor(user),
    cwd: process.cwd(),
    masker: createMasker(),
    groups: { expect: () => {}, forget: () => {}, add: () => {}, remove: () => {} },
  })

export interface ControlOptions {
  readonly namespace: string
  readonly workload?: KubernetesEngine['workload']
  readonly manifests?: Readonly<Record<string, string>>
  readonly user?: ClusterUser
  /** The workload that this one is made like. */
  readonly like?: KubernetesEngine['like']
}

/** Returns the control of a workload of the shop. */
export function controlOf(cluster: Cluster, options: ControlOptions): EngineControl {
  const { namespace, workload = { kind: 'deployment', name: 'web' }, manifests = {} } = options
  const engine: KubernetesEngine = {
    kind: 'kubernetes',
    workload,
    namespace,
    context: 'bed',
    images: { app: '$IMAGE' },
    manifests: Object.keys(manifests),
    ...(options.like === undefined ? {} : { like: options.like }),
  }
  return createKubernetes(engine, {
    shell: shellFor(cluster, options.user ?? 'admin'),
    clock: createClock(),
    files: {
      read: (path) => {
        const text = manifests[path]
        return text === undefined ? { why: 'it is not there' } : { text }
      },
    },
  })
}

/** Makes a namespace of its own for one test. */
export async function namespaceFor(cluster: Cluster): Promise<string> {
  const name = `shop-${++made}`
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  return name
}

let made = 0

export interface WorkloadWanted {
  readonly namespace: string
  readonly image: string
  readonly replicas?: number
  readonly kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  /** The labels of its pods, which it is found by. */
  readonly labels?: Readonly<Record<string, string>>
  /** Laid over its spec. */
  readonly spec?: Readonly<Record<string, unknown>>
}

/** A workload as most are written, with a readiness probe and quick turns. */
export function workloadOf({
  namespace,
  image,
  replicas = 2,
  kind = 'Deployment',
  spec,
  ...wanted
}: WorkloadWanted) {
  const { labels = { app: 'web' } } = wanted
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web', namespace },
    spec: {
      ...(kind === 'DaemonSet' ? {} : { replicas }),
      ...(kind === 'StatefulSet' ? { serviceName: 'web' } : {}),
      ...(kind === 'Deployment'
        ? {
            progressDeadlineSeconds: 30,
            strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } },
          }
        : {}),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 10,
          containers: [
            {
              name: 'app',
              image,
              env: [{ name: 'DRAIN_MS', value: '2500' }],
              ports: [{ containerPort: 8080 }],
              readinessProbe: {
                httpGet: { path: '/ready', port: 8080 },
                periodSeconds: 1,
                failureThreshold: 1,
              },
            },
          ],
        },
      },
      ...spec,
    },
  }
}
