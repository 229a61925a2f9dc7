import { describe, expect, test } from 'vitest'
import { holding, isHeldByRollgate, lettingGo } from '../../../src/adapters/engine/kubernetes/holding.ts'
import type { PatchOperation } from '../../../src/adapters/engine/kubernetes/operation.ts'
import { type WorkloadObject, workload } from '../../../src/adapters/engine/kubernetes/shapes.ts'

type Kind = Parameters<typeof holding>[0]

/** A workload as kubectl prints it. */
const workloadOf = (spec: object, annotations?: Record<string, string>) => ({
  metadata: { name: 'web', uid: 'u', generation: 1, ...(annotations === undefined ? {} : { annotations }) },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'a' }] } },
    ...spec,
  },
  status: {},
})

const read = (object: object): WorkloadObject => workload.parse(object)

/** Does a JSON patch, as far as these need it. */
function patched(object: object, operations: readonly PatchOperation[]): object {
  const copy = structuredClone(object)
  for (const operation of operations) {
    const keys = operation.path
      .slice(1)
      .split('/')
      .map((key) => key.replaceAll('~1', '/'))
    const last = keys.pop() ?? ''
    const owner = keys.reduce<Record<string, unknown>>((part, key) => part[key] as never, copy as never)
    if (operation.op === 'remove') delete owner[last]
    else owner[last] = operation.value
  }
  return copy
}

describe('a rollout that Rollgate holds', () => {
  test.each<[Kind, object, object, object]>([
    ['deployment', {}, { paused: true }, { paused: false }],
    [
      'statefulset',
      { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } },
      { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 3 } } },
      { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } },
    ],
    [
      'daemonset',
      { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } } },
      { updateStrategy: { type: 'OnDelete' } },
      { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } } },
    ],
  ])('is held and let go with the setting from before: %s', (kind, before, held, after) => {
    for (const annotations of [undefined, { mine: 'stays' }]) {
      const there = workloadOf(before, annotations)
      const stopped = patched(there, holding(kind, read(there)))
      expect(stopped).toMatchObject({ spec: held })
      expect(isHeldByRollgate(read(stopped))).toBe(true)
      expect(holding(kind, read(stopped))).toEqual([])
      const gone = patched(stopped, lettingGo(kind, read(stopped)))
      expect(gone).toMatchObject({ spec: after, metadata: { annotations: annotations ?? {} } })
      expect(isHeldByRollgate(read(gone))).toBe(false)
    }
  })

  test('is none where another program has paused it, and that is not let go', () => {
    const there = read(workloadOf({ paused: true }))
    expect(isHeldByRollgate(there)).toBe(false)
    expect(lettingGo('deployment', there)).toEqual([])
  })
})
