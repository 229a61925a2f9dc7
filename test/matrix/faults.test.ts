import { expect, test, vi } from 'vitest'
import type { FaultEffect } from '../../src/sandbox/github/fault-effect.ts'
import { untruths } from '../../src/sandbox/truth/truth.ts'
import { does } from '../conversations/story.ts'
import { sampled } from './sample.ts'
import { aWorld, expectCalls, scenes, swift } from './scene.ts'

vi.setConfig({ testTimeout: 240_000 })

const refusal = (status: number): FaultEffect => ({
  kind: 'status',
  status,
  body: { message: `Injected ${status}` },
})

/** The faults of GitHub at one request, or from that request until the run has ended. */
const faults: readonly { fault: string; effect: FaultEffect; times: number }[] = [
  { fault: 'a connection that drops', effect: { kind: 'drop' }, times: 1 },
  { fault: 'an answer that is lost after its effect', effect: { kind: 'lost-response' }, times: 1 },
  { fault: 'an answer that is no JSON', effect: { kind: 'garbage' }, times: 1 },
  ...[404, 409, 422].map((status) => ({ fault: `a ${status}`, effect: refusal(status), times: 1 })),
  ...[401, 403, 502].map((status) => ({
    fault: `${status} from then on`,
    effect: refusal(status),
    times: Number.POSITIVE_INFINITY,
  })),
]

const cases = scenes.flatMap((scene) =>
  Array.from({ length: scene.calls }, (_, index) => index + 1).flatMap((call) =>
    faults.map((fault) => ({ ...fault, scene, call, name: scene.name })),
  ),
)

test.each(scenes)('$name makes the requests that its matrix counts on', async (scene) =>
  expectCalls(scene, await aWorld()),
)

test.each(sampled('faults', cases, { thinner: 4 }))(
  '$name, $fault at request $call → after the next run nothing is untrue F49',
  async ({ scene, call, effect, times }) => {
    const stage = await aWorld()
    const { inputs, options } = await scene.prepare(stage)
    const job = { ...swift, ...options }
    const struck = stage.github.inject({ on: {}, with: effect, times, after: call - 1 })
    await does(stage, inputs, { options: job })
    struck.remove()
    await does(stage, { command: 'watch', environment: 'production' }, { options: swift })
    expect(await untruths(stage)).toEqual([])
  },
)
