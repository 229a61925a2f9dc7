import { describe, expect, test } from 'vitest'
import { seenIn } from '../../../src/adapters/engine/kubernetes/seen.ts'
import type {
  ContainerStatus,
  PodObject,
  WorkloadObject,
} from '../../../src/adapters/engine/kubernetes/shapes.ts'
import { aPod, aWorkload, imageOf, looking, running } from './a-workload.ts'

const seen = (workload: WorkloadObject, ...pods: PodObject[]) =>
  seenIn(looking(workload, ...pods), { app: '' }, [])

const conditions = (type: string, reason: string, message: string) => [
  { type, status: 'True', reason, message },
]

describe('a Deployment is read', () => {
  test('as settled with one ready replica of the newest revision, and by the name of that revision', () => {
    const read = seen(aWorkload(), aPod())
    expect(read).toMatchObject({ phase: 'settled', noticed: true, rollout: 'revision 2, web-2' })
    expect(read.replicas).toEqual({ wanted: 1, updated: 1, ready: 1, old: 0 })
  })

  test('as rolling while a replica of the one before is still ending: it may serve', () => {
    const read = seen(aWorkload(), aPod(), aPod({ revision: '1', isEnding: true }))
    expect(read).toMatchObject({ phase: 'rolling', replicas: { old: 1 } })
  })

  test('with an ending replica whose ReplicaSet was removed already', () => {
    const orphan = aPod({ revision: '0', isEnding: true })
    expect(seen(aWorkload(), aPod(), orphan).replicas.old).toBe(1)
  })

  test('as not noticed before the controller has seen the change', () => {
    const workload = { ...aWorkload(), status: { observedGeneration: 4 } }
    expect(seen(workload, aPod())).toMatchObject({ noticed: false, phase: 'rolling' })
  })

  test('without a replica that runs other content than the workload names', () => {
    expect(seen(aWorkload(), aPod({ image: imageOf('9') })).replicas.updated).toBe(0)
  })

  test('with a replica whose node shows an id of its own for the content that the pod names', () => {
    expect(seen(aWorkload(), aPod({ status: { imageID: 'sha256:0815' } })).replicas.updated).toBe(1)
  })

  test('with the digest that runs, where the workload names a tag', () => {
    const image = 'ghcr.io/acme/web:v2'
    const pod = aPod({ image, status: { imageID: imageOf('2') } })
    expect(seen(aWorkload({}, image), pod).wanted).toEqual({ app: imageOf('2') })
  })

  test('without a replica whose sidecar among the init containers runs other content, or has ended', () => {
    const spec = { containers: [{ name: 'app', image: imageOf('2') }] }
    const template = {
      metadata: {},
      spec: { ...spec, initContainers: [{ name: 'proxy', image: imageOf('7'), restartPolicy: 'Always' }] },
    }
    const updated = (image: string, state: ContainerStatus['state']) => {
      const proxy = { name: 'proxy', imageID: image, ready: true, restartCount: 0, state }
      return seen(aWorkload({ template }), aPod({ init: [{ ...proxy, restartPolicy: 'Always' }] })).replicas
        .updated
    }
    expect(updated(imageOf('7'), running)).toBe(1)
    expect(updated(imageOf('8'), running)).toBe(0)
    expect(updated(imageOf('7'), { terminated: { exitCode: 0 } })).toBe(0)
  })

  test('with a replica whose init container of the release has ended, and without one of another', () => {
    const spec = { containers: [{ name: 'app', image: imageOf('2') }] }
    const template = {
      metadata: {},
      spec: { ...spec, initContainers: [{ name: 'assets', image: imageOf('7') }] },
    }
    const updated = (image: string) => {
      const ended = { terminated: { exitCode: 0 } }
      const assets = { name: 'assets', imageID: image, ready: true, restartCount: 0, state: ended }
      return seen(aWorkload({ template }), aPod({ init: [assets] })).replicas.updated
    }
    expect([updated(imageOf('7')), updated(imageOf('8'))]).toEqual([1, 0])
  })

  test('as rolling while it is being deleted, however well its replicas are', () => {
    const workload = aWorkload()
    const metadata = { ...workload.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
    expect(seen({ ...workload, metadata }, aPod()).phase).toBe('rolling')
  })

  test('as failed by the words about its newest ReplicaSet, and not by those about the one before', () => {
    const given = (set: string) => ({
      ...aWorkload(),
      status: {
        observedGeneration: 5,
        conditions: conditions(
          'Progressing',
          'ProgressDeadlineExceeded',
          `ReplicaSet "${set}" has timed out`,
        ),
      },
    })
    expect(seen(given('web-2'), aPod({ isReady: false })).phase).toBe('failed')
    expect(seen(given('web-1'), aPod({ isReady: false })).phase).toBe('rolling')
  })

  test('as paused where another program paused it, and as held where Rollgate holds it', () => {
    const workload = aWorkload({ paused: true })
    expect(seen(workload, aPod()).phase).toBe('paused')
    const annotations = { ...workload.metadata.annotations, 'rollgate.dev/held': 'false' }
    const held = { ...workload, metadata: { ...workload.metadata, annotations } }
    expect(seen(held, aPod()).phase).toBe('held')
  })

  test('with the program that changed what it wants last: a status is no change', () => {
    const workload = aWorkload()
    const managedFields = [
      { manager: 'rollgate', time: '2026-01-01T00:00:00Z', fieldsV1: { 'f:spec': {} } },
      { manager: 'kubectl-edit', time: '2026-01-02T00:00:00Z', fieldsV1: { 'f:spec': {} } },
      {
        manager: 'controller',
        time: '2026-01-03T00:00:00Z',
        subresource: 'status',
        fieldsV1: { 'f:spec': {} },
      },
      { manager: 'labels', time: '2026-01-04T00:00:00Z', fieldsV1: { 'f:metadata': {} } },
    ]
    const read = seen({ ...workload, metadata: { ...workload.metadata, managedFields } }, aPod())
    expect(read.changedBy).toEqual({ kind: 'found', value: 'kubectl-edit' })
  })
})
