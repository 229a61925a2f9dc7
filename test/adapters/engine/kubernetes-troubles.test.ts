import { describe, expect, test } from 'vitest'
import type { Kubectl } from '../../../src/adapters/engine/kubernetes/kubectl.ts'
import { lookOf } from '../../../src/adapters/engine/kubernetes/look.ts'
import { refusedPods } from '../../../src/adapters/engine/kubernetes/refused-pods.ts'
import type {
  ContainerStatus,
  PodObject,
  WorkloadObject,
} from '../../../src/adapters/engine/kubernetes/shapes.ts'
import { troublesIn } from '../../../src/adapters/engine/kubernetes/troubles.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { aPod, aWorkload, imageOf, looking, running } from './a-workload.ts'

const conditions = (type: string, reason: string, message: string) => [
  { type, status: 'True', reason, message },
]

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

  test('by a quota does not last while a newer replica gets ready: then an older one makes room', () => {
    const status = {
      observedGeneration: 5,
      conditions: conditions('ReplicaFailure', 'FailedCreate', 'exceeded quota: small'),
    }
    const lasting = (spec: Partial<WorkloadObject['spec']>, ...pods: PodObject[]) =>
      troublesIn(looking({ ...aWorkload(spec), status }, ...pods), now)[0]?.trouble.lasting
    const older = aPod({ revision: '1' })
    expect(lasting({}, older, aPod({ isReady: false, status: { state: running } }))).toBe(false)
    expect(lasting({}, older, aPod())).toBe(true)
    const since = (at: string) => [{ type: 'Ready', status: 'True', lastTransitionTime: at }]
    const ready = (at: string): PodObject => {
      const pod = aPod()
      return { ...pod, status: { ...pod.status, conditions: since(at) } }
    }
    expect(lasting({ minReadySeconds: 30 }, older, ready('2026-01-01T00:00:40Z'))).toBe(false)
    expect(lasting({ minReadySeconds: 30 }, older, ready('2026-01-01T00:00:20Z'))).toBe(true)
  })

  test.each([
    ['CreateContainerConfigError', 'failed to sync secret cache: timed out waiting for the condition'],
    ['CreateContainerError', 'context deadline exceeded'],
  ])('by %s that only took too long does not last', (reason, message) => {
    expect(troubleOf(waiting(reason, message))).toMatchObject({ lasting: false })
  })

  test('tells which probe does not succeed, and that an init container still runs', () => {
    expect(troubleOf({ state: running, started: false })?.message).toContain('startup probe')
    expect(troubleOf({ state: running, started: true })?.message).toContain('readiness probe')
    const init = { name: 'wait-for-db', imageID: '', ready: false, restartCount: 0, state: running }
    const told = (restartPolicy: object) => {
      const pod = aPod({ isReady: false, init: [{ ...init, ...restartPolicy }], status: { state: {} } })
      return troublesIn(looking(aWorkload(), pod), now)[0]?.trouble.message
    }
    expect(told({})).toBe('the init container wait-for-db still runs, and the others wait for its end')
    expect(told({ restartPolicy: 'Always' })).toContain('probe')
  })

  test('tells of a gate that keeps a replica from being ready', () => {
    const gate = 'corresponding condition of pod readiness gate "lb.acme.dev/ready" does not exist.'
    const pod = aPod()
    const conditions = [{ type: 'Ready', status: 'False', reason: 'ReadinessGatesNotReady', message: gate }]
    const gated = { ...pod, status: { ...pod.status, conditions } }
    expect(troublesIn(looking(aWorkload(), gated), now)[0]?.trouble).toMatchObject({
      reason: 'ReadinessGatesNotReady',
      message: gate,
      lasting: false,
    })
  })

  test('tells of a ready replica that runs another image than the workload names', () => {
    const [one] = troublesIn(looking(aWorkload(), aPod({ image: imageOf('9') })), now)
    expect(one?.trouble).toMatchObject({ reason: 'OtherImage', lasting: true })
    expect(one?.trouble.message).toContain('admission webhook')
    const unnoticed = { ...aWorkload(), status: { observedGeneration: 4 } }
    expect(troublesIn(looking(unnoticed, aPod({ image: imageOf('9') })), now)).toEqual([])
  })

  test('tells that the workload is being deleted', () => {
    const workload = aWorkload()
    const metadata = { ...workload.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' }
    expect(troublesIn(looking({ ...workload, metadata }, aPod()), now)[0]?.trouble).toMatchObject({
      replica: 'web',
      reason: 'Deleting',
      lasting: true,
    })
  })
})

test('an old event of a refused pod says nothing once a pod was made since, and one without a text is told', async () => {
  const workload = { ...aWorkload({ replicas: 3 }), status: { observedGeneration: 5, updateRevision: 'r' } }
  const made = (at: string): PodObject => {
    const pod = aPod()
    const ownerReferences = [{ uid: 'w', kind: 'StatefulSet', name: 'web' }]
    return { ...pod, metadata: { ...pod.metadata, ownerReferences, creationTimestamp: at } }
  }
  const told = (at: string, event: object) => {
    const kubectl = {
      ask: async () => ({
        kind: 'answered',
        text: JSON.stringify({ items: [{ reason: 'FailedCreate', ...event }] }),
      }),
    } as unknown as Kubectl
    return refusedPods(kubectl, lookOf('statefulset', workload, [made(at)]), {
      variables: {},
      watch: listener(),
    })
  }
  const lastTimestamp = '2026-01-01T00:00:30Z'
  expect(await told('2026-01-01T00:00:40Z', { lastTimestamp, message: 'exceeded quota' })).toEqual([])
  expect(await told('2026-01-01T00:00:20Z', { lastTimestamp })).toMatchObject([
    { trouble: { reason: 'FailedCreate', lasting: true } },
  ])
  expect(await told('2026-01-01T00:00:20Z', { lastTimestamp: null })).toMatchObject([
    { trouble: { lasting: false } },
  ])
})
