import { type EngineShop, openShop } from '../../engine-shop.ts'
import type { ImageKind } from '../../images/images.ts'
import type { Load, Probing } from '../../load.ts'
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

/** Opens a shop before which its workload is there. */
export async function openKubernetesShop(
  cluster: Cluster,
  wanted: Partial<WorkloadWanted> = {},
): Promise<KubernetesShop> {
  const namespace = await namespaceFor(cluster)
  await cluster.apply(workloadOf({ namespace, image: cluster.image('v3'), ...wanted }))
  await cluster.kubectl('--namespace', namespace, 'rollout', 'status', 'deployment/web')
  return shopIn(cluster, namespace)
}

/** A shop with two sides behind one Service, and a Service of its own before each side. */
export interface ShopOfSides extends KubernetesShop {
  /** Sends a request every 5 ms to the Service of the shop. */
  probe(): Promise<Probing>
  /** Tags a release that goes to a side next, whose image is of this kind; a job looks at the Service of that side alone. */
  releaseTo(side: 'blue' | 'green', tag: string, kind: ImageKind, steps?: object): Promise<void>
  /** The side that the selector of the Service names. */
  chosen(): Promise<string>
}

/** Opens a shop whose blue side is there, and whose green side the first deployment to it makes. */
export async function openShopOfSides(cluster: Cluster, replicas = 3): Promise<ShopOfSides> {
  const labels = { app: 'web', side: 'blue' }
  const shop = await openKubernetesShop(cluster, { replicas, labels })
  const { namespace, kubectl } = shop
  const of = (side: string) => serviceOf(namespace, `web-${side}`, { app: 'web', side })
  await cluster.apply(serviceOf(namespace, 'web', labels), of('blue'), of('green'))
  const address = (name: string) => kubectl('get', 'service', name, '-o', 'jsonpath={.spec.clusterIP}')
  const smokeTest = async (side: string) => ({
    run: `app get http://${await address(`web-${side}`)}/`,
    shell: 'sh',
    ...{ on: { engine: 'web' }, links: false, delay: '0s', attempts: 1 },
  })
  const place = { namespace, context: 'bed' }
  return {
    ...shop,
    probe: async () => cluster.probe(`http://${await address('web')}/`),
    chosen: () => kubectl('get', 'service', 'web', '-o', 'jsonpath={.spec.selector.side}'),
    async releaseTo(side, tag, kind, steps = {}) {
      const engine = { kubernetes: { deployment: 'web-green', ...place, image: cluster.image(kind) } }
      const door = { kubernetes: { service: 'web', ...place, values: { home: 'blue', 'stand-in': 'green' } } }
      const times = { 'min-healthy-time': '1s', deadline: '90s' }
      const services = { web: { engine: { ...engine, ...times } } }
      const moving = { database: 'none', door, services, 'smoke-test': await smokeTest(side) }
      await shop.release(tag, kind, { steps: { detour: { 'blue-green': moving }, ...steps } })
    },
  }
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
