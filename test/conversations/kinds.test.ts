import { expect, test } from 'vitest'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startLoad } from '../../src/sandbox/fleet/load.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import { ledgerOf } from './rig.ts'
import {
  aStory,
  does,
  pidOf,
  recordSays,
  recordStates,
  resultOf,
  serving,
  unguarded,
  versions,
} from './story.ts'

const restarted = (release: string, ...instances: string[]): string[] =>
  instances.flatMap((name) => ['leave', 'stop', 'start'].map((script) => `${script} ${release} ${name}`))

test('a restart under load: the same availability, the same release, and nothing goes back over it CC-32', async () => {
  const stage = await aStory()
  const { shop } = stage
  const nothing = await workflow.restart(stage)
  expect(nothing.plan.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'nothing-serves' } })
  await serving(stage, 'v1.0.0')
  await serving(stage, 'v1.1.0')
  const before = await ledgerOf(stage)
  const pids = ['web-1', 'web-2'].map((name) => pidOf(stage, name))
  const done = shop.journal().length
  const load = startLoad({ url: shop.frontDoor.url, perSecond: 100 })
  const restart = await workflow.restart(stage)
  const report = await load.stop()
  expect(restart.plan.main.outputs).toMatchObject({ outcome: 'planned', mode: 'restart', release: 'v1.1.0' })
  expect(restart.work?.main.outputs).toMatchObject({
    outcome: 'succeeded',
    mode: 'restart',
    'previous-release': 'v1.1.0',
  })
  expect(report).toMatchObject({ failures: 0, reasons: [] })
  expect(shop.frontDoor.lowestPool()).toBe(1)
  expect(shop.journal().slice(done)).toEqual(restarted('v1.1.0', 'web-1', 'web-2'))
  expect(['web-1', 'web-2'].map((name) => pidOf(stage, name))).not.toEqual(pids)
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0'])

  const after = await ledgerOf(stage)
  expect(after).toMatchObject({ serving: before.serving, desired: before.desired, deployment: null })
  expect(after.history[0]).toMatchObject({ number: 3, mode: 'restart', by: ['dora'], record: 3 })
  expect(recordStates(stage, 2)).toEqual(['in_progress', 'success'])
  expect(recordStates(stage, 3)).toEqual(['in_progress', 'success', 'inactive'])
  expect(recordSays(stage, 3)).toBe('v1.1.0 serves as before')

  const back = await workflow.rollback(stage)
  expect(back.work?.main.outputs).toMatchObject({ outcome: 'succeeded', release: 'v1.0.0' })
  expect(recordStates(stage, 2)).toEqual(['in_progress', 'success', 'inactive'])
  const history = await does(stage, { command: 'history' })
  const told = JSON.parse(history.main.outputs.result ?? '{}')
  expect(told.deployments.map(({ mode }: { mode: string }) => mode)).toEqual([
    'rollback',
    'restart',
    'deploy',
    'deploy',
  ])
  stage.asksAtMost(115)
})

test('a restart whose run is killed goes on with the instances that are left, each of them once CC-32', async () => {
  const stage = await aStory({ instances: 3, config: { production: unguarded } })
  const { shop } = stage
  const steps = { build: null, 'pre-deploy': null, scheduler: null, 'post-deploy': null }
  const sha = await stage.release('v1.0.0', { config: { steps } })
  const first = await stage.quietly(() => does(stage, { command: 'deploy', release: 'v1.0.0' }))
  expect(first.main.outputs).toMatchObject({ outcome: 'succeeded' })
  const done = shop.journal().length
  shop.trouble.hold('stop', 'web-2')
  const run = stage.run('dora')
  const started = await stage.quietly(() => run.start({ command: 'restart' }, { sha }))
  const isThere = () => shop.trouble.held().some(({ pid }) => isRunning(pid))
  await eventually('web-2 is being stopped', () => isThere() || started.child.exitCode !== null)
  expect(started.child.exitCode).toBeNull()
  started.child.kill('SIGKILL')
  await started.ended
  const left = shop.trouble.held()
  shop.trouble.clear('stop', 'web-2')
  await eventually('stop has ended', () => !left.some(({ pid }) => isRunning(pid)))
  run.end('failure')
  stage.aside('main is killed while it stops web-2')
  const again = await does(stage, { command: 'restart' }, { options: { sha } })
  expect(again.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'restart', 'deployment-id': '2' })
  const starts = shop
    .journal()
    .slice(done)
    .filter((line) => line.startsWith('start '))
  expect(starts).toEqual(['web-1', 'web-2', 'web-3'].map((name) => `start v1.0.0 ${name}`))
  expect(resultOf(again)).toMatchObject({ outcome: 'succeeded', mode: 'restart' })
  stage.asksAtMost(40)
})

test('a task that destroys: refused in the production, elsewhere only for who types its name CC-33 SP-28 SP-29', async () => {
  const stage = await aStory({ instances: 1 })
  const { shop, github } = stage
  const tasks = {
    'sync-data': { run: 'echo "copies the data of production"; bin/post-deploy', destructive: true },
    'warm-up': 'echo "asks for every page once"',
  }
  const steps = { build: null, 'pre-deploy': null, scheduler: null, 'post-deploy': null }
  await stage.release('v1.0.0', { config: { tasks, steps } })
  const staging = { environment: 'staging' }
  await stage.quietly(async () => {
    await does(stage, { command: 'deploy', release: 'v1.0.0', ...staging })
    await workflow.deploy(stage, 'v1.0.0')
  })
  stage.aside('v1.0.0 serves in staging and in production')
  const ran = () => shop.journal().filter((line) => line.startsWith('post-deploy'))

  const unsaid = await workflow.task(stage, 'sync-data', { inputs: staging })
  expect(unsaid.plan.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'confirmation-missing' } })
  const mistaken = await workflow.task(stage, 'sync-data', { inputs: { ...staging, confirm: 'production' } })
  expect(mistaken.plan.main.outputs).toMatchObject({ 'reason-code': 'confirmation-missing' })
  expect(ran()).toEqual([])

  const said = await workflow.task(stage, 'sync-data', { inputs: { ...staging, confirm: 'staging' } })
  expect(said.plan.main.summary).toContain('**This cannot be taken back.**')
  expect(said.work?.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'task' })
  expect(ran()).toEqual(['post-deploy v1.0.0 -'])
  expect((await ledgerOf(stage, 'shop', 'staging')).history[0]).toMatchObject({ mode: 'task', by: ['dora'] })

  const inProduction = await workflow.task(stage, 'sync-data', { inputs: { confirm: 'production' } })
  expect(inProduction.plan.main.outputs).toMatchObject({ 'reason-code': 'destructive-refused' })
  expect(inProduction.work).toBeNull()
  // Without the plan the task is refused.
  const unplanned = await does(
    stage,
    { command: 'task', task: 'sync-data', confirm: 'production' },
    { options: { sha: 'refs/tags/v1.0.0' } },
  )
  expect(unplanned.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'destructive-refused' } })
  expect(ran()).toHaveLength(1)

  await stage.policy({ production: { 'allow-destructive': ['task/sync-data'] } })
  stage.aside('the policy of the production names task/sync-data')
  const named = await workflow.task(stage, 'sync-data')
  expect(named.plan.main.outputs).toMatchObject({ 'reason-code': 'confirmation-missing' })
  const both = await workflow.task(stage, 'sync-data', { inputs: { confirm: 'production' } })
  expect(both.work?.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'task' })
  expect(ran()).toHaveLength(2)

  const harmless = await workflow.task(stage, 'warm-up')
  expect(harmless.work?.main.outputs).toMatchObject({ outcome: 'succeeded' })
  const { serving, history } = await ledgerOf(stage)
  expect(serving).toMatchObject({ release: { tag: 'v1.0.0' }, deployment: 1 })
  expect(history.map(({ mode }) => mode)).toEqual(['task', 'task', 'deploy'])
  expect(github.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual([
    'success',
    'success',
    'inactive',
    'inactive',
    'inactive',
  ])
  const told = await does(stage, { command: 'history' })
  expect(JSON.parse(told.main.outputs.result ?? '{}').deployments).toMatchObject([
    { mode: 'task', subject: ['task/warm-up'], confirmed: [], by: ['dora'] },
    { mode: 'task', subject: ['task/sync-data'], confirmed: ['task/sync-data is marked as destructive.'] },
    { mode: 'deploy', subject: [], confirmed: [] },
  ])
  stage.asksAtMost(180)
})

test('the scheduler alone, a build alone, and another base SP-41 CC-31 CC-04 CC-11', async () => {
  const stage = await aStory({ instances: 1 })
  const { shop } = stage
  await stage.release('v1.0.0', { config: { base: '2026.1' } })
  await stage.quietly(() => workflow.deploy(stage, 'v1.0.0'))
  stage.aside('v1.0.0 serves, on base 2026.1')
  const before = await ledgerOf(stage)
  let done = shop.journal().length
  const since = () => {
    const lines = shop.journal().slice(done)
    done += lines.length
    return lines
  }

  const scheduler = await workflow.deploy(stage, 'v1.0.0', { inputs: { only: 'scheduler' } })
  expect(scheduler.work?.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'scheduler-run' })
  expect(since()).toEqual(['suspend', 'deploy', 'resume'].map((what) => `scheduler-${what} v1.0.0 -`))
  expect(await ledgerOf(stage)).toMatchObject({ serving: before.serving, scheduler: null, deployment: null })

  await stage.release('v1.1.0', { config: { base: '2026.1' } })
  const kept = await ledgerOf(stage)
  const records = stage.github.deployments.length
  const build = await workflow.deploy(stage, 'v1.1.0', { inputs: { only: 'build' } })
  expect(build.work?.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'build', release: 'v1.1.0' })
  expect(since()).toEqual(['build v1.1.0 -'])
  expect(await ledgerOf(stage)).toEqual(kept)
  expect(stage.github.deployments).toHaveLength(records)
  const token = stage.github.token('github-actions[bot]', { contents: 'read', actions: 'read' })
  const unasked = { command: 'deploy', release: 'v1.1.0', only: 'build', reset: 'true' }
  const missing = await does(stage, unasked, { options: { token } })
  expect(missing.main.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'approval-missing' })
  expect(since()).toEqual([])
  const alone = await does(stage, { ...unasked, environment: 'staging' }, { options: { token } })
  expect(alone.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'build' })
  expect(alone.main.log.join('\n')).toContain('::notice title=reset is not used::The input reset was given')
  expect(since()).toEqual(['build v1.1.0 -'])
  expect(await ledgerOf(stage)).toEqual(kept)
  const wrong = await workflow.deploy(stage, 'v1.1.0', { inputs: { only: 'scheduler' } })
  expect(wrong.plan.main.outputs).toMatchObject({ 'reason-code': 'input-invalid' })

  await stage.release('v2.0.0', { config: { base: '2026.2' } })
  const otherBases = async (): Promise<string[]> => {
    const { main } = await stage.quietly(() => does(stage, { command: 'releases' }))
    const { wanted } = JSON.parse(main.outputs.result ?? '{}')
    return wanted['other-base'].map(({ tag }: { tag: string }) => tag).sort()
  }
  expect(await otherBases()).toEqual(['v2.0.0'])
  const refused = await workflow.deploy(stage, 'v2.0.0')
  expect(refused.plan.main.outputs).toMatchObject({ 'reason-code': 'base-differs' })
  const asked = { 'change-base': 'true' }
  const unconfirmed = await workflow.deploy(stage, 'v2.0.0', { inputs: asked })
  expect(unconfirmed.plan.main.outputs).toMatchObject({ 'reason-code': 'confirmation-missing' })
  const base = await workflow.deploy(stage, 'v2.0.0', { inputs: { ...asked, confirm: 'production' } })
  expect(base.work?.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'deploy' })
  expect((await ledgerOf(stage)).serving?.release.baseVersion).toBe('2026.2')
  expect(await otherBases()).toEqual(['v1.0.0', 'v1.1.0'])

  const old = await workflow.deploy(stage, 'v1.1.0', { inputs: { 'acknowledge-older': 'true' } })
  expect(old.plan.main.outputs).toMatchObject({ 'reason-code': 'base-differs' })
  const back = await workflow.rollback(stage)
  expect(back.plan.main.outputs).toMatchObject({ 'reason-code': 'base-differs' })
  stage.asksAtMost(228)
})

test('a deployment that sets all data up anew, for whoever types where SP-22 SP-29', async () => {
  const stage = await aStory({ instances: 1 })
  const steps = {
    build: null,
    'pre-deploy': null,
    scheduler: null,
    'post-deploy': null,
    reset: 'bin/migrate',
  }
  await stage.release('v1.0.0', { config: { steps } })
  const asked = { environment: 'staging', reset: 'true' }
  const unsaid = await workflow.deploy(stage, 'v1.0.0', { inputs: asked })
  expect(unsaid.plan.main.outputs).toMatchObject({ 'reason-code': 'confirmation-missing' })
  expect(stage.shop.journal()).toEqual([])
  const said = await workflow.deploy(stage, 'v1.0.0', { inputs: { ...asked, confirm: 'staging' } })
  expect(said.work?.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'deploy' })
  expect(stage.shop.journal()[0]).toBe('migrate v1.0.0 -')
  expect((await ledgerOf(stage, 'shop', 'staging')).history[0]).toMatchObject({
    migrated: 'contract',
    confirmed: ['reset sets all data up anew: what is there now is lost.'],
  })
  const production = await workflow.deploy(stage, 'v1.0.0', {
    inputs: { reset: 'true', confirm: 'production' },
  })
  expect(production.plan.main.outputs).toMatchObject({ 'reason-code': 'destructive-refused' })
  stage.asksAtMost(85)
})

test('a reset in a production that allows it: asks for its name, warns, and is not repeated by a deployment SP-29', async () => {
  const noSteps = { build: null, 'pre-deploy': null, scheduler: null, 'post-deploy': null }
  const steps = { ...noSteps, reset: 'bin/post-deploy && bin/migrate' }
  const production = { ...unguarded, 'allow-destructive': ['reset'] }
  const stage = await aStory({ instances: 1, config: { production } })
  await stage.release('v1.0.0', { config: { steps, production } })
  await stage.release('v1.1.0', { config: { steps, production } })
  const ran = () => stage.shop.journal().filter((line) => /^(migrate|post-deploy)/.test(line))

  // The first deployment needs the confirmation too: no reading tells that the database is empty.
  const reset = { reset: 'true' }
  for (const confirm of ['', 'staging', 'Production', 'true']) {
    const unsaid = await workflow.deploy(stage, 'v1.0.0', { inputs: { ...reset, confirm } })
    expect([confirm, unsaid.plan.main.outputs['reason-code'], unsaid.work]).toEqual([
      ...[confirm, 'confirmation-missing', null],
    ])
  }
  expect(ran()).toEqual([])
  const first = await workflow.deploy(stage, 'v1.0.0', { inputs: { ...reset, confirm: 'production' } })
  expect(first.work?.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(ran()).toEqual(['post-deploy v1.0.0 -', 'migrate v1.0.0 -'])

  const later = await workflow.deploy(stage, 'v1.1.0', { inputs: { ...reset, confirm: 'production' } })
  expect(later.plan.main.summary).toContain('set all data up anew')
  expect(later.plan.main.summary).toContain('the data that was there is gone')
  expect(later.plan.main.summary).toContain('disconnect them first')
  expect(ran().slice(2)).toEqual(['post-deploy v1.1.0 -', 'migrate v1.1.0 -'])
  expect((await ledgerOf(stage)).history[0]).toMatchObject({
    confirmed: ['reset sets all data up anew: what is there now is lost.'],
  })

  await stage.release('v1.2.0', { config: { steps, production } })
  const normal = await workflow.deploy(stage, 'v1.2.0')
  expect(normal.work?.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(ran().slice(4)).toEqual(['migrate v1.2.0 -'])
})
