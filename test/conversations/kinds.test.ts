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

test('CC-32: a restart under load: the same availability, the same release, and nothing goes back over it', async () => {
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
  const history = await stage.quietly(() => does(stage, { command: 'history' }))
  const told = JSON.parse(history.main.outputs.result ?? '{}')
  expect(told.deployments.map(({ mode }: { mode: string }) => mode)).toEqual([
    'rollback',
    'restart',
    'deploy',
    'deploy',
  ])
  await stage.tells('restart')
})

test('CC-32: a restart whose run is killed goes on with the instances that are left, each of them once', async () => {
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
  await stage.tells('restart-killed')
})
