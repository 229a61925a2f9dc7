import { describe, expect, test } from 'vitest'
import { lookOf, type WorkloadLook } from '../../../src/adapters/engine/kubernetes/look.ts'
import { seenIn } from '../../../src/adapters/engine/kubernetes/seen.ts'
import type {
  ContainerStatus,
  PodObject,
  RevisionObject,
  WorkloadObject,
} from '../../../src/adapters/engine/kubernetes/shapes.ts'
import { troublesIn } from '../../../src/adapters/engine/kubernetes/troubles.ts'
import { aDigest } from '../../domain/a-plan.ts'

const REVISION = 'deployment.kubernetes.io/revision'
const imageOf = (part: string) => `ghcr.io/acme/web@${aDigest(part)}`

const aWorkload = (spec: Partial<WorkloadObject['spec']> = {}, image = imageOf('2')): WorkloadObject => ({
  metadata: { name: 'web', uid: 'w', generation: 5, annotations: { [REVISION]: '2' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: {}, spec: { containers: [{ name: 'app', image }] } },
    ...spec,
  },
  status: { observedGeneration: 5 },
})

const aSet = (revision: string): RevisionObject => ({
  kind: 'ReplicaSet',
  metadata: {
    name: `web-${revision}`,
    uid: `set-${revision}`,
    labels: { 'pod-template-hash': revision },
    annotations: { [REVISION]: revision },
    ownerReferences: [{ uid: 'w', kind: 'Deployment', name: 'web' }],
  },
})

const running = { running: { startedAt: '2026-01-01T00:00:00Z' } }

interface PodWanted {
  readonly revision?: string
  readonly status?: Partial<ContainerStatus>
  readonly isReady?: boolean
  readonly isEnding?: boolean
  readonly image?: string
}

function aPod({
  revision = '2',
  status = {},
  isReady = true,
  isEnding = false,
  image,
}: PodWanted = {}): PodObject {
  const named = image ?? imageOf(revision)
  return {
    kind: 'Pod',
    metadata: {
      name: `web-${revision}-a`,
      uid: 'p',
      labels: { 'pod-template-hash': revision },
      ownerReferences: [{ uid: `set-${revision}`, kind: 'ReplicaSet', name: `web-${revision}` }],
      ...(isEnding ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {}),
    },
    spec: { containers: [{ name: 'app', image: named }] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
      containerStatuses: [
        { name: 'app', imageID: named, ready: isReady, restartCount: 0, state: running, ...status },
      ],
    },
  }
}

const looking = (workload: WorkloadObject, ...pods: PodObject[]): WorkloadLook =>
  lookOf('deployment', workload, [aSet('1'), aSet('2'), ...pods])

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

describe('a trouble of a replica', () => {
  const now = new Date('2026-01-01T00:01:00Z')
  const troubleOf = (status: Partial<ContainerStatus>) =>
    troublesIn(looking(aWorkload(), aPod({ isReady: false, status })), now)[0]?.trouble

  const waiting = (reason: string, message = '') => ({ state: { waiting: { reason, message } } })
  const ended = { terminated: { reason: 'Error', exitCode: 3 } }

  test.each<[string, Partial<ContainerStatus>, boolean]>([
    ['an image that is not there', waiting('ImagePullBackOff', 'manifest unknown: not found'), true],
    ['a registry that was slow', waiting('ErrImagePull', 'dial tcp: i/o timeout'), false],
    ['a setting that is missing', waiting('CreateContainerConfigError', 'secret "db" not found'), true],
    ['a first end', { state: ended }, false],
    ['a second end', { ...waiting('CrashLoopBackOff'), restartCount: 1, lastState: ended }, true],
    ['a third start', { state: running, restartCount: 2, lastState: ended }, true],
    ['a probe that does not succeed', { state: running }, false],
  ])('by %s is told, and lasts if waiting does not help', (_cause, status, lasting) => {
    expect(troubleOf(status)).toMatchObject({ replica: 'web-2-a', lasting })
  })

  test('is none while a container is made, or has just begun', () => {
    expect(troubleOf(waiting('ContainerCreating'))).toBeUndefined()
    expect(troubleOf({ state: { running: { startedAt: '2026-01-01T00:00:58Z' } } })).toBeUndefined()
  })

  test('names the log that ended, for a program that was started again', () => {
    const status = { ...waiting('CrashLoopBackOff'), restartCount: 1, lastState: ended }
    const [one] = troublesIn(looking(aWorkload(), aPod({ isReady: false, status })), now)
    expect(one?.log).toEqual({ pod: 'web-2-a', container: 'app', previous: true })
  })

  test('by a quota lasts, unless an ending replica makes room', () => {
    const status = {
      observedGeneration: 5,
      conditions: conditions('ReplicaFailure', 'FailedCreate', 'exceeded quota: small'),
    }
    const lastings = (...pods: PodObject[]) =>
      troublesIn(looking({ ...aWorkload(), status }, ...pods), now).map(({ trouble }) => trouble.lasting)
    expect(lastings(aPod({ revision: '1' }))).toEqual([true])
    expect(lastings(aPod({ revision: '1', isEnding: true }))).toEqual([false])
  })
})
