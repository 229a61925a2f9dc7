import { expect, test, vi } from 'vitest'
import type { Stage } from '../../src/sandbox/stage.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import { issuesReadable } from '../conversations/incident.ts'
import { aStage } from '../conversations/rig.ts'
import { type Answers, expectTruthAfterEach } from './answered.ts'
import { sampled } from './sample.ts'
import { expectCalls, killed, swift } from './scene.ts'
import { shapes } from './shapes.ts'

vi.setConfig({ testTimeout: 600_000 })

/** The ways on that every question may have; one that it does not take is refused. */
const answers = {
  retry: (stage) => decide(stage, 'retry'),
  'roll-back': (stage) => decide(stage, 'roll-back'),
  abandon: (stage) => decide(stage, 'abandon'),
  'the same release again': (stage) => workflow.deploy(stage, 'v2', { options: reading(stage) }),
} as const satisfies Answers

const decide = (stage: Stage, decision: string) =>
  workflow.decide(stage, { decision, reason: 'its run was killed' }, { options: reading(stage) })

const reading = (stage: Stage) => ({ ...swift, ...issuesReadable(stage) })

const cases = shapes.flatMap((shape) =>
  Array.from({ length: shape.moments }, (_, index) => index + 1).flatMap((moment) =>
    [true, false].map((post) => ({ shape, moment, post })),
  ),
)

test.each(shapes)('$name makes the requests that its matrix counts on', async (shape) =>
  expectCalls(shape, await aStage(shape.world)),
)

for (const { shape, moment, post } of sampled('shapes', cases, { answers, thinner: 4 })) {
  const where = `at moment ${moment}, closed by ${post ? 'post' : 'nobody'}`
  test(`${shape.name}, killed ${where}, then each answer → nothing untrue F41`, () =>
    expectTruthAfterEach(async () => {
      const stage = await aStage(shape.world)
      const job = await shape.prepare(stage)
      const options = { ...swift, ...job.options }
      const words = await killed(stage, { ...job, options }, { moment }, shape, post)
      return { stage, words, look: async () => expect((await shape.untruths?.(stage)) ?? []).toEqual([]) }
    }, answers))
}
