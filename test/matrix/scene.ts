import { expect } from 'vitest'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import type { JobInputs, JobOptions, Stage, StartedJob } from '../../src/sandbox/stage.ts'
import { aStage } from '../conversations/rig.ts'
import { deploys, does, selfTestByScript, testedByScript, unguarded } from '../conversations/story.ts'

/** Backoff passes quickly here. */
export const swift: JobOptions = {
  env: { NODE_OPTIONS: `--import=${new URL('../conversations/swift-backoff.mjs', import.meta.url)}` },
}

const steps = { build: null, 'pre-deploy': null, scheduler: null, 'post-deploy': null }
const config: ConfigVariation = { steps, production: unguarded, web: testedByScript }

/** The number of requests by which a job may make fewer than its scene counts on. */
export const spare = 5

/** One command over a world that was made for it. */
export interface Scene {
  readonly name: string
  /** The requests that its job makes when nothing disturbs it, or a few more (`spare`): a test holds that. */
  readonly calls: number
  /** The outcome of its job when nothing disturbs it. */
  readonly outcome: string
  /** Makes the world, and answers the job's questions. */
  readonly prepare: (stage: Stage) => Promise<{ inputs: JobInputs; options: JobOptions }>
}

async function served(stage: Stage, ...releases: readonly string[]): Promise<void> {
  for (const release of releases) {
    await stage.release(release, { files: selfTestByScript })
    expect((await deploys(stage, release, { options: swift })).main.outputs.outcome).toBe('succeeded')
  }
}

/** v2 stops at the self test of its second instance, which passes from then on. */
async function stopped(stage: Stage): Promise<string> {
  await served(stage, 'v1')
  await stage.release('v2', { files: selfTestByScript, migrations: 2 })
  stage.shop.trouble.fail('self-test', 'translations are missing', 'web-2')
  const { main } = await deploys(stage, 'v2', { options: swift })
  expect(main.outputs.outcome).toBe('waiting')
  stage.shop.trouble.clear('self-test', 'web-2')
  return main.outputs.pause ?? ''
}

const deciding = (decision: string, calls: number, outcome: string): Scene => ({
  name: `decide ${decision}`,
  ...{ calls, outcome },
  prepare: async (stage) => ({
    inputs: { command: 'decide', pause: await stopped(stage), decision },
    options: { sha: 'refs/tags/v2' },
  }),
})

export const deploying: Scene = {
  ...{ name: 'deploy', calls: 33, outcome: 'succeeded' },
  async prepare(stage) {
    await served(stage, 'v1')
    await stage.release('v2', { files: selfTestByScript, migrations: 2 })
    return { inputs: { command: 'deploy', release: 'v2' }, options: {} }
  },
}

const rollingBack: Scene = {
  ...{ name: 'rollback', calls: 30, outcome: 'succeeded' },
  async prepare(stage) {
    await served(stage, 'v1', 'v2')
    return { inputs: { command: 'rollback', release: 'v1' }, options: { sha: 'refs/tags/v1' } }
  },
}

/** A watch that finds a run gone. */
const watching: Scene = {
  ...{ name: 'watch', calls: 9, outcome: 'watched' },
  async prepare(stage) {
    await served(stage, 'v1')
    await stage.release('v2', { files: selfTestByScript, migrations: 2 })
    await killed(
      stage,
      { inputs: { command: 'deploy', release: 'v2' }, options: {} },
      { call: 12, done: true },
      deploying.calls,
    )
    return { inputs: { command: 'watch', environment: 'production' }, options: {} }
  },
}

export const scenes: readonly Scene[] = [
  deploying,
  deciding('retry', 22, 'succeeded'),
  deciding('roll-back', 24, 'rolled-back'),
  rollingBack,
  watching,
]

export const aWorld = (): Promise<Stage> => aStage({ config })

/** The same with instances of two slots, whose new release starts beside the old one. */
export const aWorldOfSlots = (): Promise<Stage> => aStage({ config, slots: true })

/** An undisturbed job of a scene makes about the requests that its matrix counts on. */
export async function expectCalls(scene: Scene, stage: Stage): Promise<void> {
  const { inputs, options } = await scene.prepare(stage)
  const before = stage.github.requests.length
  const { main } = await does(stage, inputs, { options: { ...swift, ...options } })
  expect(main.outputs.outcome).toBe(scene.outcome)
  const made = stage.github.requests.length - before
  expect(scene.calls - made).toBeGreaterThanOrEqual(0)
  expect(scene.calls - made).toBeLessThanOrEqual(spare)
}

/** A moment at which a run is killed: at its nth request, before or after GitHub has done it, or while a script works. */
export type Kill =
  | { readonly call: number; readonly done: boolean }
  | { readonly script: string; readonly instance?: string }

/**
 * Kills main by SIGKILL at a moment; with `post`, the step after it closes what main left open, as on a runner that lives.
 * Fails where main outlived a request that every such job makes: `calls` is the number that its scene counts on.
 */
export async function killed(
  stage: Stage,
  { inputs, options }: { inputs: JobInputs; options: JobOptions },
  kill: Kill,
  calls: number,
  post = false,
): Promise<void> {
  const run = stage.run('dora')
  const laid =
    'call' in kill ? atCall(stage, kill, () => started.child.kill('SIGKILL')) : atScript(stage, kill)
  const started = await run.start(inputs, { ...swift, ...options })
  await laid.struck(started)
  const main = await started.ended
  await laid.clear()
  if (!('call' in kill) || kill.call < calls - spare) expect(main.code, 'it was not killed').toBeNull()
  if (post) await started.post(main)
  run.end('failure')
}

interface Laid {
  /** Resolves when the moment has come, or the job has ended before it. */
  struck(started: StartedJob): Promise<void>
  clear(): Promise<void>
}

function atCall({ github }: Stage, { call, done }: { call: number; done: boolean }, die: () => void): Laid {
  const turns = { after: call - 1, times: 1 }
  const hook = github.before({}, die, turns)
  const loss = done ? null : github.inject({ on: {}, with: { kind: 'drop' }, ...turns })
  return {
    struck: async () => {},
    async clear() {
      hook.remove()
      loss?.remove()
    },
  }
}

/** Main is killed while a script works, and the script comes to its end. */
function atScript(
  { shop: { trouble } }: Stage,
  { script, instance }: { script: string; instance?: string },
): Laid {
  trouble.hold(script, instance)
  let working: number[] = []
  return {
    async struck({ child }) {
      const there = () => trouble.held().filter((held) => held.script === script && isRunning(held.pid))
      await eventually(`${script} works`, () => there().length > 0 || child.exitCode !== null)
      working = there().map(({ pid }) => pid)
      child.kill('SIGKILL')
    },
    async clear() {
      trouble.clear(script, instance)
      await eventually(`${script} has ended`, () => !working.some(isRunning))
    },
  }
}
