import { expect } from 'vitest'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import type { JobInputs, JobOptions, Stage, StartedJob } from '../../src/sandbox/stage.ts'
import { aStage } from '../conversations/rig.ts'
import { deploys, does, selfTestByScript, testedByScript, unguarded } from '../conversations/story.ts'
import { atMoment, countMoments, type Effects } from './moments.ts'

/** Backoff passes quickly here. */
export const swift: JobOptions = {
  env: { NODE_OPTIONS: `--import=${new URL('../conversations/swift-backoff.mjs', import.meta.url)}` },
}

const steps = { build: null, 'pre-deploy': null, scheduler: null, 'post-deploy': null }
const config: ConfigVariation = { steps, production: unguarded, web: testedByScript }

/** The number of requests, or of moments, by which a job may have fewer than its scene counts on. */
export const spare = 5

/** One command over a world that was made for it. */
export interface Scene {
  readonly name: string
  /** The requests that its job makes when nothing disturbs it, or a few more (`spare`): a test holds that. */
  readonly calls: number
  /** The same of its moments (`moments.ts`). */
  readonly moments: number
  /** The effects of its programs, by which its moments are told apart; by default the scripts that have begun. */
  readonly effects?: Effects
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

const deciding = (decision: string, calls: number, moments: number, outcome: string): Scene => ({
  name: `decide ${decision}`,
  ...{ calls, moments, outcome },
  prepare: async (stage) => ({
    inputs: { command: 'decide', pause: await stopped(stage), decision },
    options: { sha: 'refs/tags/v2' },
  }),
})

export const deploying: Scene = {
  ...{ name: 'deploy', calls: 33, moments: 12, outcome: 'succeeded' },
  async prepare(stage) {
    await served(stage, 'v1')
    await stage.release('v2', { files: selfTestByScript, migrations: 2 })
    return { inputs: { command: 'deploy', release: 'v2' }, options: {} }
  },
}

const rollingBack: Scene = {
  ...{ name: 'rollback', calls: 30, moments: 10, outcome: 'succeeded' },
  async prepare(stage) {
    await served(stage, 'v1', 'v2')
    return { inputs: { command: 'rollback', release: 'v1' }, options: { sha: 'refs/tags/v1' } }
  },
}

/** A watch that finds a run gone. */
const watching: Scene = {
  ...{ name: 'watch', calls: 20, moments: 4, outcome: 'watched' },
  async prepare(stage) {
    await served(stage, 'v1')
    await stage.release('v2', { files: selfTestByScript, migrations: 2 })
    await killed(
      stage,
      { inputs: { command: 'deploy', release: 'v2' }, options: {} },
      { moment: 5 },
      deploying,
    )
    return { inputs: { command: 'watch', environment: 'production' }, options: {} }
  },
}

export const scenes: readonly Scene[] = [
  deploying,
  deciding('retry', 22, 8, 'succeeded'),
  deciding('roll-back', 24, 9, 'rolled-back'),
  rollingBack,
  watching,
]

export const aWorld = (): Promise<Stage> => aStage({ config })

/** The same with instances of two slots, whose new release starts beside the old one. */
export const aWorldOfSlots = (): Promise<Stage> => aStage({ config, slots: true })

/** An undisturbed job of a scene makes about the requests, and has about the moments, that its matrix counts on. */
export async function expectCalls(scene: Scene, stage: Stage): Promise<void> {
  const { inputs, options } = await scene.prepare(stage)
  const before = stage.github.requests.length
  const moments = countMoments(stage, scene.effects)
  const { main } = await does(stage, inputs, { options: { ...swift, ...options } })
  expect(main.outputs.outcome).toBe(scene.outcome)
  const made = { calls: stage.github.requests.length - before, moments: moments() }
  console.log(`${scene.name}: ${made.calls} requests, ${made.moments} moments`)
  for (const what of ['calls', 'moments'] as const) {
    expect(scene[what] - made[what], what).toBeGreaterThanOrEqual(0)
    expect(scene[what] - made[what], what).toBeLessThanOrEqual(spare)
  }
}

/** A point at which a run is killed: at its nth moment, or while a script works. */
export type Kill = { readonly moment: number } | { readonly script: string; readonly instance?: string }

/**
 * Kills main by SIGKILL at a moment; with `post`, the step after it closes what main left open, as on a runner that lives.
 * Fails where main outlived a moment that every such job has: its scene counts them. Returns the moment in words.
 */
export async function killed(
  stage: Stage,
  { inputs, options }: { inputs: JobInputs; options: JobOptions },
  kill: Kill,
  { moments, effects }: Pick<Scene, 'moments' | 'effects'>,
  post = false,
): Promise<string> {
  const run = stage.run('dora')
  const die = () => void started.child.kill('SIGKILL')
  const laid = 'moment' in kill ? laidAtMoment(stage, kill.moment, effects, die) : laidAtScript(stage, kill)
  const started = await run.start(inputs, { ...swift, ...options })
  await laid.struck(started)
  const main = await started.ended
  await laid.clear()
  if (!('moment' in kill) || kill.moment <= moments - spare) expect(main.code, 'it was not killed').toBeNull()
  if (post) await started.post(main)
  run.end('failure')
  return laid.words()
}

interface Laid {
  /** Resolves when the moment has come, or the job has ended before it. */
  struck(started: StartedJob): Promise<void>
  clear(): Promise<void>
  /** Says when it was killed. */
  words(): string
}

function laidAtMoment(stage: Stage, nth: number, effects: Effects | undefined, die: () => void): Laid {
  const moment = atMoment(stage, nth, effects, die)
  return {
    struck: async () => {},
    clear: async () => moment.remove(),
    words: () => moment.words ?? 'at no moment: it outlived them',
  }
}

/** Main is killed while a script works, and the script comes to its end. */
function laidAtScript(
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
    words: () => `in ${script}${instance === undefined ? '' : ` of ${instance}`}`,
  }
}
