import { expect } from 'vitest'
import type { Stage, StageOptions } from '../../src/sandbox/stage.ts'
import { type CommandEngineBed, openCommandEngine } from '../conversations/engine-by-commands.ts'
import { closesIncident, halting, issuesReadable, opensIncident } from '../conversations/incident.ts'
import { ledgerOf } from '../conversations/rig.ts'
import { decides, deploys, does, lean, unguarded } from '../conversations/story.ts'
import { scriptsOf } from './moments.ts'
import { type Scene, swift } from './scene.ts'

/** A shape of deployment, whose run is killed at each of its moments. */
export interface Shape extends Scene {
  readonly world: Partial<StageOptions>
  /** Looks at what the shop does not hold itself, and returns what is untrue. */
  readonly untruths?: (stage: Stage) => Promise<string[]>
}

const migrating = { ...lean, steps: { ...lean.steps, migrate: { run: 'bin/migrate', phase: 'expand' } } }

/** Scripts of the shapes that change in place. */
const files = {
  'bin/unpack': [
    '#!/bin/sh',
    '. "$' + '{0%/*}/../operations/begin.sh"',
    'echo "$ROLLGATE_RELEASE" >"$ROLLGATE_RELEASE_DIR/tag"',
    '',
  ].join('\n'),
  'bin/reload': ['#!/bin/sh', 'here=$(dirname "$0")', '"$here/stop" && exec "$here/start"', ''].join('\n'),
}

async function served(stage: Stage): Promise<void> {
  await stage.release('v1', { files })
  const options = { ...swift, ...issuesReadable(stage) }
  expect((await does(stage, { command: 'deploy', release: 'v1' }, { options })).main.code).toBe(0)
  await stage.release('v2', { files, migrations: 2 })
}

const plain = (
  name: string,
  [calls, moments]: readonly [number, number],
  world: Shape['world'],
  inputs = {},
): Shape => ({
  ...{ name, calls, moments, world, outcome: 'succeeded' },
  async prepare(stage) {
    await served(stage)
    return { inputs: { command: 'deploy', release: 'v2', ...inputs }, options: issuesReadable(stage) }
  },
})

/** Named people approve, and the run of the last approval works. */
const people: Shape = {
  ...{ name: 'two approvals', calls: 28, moments: 12, outcome: 'succeeded' },
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
  ...{ name: 'the return from a detour', calls: 48, moments: 22, outcome: 'succeeded' },
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
  ...{ name: 'an incident in mid-roll', calls: 30, moments: 5, outcome: 'waiting' },
  world: { config: { ...migrating, ...halting(migrating) } },
  async prepare(stage) {
    await served(stage)
    stage.github.before({}, () => void opensIncident(stage, 'Orders are lost'), { after: 15, times: 1 })
    return { inputs: { command: 'deploy', release: 'v2' }, options: issuesReadable(stage) }
  },
}

/** Folders are made ready first, and each instance switches while it serves, by a start that ends its process and begins it. */
const inPlace: Shape = plain('preparing, and a change in place', [35, 13], {
  config: {
    ...migrating,
    web: {
      fleet: {
        prepare: { run: 'bin/unpack', keep: 2 },
        install: 'bin/install',
        start: 'bin/reload',
      },
      traffic: { command: { serving: { http: '$FRONT_DOOR/_pool/$ROLLGATE_INSTANCE' } } },
      rollout: { order: 'in-place' },
    },
  },
})

const onAnEngine = { ...migrating, steps: { ...migrating.steps, build: 'bin/build' } }

const engines = new WeakMap<Stage, CommandEngineBed>()

function engineOf(stage: Stage): CommandEngineBed {
  const bed = engines.get(stage)
  if (bed === undefined) throw new Error('the engine is opened with the releases of its stage')
  return bed
}

/** Its engine has a folder, which says what it runs. */
const engine: Shape = {
  ...{ name: 'an engine', calls: 47, moments: 17, outcome: 'succeeded' },
  world: { config: onAnEngine },
  effects: (stage) => scriptsOf(stage) + engineOf(stage).orders().length,
  async prepare(stage) {
    const bed = openCommandEngine(stage, onAnEngine)
    engines.set(stage, bed)
    await bed.release('v1')
    expect((await deploys(stage, 'v1', { options: swift })).main.outputs.outcome).toBe('succeeded')
    await bed.release('v2', { migrations: 2 })
    return { inputs: { command: 'deploy', release: 'v2' }, options: {} }
  },
  async untruths(stage) {
    const { serving, deployment, history } = await ledgerOf(stage)
    const runs = engineOf(stage).runs()
    const tag = serving?.release.tag
    // A person who abandons a deployment leaves everything as it is.
    const isOpen = deployment !== null || history[0]?.outcome.kind === 'abandoned'
    return isOpen || runs === tag ? [] : [`${tag} serves, but the engine runs ${runs}`]
  },
}

/** The incident that halted it is over, and the run of the answer works. */
const retried: Shape = {
  ...{ name: 'a halted deployment, retried', calls: 32, moments: 12, outcome: 'succeeded' },
  world: incident.world,
  async prepare(stage) {
    await served(stage)
    let issue = 0
    const opens = async () => {
      issue = await opensIncident(stage, 'Orders are lost')
    }
    stage.github.before({}, opens, { after: 15, times: 1 })
    const halted = await deploys(stage, 'v2', { options: { ...swift, ...issuesReadable(stage) } })
    expect(halted.main.outputs.outcome).toBe('waiting')
    await closesIncident(stage, issue)
    const pause = halted.main.outputs.pause ?? ''
    return {
      inputs: { command: 'decide', pause, decision: 'retry' },
      options: { sha: 'refs/tags/v2', ...issuesReadable(stage) },
    }
  },
}

const verify = { run: 'true', attempts: 1, bake: '5s' }

export const shapes: readonly Shape[] = [
  {
    ...plain('a detour', [75, 30], { standIn: 2, config: { production: unguarded } }, { detour: 'true' }),
    outcome: 'waiting',
  },
  returning,
  plain('blue-green', [51, 22], { standIn: 2, blueGreen: true, config: { production: unguarded } }),
  plain('verify and a bake', [36, 12], { config: { ...migrating, steps: { ...migrating.steps, verify } } }),
  people,
  incident,
  inPlace,
  engine,
  retried,
]
