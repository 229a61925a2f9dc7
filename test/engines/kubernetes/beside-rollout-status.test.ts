import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { isHandedOver } from '../engine-shop.ts'
import { everything, missingForEngines } from '../needs.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { namespaceFor, workloadOf } from './bed/shop.ts'
import { openKubernetesShop } from './bed/shop-on-kubernetes.ts'

/** A bad release: its image, and the change of another program meanwhile. */
interface Bad {
  readonly kind: 'crash' | 'neverReady' | 'missing' | 'slow'
  readonly meanwhile: 'nothing' | 'scaled to zero' | 'another rollout'
  /** True if `kubectl rollout status` says that it succeeded. */
  readonly believed: boolean
}

const bad: readonly Bad[] = [
  { kind: 'crash', meanwhile: 'nothing', believed: false },
  { kind: 'neverReady', meanwhile: 'nothing', believed: false },
  { kind: 'missing', meanwhile: 'nothing', believed: false },
  { kind: 'slow', meanwhile: 'scaled to zero', believed: true },
  { kind: 'slow', meanwhile: 'another rollout', believed: true },
]

/** A way to deploy that says if it succeeded. */
interface Way {
  readonly namespace: string
  deploy(): Promise<boolean>
  hasBegun(): Promise<boolean>
}

describe.skipIf(missingForEngines(...kubernetesNeeds) !== null)('kubectl rollout status and Rollgate', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster?.close())

  const impatient = { progressDeadlineSeconds: 10 }

  /** As most write it: set the image, and wait for the status. */
  async function byHand({ kind }: Bad): Promise<Way> {
    const namespace = await namespaceFor(cluster)
    await cluster.apply(workloadOf({ namespace, image: cluster.image('v3'), spec: impatient }))
    const kubectl = (...words: string[]) => cluster.kubectl('-n', namespace, ...words)
    await kubectl('rollout', 'status', 'deployment/web')
    let begun = false
    return {
      namespace,
      async deploy() {
        await kubectl('set', 'image', 'deployment/web', `app=${cluster.image(kind)}`)
        begun = true
        return kubectl('rollout', 'status', 'deployment/web', '--timeout=60s').then(
          () => true,
          () => false,
        )
      },
      hasBegun: async () => begun,
    }
  }

  async function byRollgate({ kind }: Bad): Promise<Way> {
    const shop = await openKubernetesShop(cluster, { spec: impatient })
    await shop.release('v2', kind)
    return {
      namespace: shop.namespace,
      deploy: async () => (await shop.deploy('v2')).main.outputs.outcome === 'succeeded',
      hasBegun: async () => isHandedOver(shop),
    }
  }

  async function succeeds(way: Way, { meanwhile }: Bad): Promise<boolean> {
    const deploying = way.deploy()
    const words = {
      nothing: [],
      'scaled to zero': ['scale', 'deployment/web', '--replicas=0'],
      'another rollout': ['set', 'image', 'deployment/web', `app=${cluster.image('v1')}`],
    }[meanwhile]
    if (words.length > 0) {
      await eventually('it has begun', way.hasBegun)
      await cluster.kubectl('-n', way.namespace, ...words)
    }
    return deploying
  }

  // Both say the same of the others, which other tests try.
  test.each(everything ? bad : bad.filter(({ believed }) => believed))(
    'a bad release ($kind, $meanwhile) is no success here',
    async (one) => {
      const [byKubectl, here] = await Promise.all([
        byHand(one).then((way) => succeeds(way, one)),
        byRollgate(one).then((way) => succeeds(way, one)),
      ])
      expect({ byKubectl, here }).toEqual({ byKubectl: one.believed, here: false })
    },
  )
})
