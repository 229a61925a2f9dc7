import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectOutcome, saidBy } from '../engine-shop.ts'
import { missingForEngines } from '../needs.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { cronJobOf } from './bed/cron-job.ts'
import { documentedScheduler } from './bed/documented.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { type KubernetesShop, openKubernetesShop } from './bed/shop-on-kubernetes.ts'

describe.skipIf(missingForEngines(...kubernetesNeeds) !== null)(
  'a shop on Kubernetes with a scheduler',
  () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster()
    })
    afterAll(() => cluster?.close())

    const cronJob = ({ namespace }: KubernetesShop, name: string, suspend: boolean) =>
      cronJobOf({ namespace, name, suspend, image: cluster.image('v1'), lasts: '8s' })

    const stepsIn = ({ namespace }: KubernetesShop, length = '2s') => ({
      scheduler: documentedScheduler(namespace),
      migrate: { run: `app work ${length}`, shell: 'sh', on: { engine: 'web' }, phase: 'expand' },
    })

    const read = (shop: KubernetesShop, what: string, path: string): Promise<string> =>
      shop.kubectl('get', ...what.split(' '), '-o', `jsonpath=${path}`)

    /** The seconds since the epoch of a time that an object keeps. */
    const timeIn = async (shop: KubernetesShop, what: string, path: string): Promise<number> =>
      Date.parse(await read(shop, what, path))

    test('drains its tasks, migrates by a job, rolls, waits for a decision, and goes back', async () => {
      const shop = await openKubernetesShop(cluster)
      await cluster.apply(cronJob(shop, 'hourly', false), cronJob(shop, 'stopped', true))
      await shop.kubectl('create', 'job', '--from=cronjob/hourly', 'hourly-1')

      await shop.release('v1', 'v1', { steps: stepsIn(shop) })
      const first = await shop.deploy('v1')
      expectOutcome(first, 'succeeded')
      expect(saidBy(first)).toMatch(/working 1[\s\S]*done/)
      const migration = (await read(shop, 'jobs', '{.items[*].metadata.name}'))
        .split(' ')
        .find((name) => name.startsWith('rollgate-'))
      const drained = await timeIn(shop, 'job hourly-1', '{.status.completionTime}')
      const migrating = await timeIn(shop, `job ${migration}`, '{.status.startTime}')
      expect(migrating).toBeGreaterThanOrEqual(drained)
      expect(await read(shop, 'cronjobs', '{range .items[*]}{.metadata.name} {.spec.suspend},{end}')).toBe(
        'hourly false,stopped true,',
      )

      await shop.release('v2', 'failing', { steps: stepsIn(shop) })
      const failed = await shop.deploy('v2')
      expectOutcome(failed, 'waiting')
      expect(saidBy(failed)).toMatch(/exited with 1/)
      expect(saidBy(failed)).toMatch(/column orders\.total does not exist/)
      expect(await shop.versions()).toEqual(['v1', 'v1'])
      expectOutcome(await shop.decide(failed, 'roll-back'), 'rolled-back')

      const { migrate: _none, ...scheduler } = stepsIn(shop)
      await shop.release('v3', 'crash', { steps: scheduler })
      const broken = await shop.deploy('v3')
      expectOutcome(broken, 'waiting')
      expectOutcome(await shop.decide(broken, 'roll-back'), 'rolled-back')
      expect(await shop.versions()).toEqual(['v1', 'v1'])
      expect(await read(shop, 'cronjobs', '{range .items[*]}{.spec.suspend},{end}')).toBe('false,true,')
    })
  },
)
