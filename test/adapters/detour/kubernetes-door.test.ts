import { describe, expect, test } from 'vitest'
import { createKubernetesDoor } from '../../../src/adapters/detour/kubernetes/door.ts'
import { sideOf } from '../../../src/domain/detour/agreement.ts'
import type { Shell } from '../../../src/pipeline/ports.ts'
import { detourDoorContract } from '../../contracts/detour-door.contract.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { createFakeClock } from '../../fakes/fake-clock.ts'

interface FakePod {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  ready: boolean
}

/** A namespace with a Service and its pods, and a kubectl that knows what a door asks of it. */
function aNamespace() {
  const podOf = (name: string, side: string): FakePod => ({ name, labels: { app: 'web', side }, ready: true })
  const there = {
    selector: { app: 'web', side: 'blue' } as Record<string, string>,
    version: 7,
    pods: [podOf('blue-1', 'blue'), podOf('blue-2', 'blue'), podOf('green-1', 'green')],
    /** Called before each answer. */
    asked: (_words: readonly string[]) => {},
    silent: false,
  }
  const chosen = () =>
    there.pods.filter(({ labels }) => Object.entries(there.selector).every(([key, is]) => labels[key] === is))
  const service = () => ({
    metadata: { resourceVersion: String(there.version) },
    spec: { selector: there.selector },
  })
  const answers: Readonly<Record<string, () => object>> = {
    services: service,
    'endpointslices.discovery.k8s.io': () => ({
      items: [
        {
          endpoints: chosen().map(({ name, ready }) => ({
            conditions: { ready },
            targetRef: { kind: 'Pod', name },
          })),
        },
        { endpoints: null },
      ],
    }),
    pods: () => ({
      items: there.pods.map(({ name, labels, ready }) => ({
        metadata: { name, labels },
        status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
      })),
    }),
  }
  const shell: Shell = {
    async run(_command, variables, watch) {
      const words = Object.keys(variables)
        .filter((name) => name.startsWith('ROLLGATE_WORD_'))
        .map((name) => variables[name] ?? '')
      const [, , , verb, what = ''] = words
      there.asked(words)
      if (there.silent) return { kind: 'timed-out', after: 30_000, tail: [] }
      if (verb === 'patch') {
        const [version, change] = JSON.parse(words[words.indexOf('--patch') + 1] ?? '')
        if (version.value !== String(there.version)) {
          watch.line('The request is invalid: the server rejected our request due to an error in our request')
          return { kind: 'exited', code: 1, tail: [] }
        }
        there.selector = { ...there.selector, [change.path.split('/').at(-1)]: change.value }
        there.version += 1
      }
      watch.answer?.(JSON.stringify(answers[what]?.()))
      return { kind: 'exited', code: 0, tail: [] }
    },
  }
  const values = { home: 'blue', 'stand-in': 'green' } as const
  const recipe = { kind: 'kubernetes', service: 'web', namespace: 'shop', context: null } as const
  const door = createKubernetesDoor(
    { ...recipe, label: 'side', values, marker: null },
    { shell, clock: createFakeClock() },
  )
  return { there, door, chosen }
}

detourDoorContract('a Service that a kubectl in memory tells of', async () => {
  const { door, chosen } = aNamespace()
  return {
    ...{ door, variables: {} },
    visit: async () => (chosen().every(({ labels }) => labels.side === 'blue') ? 'home' : 'stand-in'),
    reload: null,
    moveMemory: null,
  }
})

describe('a Service as the door of a detour', () => {
  const watch = listener()
  const side = async ({ door }: ReturnType<typeof aNamespace>) => sideOf(await door.observe({}, watch.signal))

  test('that chooses pods of both sides is unknown, and names the label that its selector lacks', async () => {
    const here = aNamespace()
    here.there.selector = { app: 'web' }
    expect(await side(here)).toMatchObject({ kind: 'unknown', why: { what: /no label side/ } })
  })

  test('is pointed to no side of which no pod is ready', async () => {
    const { there, door } = aNamespace()
    for (const pod of there.pods) pod.ready = pod.labels.side !== 'green'
    expect(await door.point('stand-in', {}, watch)).toMatchObject({
      failure: { code: 'detour-door', what: /No pod of stand-in is ready/ },
    })
    expect(there.selector.side).toBe('blue')
  })

  test('that another program changes in between stays as that program left it', async () => {
    const { there, door } = aNamespace()
    there.asked = (words) => {
      if (words.includes('patch')) there.version += 1
    }
    expect(await door.point('stand-in', {}, watch)).toMatchObject({ failure: { what: /was not changed/ } })
    expect(there.selector.side).toBe('blue')
  })

  test('tells its version before and after the switch, and the pods that are ready behind it', async () => {
    expect(await aNamespace().door.point('stand-in', {}, watch)).toMatchObject({
      evidence: { selector: 'side=green', 'resource-version': '7 → 8', endpoints: '1' },
    })
  })

  test('that does not answer is unknown, and never on a side', async () => {
    const here = aNamespace()
    here.there.silent = true
    expect((await side(here)).kind).toBe('unknown')
  })
})
