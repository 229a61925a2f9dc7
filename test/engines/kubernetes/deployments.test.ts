import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { expectOutcome, saidBy } from '../engine-shop.ts'
import { expectNoneFailed } from '../load.ts'
import { missingForEngines } from '../needs.ts'
import { expectPageOf } from '../pages.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { workloadOf } from './bed/shop.ts'
import { type KubernetesShop, openKubernetesShop, openWithManifests } from './bed/shop-on-kubernetes.ts'

describe.skipIf(missingForEngines(...kubernetesNeeds) !== null)('deployments to Kubernetes', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster?.close())

  /** A shop of some replicas that serves v1 by a deployment of Rollgate. */
  async function serving(replicas = 2): Promise<KubernetesShop> {
    const shop = await openKubernetesShop(cluster, { replicas })
    await shop.release('v1', 'v1')
    expectOutcome(await shop.deploy('v1'), 'succeeded')
    return shop
  }

  test('a first deployment makes the workload of the manifests of its release', async () => {
    const written = workloadOf({ namespace: 'x', image: 'to-be-set', replicas: 1 })
    const { namespace: _elsewhere, ...metadata } = written.metadata
    const manifests = { 'deploy/web.yaml': stringify({ ...written, metadata }) }
    const shop = await openWithManifests(cluster, manifests)
    await shop.release('v1', 'v1')
    const job = await shop.deploy('v1')
    expectOutcome(job, 'succeeded')
    expectPageOf(job, 'first-deployment')
    expect(await shop.versions()).toEqual(['v1'])
  })

  test('an update of six replicas under load fails no request where the app drains', async () => {
    const shop = await serving(6)
    await shop.release('v2', 'v2')
    const load = await shop.load()
    const job = await shop.deploy('v2')
    const told = await load.stop()
    expectOutcome(job, 'succeeded')
    expectPageOf(job, 'update-of-six')
    expectNoneFailed(told)
    expect(told.count).toBeGreaterThan(100)
    expect(Object.keys(told.versions).sort()).toEqual(['v1', 'v2'])
    expect(await shop.versions()).toEqual(Array(6).fill('v2'))
  })

  test('the requests that an app loses which does not drain are counted, and the deployment is none the wiser', async () => {
    const shop = await openKubernetesShop(cluster, { replicas: 4, image: cluster.image('hasty') })
    await shop.release('v2', 'v2')
    const load = await shop.load()
    const job = await shop.deploy('v2')
    const told = await load.stop()
    expectOutcome(job, 'succeeded')
    console.log(`An app that does not drain: ${told.failed} of ${told.count} requests failed.`)
    expect(told.failed).toBeGreaterThan(0)
    expect(told.versions).toHaveProperty('v2')
  })

  test.each([
    ['crashes', 'crash', 'crash', /CrashLoopBackOff/, /no setting DATABASE_URL: giving up/],
    ['has no image', 'missing', 'image-not-there', /ErrImagePull|ImagePullBackOff/, /not found/],
  ] as const)(
    'a release that %s is asked about within seconds, and the old one serves SP-33',
    async (_how, kind, story, ...words) => {
      const shop = await serving()
      await shop.release('v2', kind)
      const load = await shop.load()
      const job = await shop.deploy('v2')
      expectOutcome(job, 'waiting')
      expectPageOf(job, story)
      for (const word of words) expect(saidBy(job)).toMatch(word)
      const back = await shop.decide(job, 'roll-back')
      expectOutcome(back, 'rolled-back')
      expectNoneFailed(await load.stop())
      expect(await shop.versions()).toEqual(['v1', 'v1'])
    },
  )

  test('a release that never gets ready is asked about when its engine gives up', async () => {
    const shop = await openKubernetesShop(cluster, { spec: { progressDeadlineSeconds: 10 } })
    await shop.release('v2', 'neverReady')
    const job = await shop.deploy('v2')
    expectOutcome(job, 'waiting')
    expectPageOf(job, 'never-ready')
    expect(saidBy(job)).toMatch(/readiness probe does not succeed/)
  })
})
