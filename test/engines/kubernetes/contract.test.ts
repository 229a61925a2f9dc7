import { afterAll, beforeAll, describe } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import { engineContract } from '../../contracts/engine.contract.ts'
import { command } from '../../contracts/shell.contract.ts'
import { missingForEngines, triesAll } from '../needs.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { controlOf, namespaceFor, workloadOf } from './bed/shop.ts'

describe.skipIf(missingForEngines(...kubernetesNeeds) !== null)('Kubernetes', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster?.close())

  const kinds = triesAll('the contract of StatefulSets and DaemonSets')
    ? (['deployment', 'statefulset', 'daemonset'] as const)
    : (['deployment'] as const)
  for (const kind of kinds)
    engineContract(`a ${kind} of Kubernetes`, async () => {
      const namespace = await namespaceFor(cluster)
      const written = {
        deployment: 'Deployment',
        statefulset: 'StatefulSet',
        daemonset: 'DaemonSet',
      } as const
      await cluster.apply(workloadOf({ namespace, kind: written[kind], image: cluster.image('v3') }))
      return {
        control: controlOf(cluster, { namespace, workload: { kind, name: 'web' } }),
        clock: createClock(),
        variables: { ROLLGATE_SERVICE: 'web' },
        exists: true,
        first: { app: cluster.image('v1') },
        second: { app: cluster.image('v2') },
        broken: { app: cluster.image('missing') },
        commands: {
          good: command('app exit 0', { shell: 'sh', timeout: 60_000 }),
          three: command('app exit 3', { shell: 'sh', timeout: 60_000 }),
        },
        silence: null,
        patience: 60_000,
      }
    })
})
