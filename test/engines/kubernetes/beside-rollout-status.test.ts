import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingForEngines, triesAll } from '../needs.ts'
import {
  type BadRelease,
  badReleases,
  endsWell,
  type Meanwhile,
  saysSuccess,
  sideBySide,
  type Way,
  wayOf,
} from '../side-by-side.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { namespaceFor, workloadOf } from './bed/shop.ts'
import { openKubernetesShop } from './bed/shop-on-kubernetes.ts'

describe.skipIf(missingForEngines(...kubernetesNeeds) !== null)('kubectl rollout status and Rollgate', () => {
  let cluster: Cluster
  const table = sideBySide('kubectl rollout status')
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(async () => {
    table.print()
    await cluster?.close()
  })

  const impatient = { progressDeadlineSeconds: 10 }

  const disturbIn = (namespace: string) => (how: Exclude<Meanwhile, 'nothing'>) =>
    how === 'scaled to zero'
      ? cluster.kubectl('-n', namespace, 'scale', 'deployment/web', '--replicas=0')
      : cluster.kubectl('-n', namespace, 'set', 'image', 'deployment/web', `app=${cluster.image('v1')}`)

  /** As most write it: set the image, and wait for the status. */
  async function byHand({ kind }: BadRelease): Promise<Way> {
    const namespace = await namespaceFor(cluster)
    await cluster.apply(workloadOf({ namespace, image: cluster.image('v3'), spec: impatient }))
    const kubectl = (...words: string[]) => cluster.kubectl('-n', namespace, ...words)
    await kubectl('rollout', 'status', 'deployment/web')
    let begun = false
    return {
      async deploy() {
        await kubectl('set', 'image', 'deployment/web', `app=${cluster.image(kind)}`)
        begun = true
        return endsWell(kubectl('rollout', 'status', 'deployment/web', '--timeout=60s'))
      },
      hasBegun: async () => begun,
      disturb: disturbIn(namespace),
    }
  }

  async function byRollgate({ kind }: BadRelease): Promise<Way> {
    const shop = await openKubernetesShop(cluster, { spec: impatient })
    await shop.release('v2', kind)
    return wayOf(shop, disturbIn(shop.namespace))
  }

  // Both say the same of the others, which other tests try.
  test.each(
    triesAll('three of five bad releases')
      ? badReleases
      : badReleases.filter(({ meanwhile }) => meanwhile !== 'nothing'),
  )('a bad release ($kind, $meanwhile) is no success here', async (bad) => {
    const [byKubectl, here] = await Promise.all([
      byHand(bad).then((way) => saysSuccess(way, bad)),
      byRollgate(bad).then((way) => saysSuccess(way, bad)),
    ])
    table.note(bad, byKubectl, here)
    expect({ byKubectl, here }).toEqual({ byKubectl: bad.meanwhile !== 'nothing', here: false })
  })
})
