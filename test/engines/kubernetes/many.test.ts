import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { bundle } from '../../../src/sandbox/runner/runner.ts'
import { openProject } from '../../real/bed/project.ts'
import { expectOutcome } from '../engine-shop.ts'
import { missingForEngines, triesAll } from '../needs.ts'
import { peakUntilEnd } from '../peak.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { countedCalls } from './bed/counted-calls.ts'
import { onFakeNodes, startFakeNodes } from './bed/fake-nodes.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { namespaceFor, workloadOf } from './bed/shop.ts'

const missing = missingForEngines(...kubernetesNeeds) !== null

const SERVICES = 60
/** The peak of the run. */
const MOST_BYTES = 200 * 1024 * 1024
/** The calls of kubectl for a service whose replicas are ready at once. */
const MOST_CALLS = 20

// Minutes of real clocks, and a figure of the machine.
describe.skipIf(missing || !triesAll('60 Deployments'))(
  'a release of 60 Deployments on simulated nodes',
  () => {
    let cluster: Cluster
    let end: () => Promise<void>
    beforeAll(async () => {
      cluster = await startCluster()
      end = await startFakeNodes(cluster, 10)
    })
    afterAll(async () => {
      await end?.()
      await cluster?.close()
    })

    const names = Array.from({ length: SERVICES }, (_, number) => `service-${number + 1}`)

    function deploymentOf(name: string, namespace: string) {
      const { spec, ...rest } = workloadOf({ namespace, image: cluster.image('v1'), replicas: 3 })
      const labels = { app: name }
      const template = { metadata: { labels }, spec: { ...spec.template.spec, nodeSelector: onFakeNodes } }
      return {
        ...rest,
        metadata: { name, namespace },
        spec: { ...spec, selector: { matchLabels: labels }, template },
      }
    }

    const engineOf = (deployment: string, namespace: string) => ({
      engine: {
        kubernetes: { deployment, namespace, context: 'bed', image: cluster.image('v2') },
        'min-healthy-time': '0s',
        deadline: '5m',
      },
    })

    test('ends well within its memory, and with a bounded number of calls', {
      timeout: 1_800_000,
    }, async () => {
      const namespace = await namespaceFor(cluster)
      await cluster.apply(...names.map((name) => deploymentOf(name, namespace)))
      await cluster.kubectl(
        '-n',
        namespace,
        'wait',
        '--for=condition=Available',
        'deployment',
        '--all',
        '--timeout=120s',
      )
      const project = await openProject({ 'README.md': 'A shop.\n' }, {}, bundle, [])
      onTestFinished(() => project.close())
      const { PATH = '', KUBECONFIG = '' } = cluster.envFor('admin')
      const { path, calls } = countedCalls(PATH)
      const others = Object.fromEntries(names.slice(1).map((name) => [name, engineOf(name, namespace)]))
      await project.release('v2', engineOf(names[0] ?? '', namespace), {}, others)
      const begun = performance.now()
      const env = { PATH: path, ROLLGATE_ENV: `KUBECONFIG=${KUBECONFIG}` }
      const started = await project.start('v2', { command: 'deploy', release: 'v2' }, env)
      const peak = await peakUntilEnd(started)
      const main = await started.ended
      const job = { main, post: await started.post(main) }
      expectOutcome(job, 'succeeded')
      const seconds = Math.round((performance.now() - begun) / 1_000)
      const each = (calls() / SERVICES).toFixed(1)
      console.log(
        `${SERVICES} Deployments of 3 replicas: ${seconds} s, ${Math.round(peak / 1024 / 1024)} MB at most, ${calls()} calls of kubectl (${each} a service).`,
      )
      expect(peak).toBeLessThan(MOST_BYTES)
      expect(calls()).toBeLessThanOrEqual(SERVICES * MOST_CALLS)
    })
  },
)
