import { expect, test } from 'vitest'
import type { HistoryResult } from '../../src/report/history/output.ts'
import type { ReleasesResult } from '../../src/report/releases/output.ts'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { Job } from '../../src/sandbox/stage.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import { ledgerOf } from './rig.ts'
import { aStory, deploys, does, lean, type Story, serving, unguarded } from './story.ts'

const built = '"$SHOP_HOME/built-$ROLLGATE_RELEASE"'
/** Builds once: later runs find the artifact. */
const build = { run: `bin/build && touch ${built}`, unless: `test -e ${built}` }
const steps = { build, 'pre-deploy': null, scheduler: null, 'post-deploy': null }
const promoting = {
  steps,
  production: { requires: { approval: false, 'verified-in': 'staging' } },
}

const staging = (stage: Story, release: string): Promise<Job> =>
  does(stage, { command: 'deploy', environment: 'staging', release })
const list = (stage: Story, environment = ''): Promise<Job> =>
  does(stage, { command: 'releases', environment })

const listed = ({ main }: Job): ReleasesResult => JSON.parse(main.outputs.result ?? '{}')
const told = ({ main }: Job): HistoryResult => JSON.parse(main.outputs.result ?? '{}')
const states = (job: Job) =>
  listed(job).releases.map(({ tag, state, serves }) => `${tag} ${state} ${serves.join(' ')}`.trim())
const builds = ({ shop }: Story) => shop.journal().filter((line) => line.startsWith('build'))

test('without a proof from staging a release is refused; verified there it is promoted unbuilt, then rolled back MM-13 MM-14 MM-17 MM-18 MM-23 CC-07 CC-34 SD-33', async () => {
  const stage = await aStory({ instances: 1, config: promoting })
  await stage.release('v1.0.0', { config: promoting })
  const unproven = await workflow.deploy(stage, 'v1.0.0')
  expect(unproven.plan.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'refused', 'reason-code': 'not-verified' },
  })
  expect(unproven.work).toBeNull()
  expect(stage.github.deployments).toEqual([])

  expect((await staging(stage, 'v1.0.0')).main.outputs).toMatchObject({ outcome: 'succeeded' })
  const promoted = await workflow.deploy(stage, 'v1.0.0')
  expect(promoted.plan.main.summary).toContain('is verified in staging by deployment 1: succeeded')
  expect(promoted.work?.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(builds(stage)).toEqual(['build v1.0.0 -'])

  await stage.release('v1.1.0', {
    config: { ...promoting, steps: { ...steps, 'post-deploy': 'bin/post-deploy' } },
  })
  await staging(stage, 'v1.1.0')
  expect(states(await list(stage))).toEqual(['v1.1.0 deployed staging', 'v1.0.0 deployed production'])
  expect((await deploys(stage, 'v1.1.0')).main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(builds(stage)).toEqual(['build v1.0.0 -', 'build v1.1.0 -'])

  await stage.release('v1.2.0', { config: promoting })
  const reason = 'the shop is down, and staging with it'
  const inputs = { 'override-verified': reason }
  const overridden = await workflow.deploy(stage, 'v1.2.0', { inputs })
  expect(overridden.plan.main.summary).toContain(`dora wants it anyway: ${reason}`)
  expect(overridden.work?.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  const back = await workflow.rollback(stage)
  expect(back.work?.main.outputs).toMatchObject({ outcome: 'succeeded', release: 'v1.1.0' })

  const forProduction = await list(stage, 'production')
  expect(states(forProduction)).toEqual([
    'v1.2.0 superseded',
    'v1.1.0 deployed production staging',
    'v1.0.0 superseded',
  ])
  expect(listed(forProduction)).toMatchObject({
    releases: [
      { flags: [{ flag: 'rolled-back', environment: 'production' }], fitness: { relation: 'ahead' } },
      { fitness: { kind: 'serves' } },
      { fitness: { relation: 'behind', risk: expect.stringContaining('wants acknowledge-older') } },
    ],
    wanted: {
      'ways-back': [
        { release: { tag: 'v1.2.0' }, feasibility: 'config-differs' },
        {
          release: { tag: 'v1.0.0' },
          feasibility: 'config-differs',
          words:
            'safe (the database has schema 1, which v1.0.0 is made for), but the config differs in steps.post-deploy',
        },
      ],
    },
  })
  const history = await does(stage, { command: 'history' })
  expect(told(history).deployments).toMatchObject([
    { mode: 'rollback', release: { tag: 'v1.1.0' }, from: { tag: 'v1.2.0' }, override: null },
    { release: { tag: 'v1.2.0' }, by: ['dora'], outcome: 'succeeded', override: { by: 'dora', reason } },
    { release: { tag: 'v1.1.0' } },
    { release: { tag: 'v1.0.0' }, from: null },
  ])
  expect(history.main.summary).toContain(`dora went without the verification: ${reason}`)
  const warned = await does(stage, { command: 'plan', release: 'v1.2.0', 'override-verified': 'again' })
  expect(warned.main.summary).toContain('production went back from v1.2.0 before, in deployment 4.')
  stage.asksAtMost(295)
})

test('a release that staging leaves while production waits for approval is not promoted MM-18', async () => {
  const production = { requires: { 'verified-in': 'staging' } }
  const stage = await aStory({ instances: 1, config: { steps, production } })
  for (const release of ['v1.0.0', 'v1.1.0']) {
    await stage.release(release)
    await stage.quietly(() => staging(stage, release))
  }
  const { plan, work } = await workflow.deploy(stage, 'v1.1.0', {
    meanwhile: async () => {
      const back = await does(
        stage,
        { command: 'rollback', environment: 'staging' },
        { options: { sha: 'refs/tags/v1.0.0' } },
      )
      expect(back.main.outputs).toMatchObject({ outcome: 'succeeded', release: 'v1.0.0' })
    },
  })
  expect(plan.main.outputs).toMatchObject({ outcome: 'planned' })
  expect(work?.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'refused', 'reason-code': 'not-verified' },
  })
  expect(work?.main.log.join('\n')).toContain('took staging back from it, to v1.0.0')
  expect(stage.github.deployments.filter(({ environment }) => environment === 'production')).toEqual([])
  stage.asksAtMost(65)
})

test('a blocked release is neither deployed nor gone back to, however far its run has come, until it is unblocked CC-34', async () => {
  const stage = await aStory({ instances: 1, config: { ...lean, production: {} } })
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0')
  const reason = 'it loses orders'
  const bad = { command: 'block', environment: 'production', release: 'v1.1.0', reason }
  const blocked = await workflow.deploy(stage, 'v1.1.0', {
    meanwhile: async () => {
      const { main } = await does(stage, bad, { actor: 'rhea' })
      expect(main).toMatchObject({ code: 0, outputs: { outcome: 'blocked', release: 'v1.1.0' } })
    },
  })
  expect(blocked.plan.main.outputs).toMatchObject({ outcome: 'planned' })
  expect(blocked.work?.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'release-blocked' } })
  expect(blocked.work?.main.log.join('\n')).toMatch(
    /v1\.1\.0 is blocked in production: it loses orders\n?.*rhea blocked/,
  )
  expect(stage.github.deployments).toHaveLength(1)
  const planned = await does(stage, { command: 'plan', release: 'v1.1.0' })
  expect(planned.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'release-blocked' } })
  expect(listed(await list(stage, 'production')).releases[0]).toMatchObject({
    tag: 'v1.1.0',
    flags: [{ flag: 'blocked', environment: 'production' }],
    fitness: { kind: 'blocked', risk: expect.stringContaining('blocked by rhea') },
  })

  const good = { ...bad, unblock: 'true', reason: 'the orders are all there' }
  expect((await does(stage, good)).main.outputs).toMatchObject({ outcome: 'unblocked' })
  expect((await does(stage, good)).main.outputs).toMatchObject({ outcome: 'unchanged' })
  const through = await workflow.deploy(stage, 'v1.1.0')
  expect(through.work?.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })

  const older = { ...bad, release: 'v1.0.0', environment: '' }
  const everywhere = await does(stage, older, { actor: 'rhea' })
  expect(everywhere.main.summary).toContain('| `staging` | is blocked |')
  const back = await workflow.rollback(stage)
  expect(back.plan.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'release-blocked' } })
  const unsaid = await does(stage, { ...bad, reason: '' })
  expect(unsaid.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'input-invalid' } })
  const unknown = await does(stage, { ...bad, release: 'v9.9.9' }, { options: { sha: 'refs/tags/v1.0.0' } })
  expect(unknown.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'tag-missing' } })
  const { history } = await ledgerOf(stage)
  expect(history.map(({ release }) => release.tag)).toEqual(['v1.1.0', 'v1.0.0'])
  stage.asksAtMost(162)
})

test('a block of a commit keeps each release away that has it without its fix, and no other', async () => {
  const stage = await aStory({ instances: 1, config: { ...lean, production: unguarded } })
  await serving(stage, 'v1.0.0')
  const commit = await stage.commit('Count the orders anew')
  await stage.release('v1.1.0')
  expect((await deploys(stage, 'v1.1.0')).main.outputs).toMatchObject({ outcome: 'succeeded' })
  const fix = await stage.commit('Count each order once')
  await stage.release('v1.2.0')
  const blocking = { command: 'block', environment: '', reason: 'it loses orders' }
  const blocked = await does(stage, { ...blocking, commit, 'fixed-by': fix }, { actor: 'rhea' })
  expect(blocked.main, blocked.main.log.join('\n')).toMatchObject({
    code: 0,
    outputs: { outcome: 'blocked' },
  })

  const mended = await deploys(stage, 'v1.2.0')
  expect(mended.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  const goBack = (release: string) =>
    does(stage, { command: 'rollback', release }, { options: { sha: `refs/tags/${release}` } })
  const refused = await goBack('v1.1.0')
  expect(refused.main.outputs).toMatchObject({ 'reason-code': 'release-blocked' })
  expect(refused.main.log.join('\n')).toContain(commit.slice(0, 7))
  expect((await deploys(stage, 'v1.1.0')).main.outputs).toMatchObject({ 'reason-code': 'release-blocked' })
  expect((await goBack('v1.0.0')).main.outputs).toMatchObject({ outcome: 'succeeded', release: 'v1.0.0' })

  const lifting = { ...blocking, commit, unblock: 'true', reason: 'the orders are all there' }
  expect((await does(stage, lifting)).main.outputs).toMatchObject({ outcome: 'unblocked' })
  expect((await deploys(stage, 'v1.1.0')).main.outputs).toMatchObject({ outcome: 'succeeded' })
})

test('nothing is written beside a run at work; where none is, the release is blocked all the same GH-07', async () => {
  const stage = await aStory({ instances: 1, config: { ...lean, production: unguarded } })
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0')
  stage.shop.trouble.hold('install')
  const run = stage.run('dora')
  const started = await stage.quietly(() => run.start({ command: 'deploy', release: 'v1.1.0' }))
  await eventually('it installs', () => stage.shop.trouble.held().some(({ pid }) => isRunning(pid)))
  stage.aside('dora deploys v1.1.0, and its run is at work')
  const bad = { command: 'block', environment: '', release: 'v1.1.0', reason: 'it loses orders' }
  const asked = await does(stage, bad, { actor: 'rhea' })
  expect(asked.main).toMatchObject({ code: 0, outputs: { outcome: 'asked' } })
  const [first] = listed(await list(stage)).releases
  expect(first).toMatchObject({
    tag: 'v1.1.0',
    state: 'ready',
    flags: [
      { flag: 'partial', environment: 'production' },
      { flag: 'blocked', environment: 'staging' },
    ],
  })
  stage.shop.trouble.clear('install')
  const main = await started.ended
  expect(main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  await started.post(main)
  run.end('success')
  stage.aside('it has ended')
  const later = await does(stage, bad, { actor: 'rhea' })
  expect(later.main).toMatchObject({ code: 0, outputs: { outcome: 'blocked' } })
  expect(later.main.log.join('\n')).toContain('is blocked, and goes on serving')
  stage.asksAtMost(33)
})
