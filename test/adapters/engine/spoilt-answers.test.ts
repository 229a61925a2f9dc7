import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/adapters/engine/engine.ts'
import type { EngineRecipe, EngineService } from '../../../src/domain/config/engine-recipe.ts'
import { absent } from '../../../src/domain/reading.ts'
import type { Shell } from '../../../src/pipeline/ports.ts'
import { listener } from '../../contracts/shell.contract.ts'
import { aCommand } from '../../domain/a-plan.ts'
import { createFakeClock } from '../../fakes/fake-clock.ts'

const image = `registry/api@sha256:${'2'.repeat(64)}`

const recipes: readonly EngineRecipe[] = [
  {
    ...{ kind: 'kubernetes', workload: { kind: 'deployment', name: 'api' }, namespace: 'shop' },
    ...{ context: null, images: { api: image }, manifests: [] },
  },
  {
    ...{ kind: 'swarm', images: { api: image }, service: 'api', host: null, create: null },
    ...{ registryAuth: false, order: null, parallelism: null, monitor: null },
  },
  {
    ...{ kind: 'ecs', images: { api: image }, cluster: 'shop', service: 'api', region: null },
    ...{ taskDefinition: null, create: null, endpoint: null },
  },
  {
    ...{ kind: 'command', images: { api: image }, able: null, state: aCommand('state') },
    ...{ handOver: aCommand('hand-over'), restart: null, stop: null, reverse: null },
  },
]

/** Answers every call alike. */
const shellOf = (stdout: string, code: number): Shell => ({
  async run(_command, _variables, watch) {
    for (const line of stdout.split('\n')) if (line !== '') (watch.answer ?? watch.line)(line)
    return { kind: 'exited', code, tail: code === 0 ? [] : ['kex_exchange_identification: closed'] }
  },
})

const spoilt: readonly (readonly [string, string, number])[] = [
  ['the end of ssh', '', 255],
  ['a page of a proxy', '<html><body>502 Bad Gateway</body></html>', 0],
  ['an answer that is cut short', '[{"Spec": {"Name": "api", "TaskTem', 0],
  ['null', 'null', 0],
  ['an empty object', '{}', 0],
  ['a number', '7', 0],
  ['a list of nothing known', '[{"a": 1}]', 0],
  ['a warning alone', 'WARNING: the client is newer than the server', 0],
  ['a text in bytes of another encoding', '\ufffd\ufffd\u0000', 0],
]

describe.each(recipes.map((recipe) => [recipe.kind, recipe] as const))('an engine by %s', (kind, recipe) => {
  const engineWith = (stdout: string, code: number) => {
    const service = { name: 'api', engine: recipe } as unknown as EngineService
    const files = { read: async () => absent } as never
    return createEngine(service, { shell: shellOf(stdout, code), clock: createFakeClock(), files })
  }

  test.each(spoilt)(
    'that answers with %s is unknown, and takes no order F03 F21',
    async (_what, stdout, code) => {
      const engine = engineWith(stdout, code)
      const state = await engine.state({}, new AbortController().signal)
      expect(state.kind).toBe('unknown')
      const handed = await engine.handOver({ to: 'new', images: { api: image } } as never, {}, listener())
      // A command by the user may say any word as its rollout: only its state is believed.
      if (kind !== 'command' || code !== 0) expect(handed).toMatchObject({ code: expect.any(String) })
    },
  )

  test('that answers with nothing is unknown; only a command says by it that none is there F03', async () => {
    const state = await engineWith('', 0).state({}, new AbortController().signal)
    expect(state.kind).toBe(kind === 'command' ? 'absent' : 'unknown')
  })
})
