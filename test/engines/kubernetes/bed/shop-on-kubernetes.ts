import { type EngineShop, openShop } from '../../engine-shop.ts'
import type { Load } from '../../load.ts'
import type { Cluster } from './cluster.ts'
import { namespaceFor, type WorkloadWanted, workloadOf } from './shop.ts'

/** A shop whose service is a Deployment of a namespace of its own. */
export interface KubernetesShop extends EngineShop {
  readonly namespace: string
  /** Calls kubectl in the namespace, as the administrator. */
  kubectl(...words: readonly string[]): Promise<string>
  /** Sends requests to the Service of the shop. */
  load(): Promise<Load>
  /** The kinds of the images of the pods, one a pod. */
  versions(): Promise<readonly string[]>
}

/** Opens a shop before which its workload is there. `top`: further keys of its config. */
export async function openKubernetesShop(
  cluster: Cluster,
  wanted: Partial<WorkloadWanted> = {},
  top: Readonly<Record<string, unknown>> = {},
): Promise<KubernetesShop> {
  const namespace = await namespaceFor(cluster)
  await cluster.apply(workloadOf({ namespace, image: cluster.image('v3'), ...wanted }))
  await cluster.kubectl('--namespace', namespace, 'rollout', 'status', 'deployment/web')
  return shopIn(cluster, namespace, {}, top)
}

/** Opens a shop whose first deployment makes the workload, by manifests in the repository. */
export const openWithManifests = async (
  cluster: Cluster,
  manifests: Readonly<Record<string, string>>,
): Promise<KubernetesShop> => shopIn(cluster, await namespaceFor(cluster), manifests)

async function shopIn(
  cluster: Cluster,
  namespace: string,
  manifests: Readonly<Record<string, string>> = {},
  top: Readonly<Record<string, unknown>> = {},
): Promise<KubernetesShop> {
  await cluster.apply(serviceOf(namespace))
  const { PATH = '', KUBECONFIG = '' } = cluster.envFor('admin')
  const made = Object.keys(manifests).length > 0 ? { manifests: Object.keys(manifests) } : {}
  const place = { deployment: 'web', namespace, context: 'bed', ...made }
  const shop = await openShop({
    images: cluster,
    env: { PATH, ROLLGATE_ENV: `KUBECONFIG=${KUBECONFIG}` },
    files: { 'README.md': 'A shop.\n', ...manifests },
    engine: (image) => ({ kubernetes: { ...place, image } }),
    top,
  })
  const kubectl = (...words: readonly string[]) => cluster.kubectl('--namespace', namespace, ...words)
  return {
    ...shop,
    namespace,
    kubectl,
    async load() {
      const address = await kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.clusterIP}')
      return cluster.load(`http://${address}/`)
    },
    async versions() {
      const images = 'jsonpath={.items[*].spec.containers[0].image}'
      const names = await kubectl('get', 'pods', '-l', 'app=web', '-o', images)
      return names
        .split(' ')
        .filter((name) => name !== '')
        .map((name) => cluster.kindOf(name))
    },
  }
}

export const serviceOf = (namespace: string, name = 'web', selector: object = { app: 'web' }) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace },
  spec: { selector, ports: [{ port: 80, targetPort: 8080 }] },
})
