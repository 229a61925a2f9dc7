import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { missingForEngines, triesAll } from '../needs.ts'
import { hand, roll, watched } from '../rolling.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { controlOf, namespaceFor, workloadOf } from './bed/shop.ts'

const kinds = [
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
] as const

describe.skipIf(missingForEngines(...kubernetesNeeds) !== null)('a workload of another kind', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster?.close())

  test.each(triesAll('the second kind of workload') ? kinds : kinds.slice(0, 1))(
    'that another program changes is superseded, and goes back by digest: %s',
    async (kind, written) => {
      const namespace = await namespaceFor(cluster)
      await cluster.apply(workloadOf({ namespace, kind: written, image: cluster.image('v3') }))
      const control = controlOf(cluster, { namespace, workload: { kind, name: 'web' } })
      const [first, slow] = [{ app: cluster.image('v1') }, { app: cluster.image('slow') }]
      expect((await roll(control, first)).verdict.kind).toBe('done')
      const rollout = await hand(control, slow)
      let isChanged = false
      const { verdict, last } = await watched(control, slow, rollout, {
        async each() {
          if (isChanged) return
          isChanged = true
          const image = `app=${cluster.image('v2')}`
          await cluster.kubectl('--namespace', namespace, 'set', 'image', `${kind}/web`, image)
        },
      })
      expect(verdict.kind).toBe('superseded')
      expect(JSON.stringify(last.changedBy)).toContain('kubectl-set')
      expect((await roll(control, first, 'old')).verdict.kind).toBe('done')
    },
  )
})
