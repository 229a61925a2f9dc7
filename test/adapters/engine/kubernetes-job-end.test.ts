import { describe, expect, test } from 'vitest'
import { endIn, hasBegun, jobIn } from '../../../src/adapters/engine/kubernetes/jobs/look.ts'
import type { ContainerStatus, PodObject } from '../../../src/adapters/engine/kubernetes/shapes.ts'
import { aPod, running } from './a-workload.ts'

const aJob = (...conditions: object[]) =>
  ({ kind: 'Job', metadata: { uid: 'j' }, status: { conditions } }) as Parameters<
    typeof jobIn
  >[0]['items'][number]

const ended = (exitCode: number) => ({ terminated: { exitCode } })

/** A pod whose proxy, which the cluster has put into it, comes first by its name. */
function podWith(proxy: ContainerStatus['state'], command: ContainerStatus['state']): PodObject {
  const pod = aPod({ status: { name: 'web', state: command } })
  const own = pod.status.containerStatuses ?? []
  const beside = own.map((status) => ({ ...status, name: 'envoy', state: proxy }))
  return { ...pod, status: { ...pod.status, containerStatuses: [...beside, ...own] } }
}

const look = (pod: PodObject, ...conditions: object[]) => jobIn({ items: [aJob(...conditions), pod] }, 'web')
const failed = { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded' }

describe('a job with a proxy that the cluster has put beside it', () => {
  test('ends with its own container, though the proxy runs on', () => {
    expect(endIn(look(podWith(running, ended(0))))).toEqual({ kind: 'exited', code: 0 })
    expect(endIn(look(podWith(running, ended(3))))).toEqual({ kind: 'exited', code: 3 })
  })

  test('has the exit code of its own container, and not that of the proxy', () => {
    expect(endIn(look(podWith(ended(1), ended(3)), failed))).toEqual({ kind: 'exited', code: 3 })
  })

  test('has not begun, and has not ended, while the proxy alone runs', () => {
    const waiting = { waiting: { reason: 'PodInitializing' } }
    expect(hasBegun(look(podWith(running, waiting)))).toBe(false)
    expect(endIn(look(podWith(ended(0), running)))).toBeNull()
  })
})
