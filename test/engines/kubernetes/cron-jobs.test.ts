import { afterAll, beforeAll, describe } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import { createCronJobs } from '../../../src/adapters/engine/kubernetes/cron-jobs/control.ts'
import { schedulerContract } from '../../contracts/scheduler.contract.ts'
import { missingForEngines } from '../needs.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { cronJobOf } from './bed/cron-job.ts'
import { bindingFor, documentedRole } from './bed/documented.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { namespaceFor, shellFor } from './bed/shop.ts'

describe.skipIf(missingForEngines(...kubernetesNeeds) !== null)('the CronJobs of Kubernetes', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster?.close())

  schedulerContract('the documented Role', async () => {
    const namespace = await namespaceFor(cluster)
    await cluster.apply(documentedRole(namespace), bindingFor(namespace))
    const image = cluster.image('v1')
    for (const [name, suspend] of [
      ['hourly', false],
      ['stopped', true],
      ['others', false],
    ] as const)
      await cluster.apply(cronJobOf({ namespace, name, suspend, image, lasts: '60s' }))
    const names = ['hourly', 'stopped']
    const place = { kind: 'cron-jobs', service: 'web', namespace, context: 'bed', names } as const
    const kubectl = (...words: readonly string[]) => cluster.kubectl('--namespace', namespace, ...words)
    return {
      control: createCronJobs(place, shellFor(cluster, 'deployer')),
      clock: createClock(),
      async start() {
        await kubectl('create', 'job', '--from=cronjob/hourly', 'hourly-1')
        return 'hourly-1'
      },
      async suspended() {
        const all = await kubectl(
          'get',
          'cronjobs',
          '-o',
          'jsonpath={range .items[?(@.spec.suspend==true)]}{.metadata.name} {end}',
        )
        return all.trim().split(' ').toSorted()
      },
    }
  })
})
