import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import type { Job } from '../../../src/sandbox/stage.ts'
import { killedAtEach, selfKilling } from '../../real/bed/killing.ts'
import { expectOutcome, isHandedOver, saidBy } from '../engine-shop.ts'
import { missingForEngines } from '../needs.ts'
import { expectPageOf } from '../pages.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { type KubernetesShop, openKubernetesShop } from './bed/shop-on-kubernetes.ts'

describe.skipIf(missingForEngines(...kubernetesNeeds) !== null)(
  'a rollout on Kubernetes that is disturbed',
  () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster()
    })
    afterAll(() => cluster?.close())

    const revision = async (shop: KubernetesShop): Promise<number> =>
      Number(
        await shop.kubectl(
          'get',
          'deployment',
          'web',
          '-o',
          String.raw`jsonpath={.metadata.annotations.deployment\.kubernetes\.io/revision}`,
        ),
      )

    /** Deploys a release that is slow to start, and disturbs it once it is handed over. */
    async function disturbed(...words: readonly string[]): Promise<{ shop: KubernetesShop; job: Job }> {
      const shop = await openKubernetesShop(cluster)
      await shop.release('v2', 'slow')
      const started = await shop.start('v2')
      await eventually('it is handed over', () => isHandedOver(shop))
      await shop.kubectl(...words)
      return { shop, job: await shop.ended(started) }
    }

    test('by a rollout of another program is superseded, and says by which', async () => {
      const { shop, job } = await disturbed('set', 'image', 'deployment/web', `app=${cluster.image('v1')}`)
      expectOutcome(job, 'waiting')
      expectPageOf(job, 'rollout-of-another')
      expect(saidBy(job)).toMatch(/kubectl-set/)
      expect(shop.project.ledger()?.serving).toBeNull()
    })

    test('by a pause is asked about, and is no success', async () => {
      const { job } = await disturbed('rollout', 'pause', 'deployment/web')
      expectOutcome(job, 'waiting')
      expectPageOf(job, 'paused')
    })

    test('by a scaling to zero is asked about, where rollout status would be content', async () => {
      const { shop, job } = await disturbed('scale', 'deployment/web', '--replicas=0')
      expectOutcome(job, 'waiting')
      expectPageOf(job, 'scaled-to-zero')
      expect(await shop.kubectl('rollout', 'status', 'deployment/web')).toMatch(/successfully rolled out/)
    })

    test('by a quota is asked about within seconds, with the words of the quota', async () => {
      const shop = await openKubernetesShop(cluster)
      await shop.kubectl('create', 'quota', 'small', '--hard=pods=2')
      await eventually(
        'the quota counts',
        async () =>
          (await shop.kubectl('get', 'quota', 'small', '-o', 'jsonpath={.status.used.pods}')) === '2',
      )
      await shop.release('v2', 'v2')
      const begun = performance.now()
      const job = await shop.deploy('v2')
      expect(performance.now() - begun).toBeLessThan(25_000)
      expectOutcome(job, 'waiting')
      expectPageOf(job, 'quota')
      expect(saidBy(job)).toMatch(/exceeded quota: small/)
      expect(await shop.versions()).toEqual(['v3', 'v3'])
    })

    test('is taken back twice in a row by digest: it is no toggle', async () => {
      const shop = await openKubernetesShop(cluster)
      await shop.release('v1', 'v1')
      expectOutcome(await shop.deploy('v1'), 'succeeded')
      await shop.release('v2', 'crash')
      for (const _time of ['once', 'again']) {
        const job = await shop.deploy('v2')
        expectOutcome(job, 'waiting')
        const back = await shop.decide(job, 'roll-back')
        expectOutcome(back, 'rolled-back')
        expectPageOf(back, 'rolled-back-twice')
        await eventually('only v1 is left', async () => (await shop.versions()).join() === 'v1,v1')
      }
    })

    test('by a person while it waited for a decision is read again, before anything is handed over', async () => {
      const shop = await openKubernetesShop(cluster)
      await shop.release('v1', 'v1')
      expectOutcome(await shop.deploy('v1'), 'succeeded')
      await shop.release('v2', 'missing')
      const job = await shop.deploy('v2')
      expectOutcome(job, 'waiting')
      await shop.kubectl('set', 'image', 'deployment/web', `app=${cluster.image('v3')}`)
      await shop.kubectl('rollout', 'status', 'deployment/web')
      const before = await revision(shop)
      const later = await shop.decide(job, 'roll-back')
      expectOutcome(later, 'waiting')
      expectPageOf(later, 'answered-days-later')
      expect(saidBy(later)).toMatch(/kubectl-set/)
      expect(await revision(shop)).toBe(before)
    })

    test('by a runner that is killed at every event is handed over once, and ends as ever GH-10', async () => {
      const shop = await openKubernetesShop(cluster)
      await shop.release('v2', 'v2')
      const before = await revision(shop)
      const { env, moments } = selfKilling()
      const last = await killedAtEach(shop.project, { ...shop.env, ...env })
      expect(moments().length).toBeGreaterThan(5)
      expect(last, last.log.join('\n')).toMatchObject({ code: 0 })
      expect(await revision(shop)).toBe(before + 1)
      expect(await shop.versions()).toEqual(['v2', 'v2'])
      expect(shop.project.ledger()).toMatchObject({ serving: { release: { tag: 'v2' } }, deployment: null })
    })
  },
)
