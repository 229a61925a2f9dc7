import { spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { expectOutcome } from '../engine-shop.ts'
import { missingForEngines, triesAll } from '../needs.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { openKubernetesShop } from './bed/shop-on-kubernetes.ts'

const missing = missingForEngines(...kubernetesNeeds) !== null

/** Half of the successes are said this soon. One look a second takes half of it. */
const MEDIAN_MS = 1_000

// A figure of a quiet machine: beside other work it says more about that.
describe.skipIf(missing || !triesAll('the time from the engine to success'))(
  'after the last old pod is gone',
  () => {
    let cluster: Cluster
    beforeAll(async () => {
      cluster = await startCluster()
    })
    afterAll(() => cluster?.close())

    test('success is said within a second', { timeout: 400_000 }, async () => {
      const shop = await openKubernetesShop(cluster)
      const engine = { 'min-healthy-time': '0s' }
      let last = 0
      const watched = ['-n', shop.namespace, 'get', 'pods', '-w', '--output-watch-events', '-o', 'name']
      const watching = spawn('kubectl', watched, {
        env: cluster.envFor('admin'),
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      onTestFinished(() => void watching.kill())
      watching.stdout.on('data', () => {
        last = performance.now()
      })
      const delays: number[] = []
      for (let n = 1; n <= 6; n++) {
        await shop.release(`v${n}`, n % 2 === 0 ? 'v1' : 'v2', { engine })
        const started = await shop.start(`v${n}`)
        let said = 0
        const looking = setInterval(() => {
          if (said === 0 && started.log.some((line) => /were seen ready/.test(line))) said = performance.now()
        }, 5)
        const job = await shop.ended(started).finally(() => clearInterval(looking))
        expectOutcome(job, 'succeeded')
        delays.push(Math.round(said - last))
        await eventually('quiet', async () => (await shop.versions()).length === 2)
      }
      console.log(`Milliseconds from the last event of a pod to the success: ${delays.join(', ')}`)
      expect(delays.toSorted((one, other) => one - other)[3]).toBeLessThan(MEDIAN_MS)
    })
  },
)
