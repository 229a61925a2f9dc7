import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClock } from '../../../src/adapters/clock.ts'
import { createKubernetesDoor } from '../../../src/adapters/detour/kubernetes/door.ts'
import type { EngineSeen, Images } from '../../../src/domain/engine/engine-seen.ts'
import { isComplete } from '../../../src/domain/engine/verdict.ts'
import { known, type Reading } from '../../../src/domain/reading.ts'
import type { EngineControl } from '../../../src/pipeline/ports.ts'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import { command, listener } from '../../contracts/shell.contract.ts'
import { missingForEngines } from '../needs.ts'
import { type Cluster, startCluster } from './bed/cluster.ts'
import { bindingFor, documentedRole } from './bed/documented.ts'
import { kubernetesNeeds } from './bed/needs.ts'
import { controlOf, namespaceFor, shellFor, workloadOf } from './bed/shop.ts'
import { serviceOf } from './bed/shop-on-kubernetes.ts'

describe.skipIf(missingForEngines(...kubernetesNeeds) !== null)('the account of a kubeconfig', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster?.close())

  const watch = listener()

  /** Gives the deployer a Role in a namespace of its own, with a workload in it. */
  async function prepared(kind: 'Deployment' | 'StatefulSet', role: (namespace: string) => object) {
    const namespace = await namespaceFor(cluster)
    await cluster.apply(role(namespace), bindingFor(namespace))
    await cluster.apply(workloadOf({ namespace, kind, replicas: 1, image: cluster.image('v1') }))
    const workload = { kind: kind === 'Deployment' ? 'deployment' : 'statefulset', name: 'web' } as const
    return { namespace, control: controlOf(cluster, { namespace, workload, user: 'deployer' }) }
  }

  async function complete(look: () => Promise<Reading<EngineSeen>>, images: Images): Promise<void> {
    let seen: EngineSeen | null = null
    await eventually('the rollout is complete', async () => {
      seen = known(await look())
      return seen !== null && isComplete(seen, images)
    }).catch((late: Error) => expect.fail(`${late.message}: ${JSON.stringify(seen)}`))
  }

  const give = async (control: EngineControl, images: Images): Promise<void> => {
    const handed = await control.handOver({ images, to: 'new' }, {}, watch)
    if (!('rollout' in handed)) expect.fail(handed.what)
    await complete(() => control.state({}, watch.signal), images)
  }

  test('with the documented Role rolls a Deployment, has a test bed, and runs jobs', async () => {
    const { control } = await prepared('Deployment', documentedRole)
    const able = known(await control.able({}, watch))
    expect(able?.refusals).toEqual([])
    expect(able?.facts).not.toHaveProperty('limits')
    const images = { app: cluster.image('v2') }
    await give(control, images)
    const tried = { app: cluster.image('v3') }
    expect(await control.testBed?.open(tried, {}, watch)).toHaveProperty('rollout')
    await complete(async () => (await control.testBed?.state({}, watch.signal)) ?? { kind: 'absent' }, tried)
    expect(await control.testBed?.close({}, watch)).toBeNull()
    const job = { name: 'rollgate-1-migrate', images, container: null }
    const run = command('app work 1s', { shell: 'sh', timeout: 60_000 })
    expect(await control.jobs?.run({ ...job, command: run }, {}, watch)).toMatchObject({
      kind: 'exited',
      code: 0,
    })
  })

  test('with the documented Role takes a StatefulSet back whose pod never got ready', async () => {
    const { control } = await prepared('StatefulSet', documentedRole)
    await give(control, { app: cluster.image('v2') })
    const missing = { app: cluster.image('missing') }
    expect(await control.handOver({ images: missing, to: 'new' }, {}, watch)).toHaveProperty('rollout')
    await give(control, { app: cluster.image('v2') })
  })

  test('with the documented Role makes the other side of a Service, and moves its visitors there and back', async () => {
    const namespace = await namespaceFor(cluster)
    await cluster.apply(documentedRole(namespace), bindingFor(namespace))
    const labels = { app: 'web', side: 'blue' }
    const { metadata, ...blue } = workloadOf({ namespace, image: cluster.image('v1'), replicas: 1, labels })
    const service = serviceOf(namespace, 'web', labels)
    await cluster.apply({ ...blue, metadata: { ...metadata, name: 'web-blue' } }, service)
    const green = controlOf(cluster, {
      ...{ namespace, user: 'deployer', workload: { kind: 'deployment', name: 'web-green' } },
      like: { name: 'web-blue', label: 'side', value: 'green' },
    })
    await give(green, { app: cluster.image('v2') })
    const values = { home: 'blue', 'stand-in': 'green' } as const
    const recipe = { kind: 'kubernetes', service: 'web', namespace, context: 'bed', label: 'side' } as const
    const means = { shell: shellFor(cluster, 'deployer'), clock: createClock() }
    const door = createKubernetesDoor({ ...recipe, values, marker: null }, means)
    for (const side of ['stand-in', 'home'] as const)
      expect(await door.point(side, {}, watch)).toMatchObject({
        evidence: { selector: `side=${values[side]}`, endpoints: '1' },
      })
  })

  test('with the documented Role makes a stand-in, scales it to zero, and makes it anew', async () => {
    const { namespace } = await prepared('Deployment', documentedRole)
    const aside = controlOf(cluster, {
      ...{ namespace, user: 'deployer', workload: { kind: 'deployment', name: 'web-aside' } },
      like: { name: 'web', label: 'side', value: 'green', standsIn: { DATABASE: 'copy' } },
    })
    const images = { app: cluster.image('v2') }
    for (const _ of ['made', 'made anew']) {
      await give(aside, images)
      expect(await aside.empty?.({}, watch)).toBeNull()
      await eventually('no replica is left', async () => {
        const replicas = known(await aside.state({}, watch.signal))?.replicas
        return replicas !== undefined && replicas.wanted + replicas.updated + replicas.old === 0
      })
    }
  })

  test('that may not change the workload is refused by its missing right, before anything is changed', async () => {
    const { control, namespace } = await prepared('Deployment', (name) =>
      without(documentedRole(name), 'patch'),
    )
    const able = known(await control.able({}, watch))
    expect(able?.refusals).toEqual([
      `The account of the kubeconfig may not patch deployments/web in ${namespace}.`,
    ])
  })

  test('in another context than the config means is refused', async () => {
    const { namespace } = await prepared('Deployment', documentedRole)
    await cluster.kubectl('config', 'set-context', 'elsewhere', '--cluster=bed', '--user=admin')
    await cluster.kubectl('config', 'use-context', 'elsewhere')
    const able = known(await controlOf(cluster, { namespace }).able({}, watch))
    await cluster.kubectl('config', 'use-context', 'bed')
    expect(able?.refusals).toEqual(['The current context is elsewhere, and the config means bed.'])
  })

  test('that finds no such namespace is refused', async () => {
    const able = known(await controlOf(cluster, { namespace: 'not-there' }).able({}, watch))
    expect(able?.refusals).toEqual(['There is no namespace not-there in this cluster.'])
  })
})

/** A Role without a verb. */
function without(role: object, verb: string): object {
  return JSON.parse(JSON.stringify(role), (key, value) =>
    key === 'verbs' ? value.filter((one: string) => one !== verb) : value,
  )
}
