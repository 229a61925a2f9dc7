import { describe, expect, test } from 'vitest'
import { createKubernetes } from '../../../src/adapters/engine/kubernetes/control.ts'
import type { PatchOperation } from '../../../src/adapters/engine/kubernetes/operation.ts'
import type { KubernetesEngine } from '../../../src/domain/config/engine-recipe.ts'
import type { Shell } from '../../../src/pipeline/ports.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { createFakeClock } from '../../fakes/fake-clock.ts'
import { imageOf } from './a-workload.ts'

const engine: KubernetesEngine = {
  ...{ kind: 'kubernetes', workload: { kind: 'deployment', name: 'web' }, namespace: 'shop' },
  ...{ context: null, images: { app: '' }, manifests: [] },
}

/** A Deployment whose controller notices each change at once. */
function aCluster(like?: KubernetesEngine['like']) {
  const cluster = {
    generation: 1,
    revision: 1,
    image: imageOf('1'),
    replicas: 3,
    deleting: false,
    manager: 'rollgate',
    namespace: 'Active',
    patches: 0,
    /** The objects that were applied, in order. */
    applied: [] as ReturnType<typeof JSON.parse>[],
    /** Happens between a look and the patch after it. */
    meanwhile: () => {},
    /** A webhook changes the image of each patch. */
    admitted: (image: string) => image,
  }
  const env = [
    { name: 'DATABASE_HOST', valueFrom: { configMapKeyRef: { name: 'web', key: 'host' } } },
    { name: 'SHOP', value: 'acme' },
  ]
  const container = { name: 'app', env }
  const deployment = () => ({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
    metadata: {
      ...{ name: 'web', uid: 'w', generation: cluster.generation },
      annotations: { 'deployment.kubernetes.io/revision': String(cluster.revision) },
      managedFields: [{ manager: cluster.manager, time: '2026-01-01T00:00:00Z', fieldsV1: { 'f:spec': {} } }],
      ...(cluster.deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: {
      replicas: cluster.replicas,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: {}, spec: { containers: [{ ...container, image: cluster.image }] } },
    },
    status: { observedGeneration: cluster.generation },
  })
  const set = () => ({
    kind: 'ReplicaSet',
    metadata: {
      ...{ name: `web-${cluster.revision}`, uid: `set-${cluster.revision}` },
      labels: { 'pod-template-hash': String(cluster.revision) },
      annotations: { 'deployment.kubernetes.io/revision': String(cluster.revision) },
      ownerReferences: [{ uid: 'w', kind: 'Deployment', name: 'web' }],
    },
  })
  const patched = (operations: readonly PatchOperation[]): boolean => {
    cluster.patches += 1
    const { meanwhile } = cluster
    cluster.meanwhile = () => {}
    meanwhile()
    for (const one of operations) {
      if (one.op === 'test' && one.path === '/metadata/generation' && one.value !== cluster.generation)
        return false
      if (one.path === '/spec/replicas' && 'value' in one) cluster.replicas = Number(one.value)
      if (one.op === 'replace') cluster.image = cluster.admitted(String(one.value))
    }
    cluster.generation += 1
    cluster.revision += 1
    return true
  }
  const answers = (words: readonly string[], input: string): unknown => {
    if (words.includes('create'))
      return JSON.parse(input)
        .items.map(() => 'true')
        .join('\n')
    if (words.includes('apply')) {
      cluster.applied.push(JSON.parse(input))
      return ''
    }
    if (words.includes('namespaces')) return cluster.namespace
    if (words.some((word) => word.includes('quotas'))) return { items: [] }
    return words.some((word) => word.includes('pods')) ? { items: [set()] } : deployment()
  }
  const shell: Shell = {
    async run(_command, variables, { line, answer = line, input = '' }) {
      const words = Object.values(variables).filter((word) => word !== undefined)
      const patch = words[words.indexOf('--patch') + 1]
      if (words.includes('patch') && !patched(JSON.parse(patch ?? ''))) {
        line('The request is invalid: the server rejected our request due to an error in our request')
        return { kind: 'exited', code: 1, tail: [] }
      }
      const said = words.includes('patch') ? '' : answers(words, input)
      for (const one of (typeof said === 'string' ? said : JSON.stringify(said)).split('\n')) answer(one)
      return { kind: 'exited', code: 0, tail: [] }
    },
  }
  const files = { read: () => ({ why: 'it is not there' }) }
  return {
    cluster,
    control: createKubernetes(
      { ...engine, ...(like && { like }) },
      { shell, clock: createFakeClock(), files },
    ),
  }
}

const order = { images: { app: imageOf('2') }, to: 'new' } as const

describe('an order for a Deployment', () => {
  test('is given once more where an autoscaler changed its size between the look and the change', async () => {
    const { cluster, control } = aCluster()
    cluster.meanwhile = () => {
      cluster.generation += 1
      cluster.replicas = 5
    }
    expect(await control.handOver(order, {}, listener())).toEqual({ rollout: 'revision 2, web-2' })
    expect([cluster.patches, cluster.image]).toEqual([2, imageOf('2')])
  })

  test('is not given again where another program began a rollout in between', async () => {
    const { cluster, control } = aCluster()
    cluster.meanwhile = () => {
      cluster.generation += 1
      cluster.revision += 1
      cluster.image = imageOf('9')
    }
    expect(await control.handOver(order, {}, listener())).toMatchObject({ code: 'engine-superseded' })
    expect([cluster.patches, cluster.image]).toEqual([1, imageOf('9')])
  })

  test('that the cluster changes on its way is refused with both images, and is no rollout of others', async () => {
    const { cluster, control } = aCluster()
    cluster.admitted = () => imageOf('8')
    const handed = await control.handOver(order, {}, listener())
    expect(handed).toMatchObject({
      code: 'engine-refused',
      what: expect.stringMatching(/web@sha256:2.* became .*web@sha256:8.*admission webhook/),
    })
  })

  test('that another program replaced at once is watched: the look after it names that program', async () => {
    const { cluster, control } = aCluster()
    cluster.admitted = () => {
      cluster.manager = 'kubectl-edit'
      return imageOf('8')
    }
    expect(await control.handOver(order, {}, listener())).toEqual({ rollout: 'revision 2, web-2' })
  })

  test('is refused while the Deployment or its namespace is being deleted', async () => {
    const { cluster, control } = aCluster()
    cluster.deleting = true
    expect(await control.able({}, listener())).toMatchObject({
      value: { refusals: ['Deployment web in shop is being deleted.'] },
    })
    cluster.namespace = 'Terminating'
    expect(await control.able({}, listener())).toMatchObject({
      value: { refusals: ['The namespace shop is being deleted.'] },
    })
  })
})

describe('a workload that stands in for another one', () => {
  const like = { name: 'web', label: 'side', value: 'green' }
  const standsIn = { DATABASE_HOST: 'copy' }

  test('is made anew from the other one where it runs no replica, with its own variables in place of those there', async () => {
    const { cluster, control } = aCluster({ ...like, standsIn })
    cluster.replicas = 0
    expect(await control.handOver(order, {}, listener())).toMatchObject({ rollout: expect.any(String) })
    expect(cluster.applied).toMatchObject([
      {
        spec: {
          selector: { matchLabels: { app: 'web', side: 'green' } },
          template: {
            metadata: { labels: { side: 'green' } },
            spec: {
              containers: [
                {
                  image: imageOf('2'),
                  env: [
                    { name: 'SHOP', value: 'acme' },
                    { name: 'DATABASE_HOST', value: 'copy' },
                  ],
                },
              ],
            },
          },
        },
      },
    ])
  })

  test.each([
    ['while it runs replicas', { ...like, standsIn }, 3],
    ['on a side of blue-green that was scaled down', like, 0],
  ])('is left in its shape %s', async (_when, shape, replicas) => {
    const { cluster, control } = aCluster(shape)
    cluster.replicas = replicas
    await control.handOver(order, {}, listener())
    expect([cluster.applied, cluster.image]).toEqual([[], imageOf('2')])
  })

  test('runs no replica where another program changed it between the look and the change, too', async () => {
    const { cluster, control } = aCluster()
    cluster.meanwhile = () => {
      cluster.generation += 1
      cluster.replicas = 5
    }
    expect(await control.empty?.({}, listener())).toBeNull()
    expect([cluster.patches, cluster.replicas]).toEqual([2, 0])
  })
})
