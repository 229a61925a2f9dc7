import { expect, test, vi } from 'vitest'
import type { Stage, StageOptions } from '../../src/sandbox/stage.ts'
import { untruths } from '../../src/sandbox/truth/truth.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import { halting, issuesReadable, opensIncident } from '../conversations/incident.ts'
import { aStage } from '../conversations/rig.ts'
import { decides, deploys, does, lean, unguarded } from '../conversations/story.ts'
import { sampled } from './sample.ts'
import { expectCalls, killed, type Scene, swift } from './scene.ts'

vi.setConfig({ testTimeout: 400_000 })

/** A shape of deployment, whose run is killed at each of its requests. */
interface Shape extends Scene {
  readonly world: Partial<StageOptions>
}

const migrating = { ...lean, steps: { ...lean.steps, migrate: { run: 'bin/migrate', phase: 'expand' } } }

async function served(stage: Stage): Promise<void> {
  await stage.release('v1')
  const options = { ...swift, ...issuesReadable(stage) }
  expect((await does(stage, { command: 'deploy', release: 'v1' }, { options })).main.code).toBe(0)
  await stage.release('v2', { migrations: 2 })
}

const plain = (name: string, calls: number, world: Shape['world'], inputs = {}): Shape => ({
  ...{ name, calls, world, outcome: 'succeeded' },
  async prepare(stage) {
    await served(stage)
    return { inputs: { command: 'deploy', release: 'v2', ...inputs }, options: issuesReadable(stage) }
  },
})

/** Named people approve, and the run of the last approval works. */
const people: Shape = {
  ...{ name: 'two approvals', calls: 28, outcome: 'succeeded' },
  world: { reviewers: [], config: migrating },
  async prepare(stage) {
    await served(stage)
    const approval = { from: ['dora', 'nora', 'rhea'], 'at-least': 2 }
    await stage.policy({ production: { requires: { approval } } })
    const asked = await deploys(stage, 'v2', { options: swift })
    const pause = asked.main.outputs.pause ?? ''
    await decides(stage, 'v2', { pause, decision: 'approve' }, { actor: 'rhea', options: swift })
    return { inputs: { command: 'decide', pause, decision: 'approve' }, options: { sha: 'refs/tags/v2' } }
  },
}

/** People have looked, and visitors come back. */
const returning: Shape = {
  ...{ name: 'the return from a detour', calls: 48, outcome: 'succeeded' },
  world: { standIn: 2, config: { production: unguarded } },
  async prepare(stage) {
    await served(stage)
    const opened = await does(stage, { command: 'deploy', release: 'v2', detour: 'true' }, { options: swift })
    const pause = opened.main.outputs.pause ?? ''
    return {
      inputs: { command: 'decide', pause, decision: 'complete', reason: 'looked at it' },
      options: { sha: 'refs/tags/v2' },
    }
  },
}

/** It opens while the run is at work. */
const incident: Shape = {
  ...{ name: 'an incident in mid-roll', calls: 30, outcome: 'waiting' },
  world: { config: { ...migrating, ...halting(migrating) } },
  async prepare(stage) {
    await served(stage)
    stage.github.before({}, () => void opensIncident(stage, 'Orders are lost'), { after: 15, times: 1 })
    return { inputs: { command: 'deploy', release: 'v2' }, options: issuesReadable(stage) }
  },
}

const verify = { run: 'true', attempts: 1, bake: '5s' }

const shapes: readonly Shape[] = [
  {
    ...plain('a detour', 75, { standIn: 2, config: { production: unguarded } }, { detour: 'true' }),
    outcome: 'waiting',
  },
  returning,
  plain('blue-green', 51, { standIn: 2, blueGreen: true, config: { production: unguarded } }),
  plain('verify and a bake', 36, { config: { ...migrating, steps: { ...migrating.steps, verify } } }),
  people,
  incident,
]

/** The ways on that every question may have; one that it does not take is refused. */
const answers = {
  retry: (stage) => decide(stage, 'retry'),
  'roll-back': (stage) => decide(stage, 'roll-back'),
  abandon: (stage) => decide(stage, 'abandon'),
  'the same release again': (stage) => workflow.deploy(stage, 'v2', { options: swift }),
} as const satisfies Record<string, (stage: Stage) => Promise<unknown>>

const decide = (stage: Stage, decision: string) =>
  workflow.decide(stage, { decision, reason: 'its run was killed' }, { options: swift })

const cases = shapes.flatMap((shape) =>
  Array.from({ length: shape.calls }, (_, index) => index + 1).flatMap((call) =>
    [true, false].flatMap((done) =>
      [true, false].flatMap((post) =>
        (Object.keys(answers) as (keyof typeof answers)[]).map((answer) => ({
          shape,
          call,
          done,
          post,
          answer,
        })),
      ),
    ),
  ),
)

test.each(shapes)('$name makes the requests that its matrix counts on', async (shape) =>
  expectCalls(shape, await aStage(shape.world)),
)

for (const { shape, call, done, post, answer } of sampled('shapes', cases, 8)) {
  const where = `at request ${call}, ${done ? '' : 'not '}done, ${post ? 'closed by post' : 'closed by nobody'}`
  test(`${shape.name}, killed ${where}, then ${answer} → nothing untrue F41`, async () => {
    const stage = await aStage(shape.world)
    const job = await shape.prepare(stage)
    await killed(stage, { ...job, options: { ...swift, ...job.options } }, { call, done }, shape.calls, post)
    await answers[answer](stage)
    await does(stage, { command: 'watch', environment: 'production' }, { options: swift })
    expect(await untruths(stage)).toEqual([])
  })
}
