import { expect, test } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { startLoad } from '../../src/sandbox/fleet/load.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import { ledgerOf } from './rig.ts'
import {
  aStory,
  changed,
  does,
  lean,
  pidOf,
  recordStates,
  resultOf,
  serving,
  unguarded,
  versions,
} from './story.ts'

test('a first release, and a second under load SP-01 SP-11 GH-01 GH-02 GH-03 CC-21 CC-22 WX-12 WX-13 WX-16 MM-28 SP-15', async () => {
  const stage = await aStory()
  const { shop, github } = stage
  const sha = await stage.release('v1.0.0')
  const first = await workflow.deploy(stage, 'v1.0.0')
  expect(first.work?.main).toMatchObject({
    code: 0,
    outputs: { outcome: 'succeeded', 'deployment-id': '1', 'previous-release': '' },
  })
  expect(await ledgerOf(stage)).toMatchObject({
    serving: { release: { tag: 'v1.0.0', sha }, record: 1 },
    desired: { tag: 'v1.0.0' },
    deployment: null,
    scheduler: null,
  })
  expect(shop.journal()).toEqual([
    'build v1.0.0 -',
    'scheduler-suspend v1.0.0 -',
    'scheduler-deploy v1.0.0 -',
    'migrate v1.0.0 -',
    'scheduler-resume v1.0.0 -',
    ...changed('v1.0.0', 'web-1', 'web-2'),
    'post-deploy v1.0.0 -',
  ])
  expect(github.deployments).toMatchObject([
    { sha, ref: sha, environment: 'production', production: true, transient: false },
  ])

  expect(github.deployments[0]?.payload).toMatchObject({
    release: 'v1.0.0',
    mode: 'deploy',
    'plan-digest': first.plan.main.outputs.digest,
  })

  await stage.release('v1.1.0', { migrations: 2 })
  const before = shop.journal().length
  const load = startLoad({ url: shop.frontDoor.url, perSecond: 100 })
  const second = await workflow.deploy(stage, 'v1.1.0')
  await eventually('v1.1.0 answers', () => (load.report().releases['v1.1.0'] ?? 0) > 20)
  const report = await load.stop()
  expect(second.work?.main.outputs).toMatchObject({ outcome: 'succeeded', 'previous-release': 'v1.0.0' })
  expect(report).toMatchObject({ failures: 0, reasons: [] })
  expect(Object.keys(report.releases).sort()).toEqual(['v1.0.0', 'v1.1.0'])
  expect(shop.frontDoor.lowestPool()).toBe(1)
  expect(shop.journal().slice(before)).toEqual([
    'build v1.1.0 -',
    'pre-deploy v1.1.0 -',
    'scheduler-suspend v1.1.0 -',
    'scheduler-deploy v1.1.0 -',
    'migrate v1.1.0 -',
    'scheduler-resume v1.1.0 -',
    ...changed('v1.1.0', 'web-1', 'web-2'),
    'post-deploy v1.1.0 -',
  ])
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0'])
  expect(recordStates(stage, 1)).toEqual(['in_progress', 'success', 'inactive'])
  expect(recordStates(stage, 2)).toEqual(['in_progress', 'success'])

  const again = await workflow.deploy(stage, 'v1.1.0')
  expect(again.plan.main).toMatchObject({ code: 0, outputs: { outcome: 'already-deployed' } })
  expect(again.work).toBeNull()
  expect(github.deployments).toHaveLength(2)
  await stage.tells('first-and-second-deployment')
})

test('redeploying changes the instances that do not serve the release, and no other SP-46 WX-09', async () => {
  const stage = await aStory({ config: lean })
  const { shop } = stage
  await serving(stage, 'v1.0.0')
  process.kill(pidOf(stage, 'web-2'))
  await eventually('web-2 is gone', async () => (await shop.instanceVersion('web-2')) === undefined)
  stage.aside('web-2 is ended by hand')
  const before = shop.journal().length

  const { plan, work } = await workflow.deploy(stage, 'v1.0.0', { inputs: { redeploy: 'true' } })
  expect(plan.main.outputs).toMatchObject({ outcome: 'planned', mode: 'redeploy' })
  expect(work?.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded', mode: 'redeploy' } })
  expect(shop.journal().slice(before)).toEqual(changed('v1.0.0', 'web-2'))
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0'])
  expect(resultOf(work).instances).toMatchObject([
    { name: 'web-1', state: 'left-alone' },
    { name: 'web-2', state: 'done' },
  ])
  expect(recordStates(stage, 1).at(-1)).toBe('inactive')
  expect(recordStates(stage, 2).at(-1)).toBe('success')
  expect(await ledgerOf(stage)).toMatchObject({ serving: { release: { tag: 'v1.0.0' }, record: 2 } })
  stage.asksAtMost(40)
})

test('an older release is not deployed by accident; going back is a rollback, a second one goes further back CC-07 CC-08 CC-09 MM-19 MM-20 MM-21 MM-22 WX-28 WX-29', async () => {
  const stage = await aStory({ config: lean })
  await serving(stage, 'v1.0.0')
  await serving(stage, 'v1.1.0')
  const refused = await workflow.deploy(stage, 'v1.0.0')
  expect(refused.plan.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'refused', 'reason-code': 'release-older' },
  })
  expect(refused.plan.main.log.join()).toMatch(/conflict with it and cause downtime.*acknowledge-older: true/)
  expect(refused.work).toBeNull()
  const plan = { command: 'plan', mode: 'deploy', release: 'v1.0.0' }
  const acknowledged = await does(stage, { ...plan, 'acknowledge-older': 'true' })
  expect(acknowledged.main).toMatchObject({ code: 0, outputs: { outcome: 'planned', mode: 'deploy' } })
  expect(acknowledged.main.summary).toContain('not recommended')
  await stage.policy({ production: { ...unguarded, class: 'sandbox' } })
  stage.aside('production is a sandbox for a moment')
  const sandbox = await does(stage, plan)
  expect(sandbox.main).toMatchObject({ code: 0, outputs: { outcome: 'planned', mode: 'deploy' } })
  expect(sandbox.main.summary).toContain('not recommended')

  await serving(stage, 'v1.2.0')
  const first = await workflow.rollback(stage)
  expect(first.plan.main.summary).toContain('not the data that was written meanwhile')
  expect(first.work?.main.outputs).toMatchObject({
    outcome: 'succeeded',
    mode: 'rollback',
    release: 'v1.1.0',
    'previous-release': 'v1.2.0',
  })
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0'])
  const second = await workflow.rollback(stage)
  expect(second.work?.main.outputs).toMatchObject({ outcome: 'succeeded', release: 'v1.0.0' })
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0'])
  const third = await workflow.rollback(stage)
  expect(third.plan.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'nothing-to-roll-back-to' } })
  expect(third.work).toBeNull()

  await stage.release('v1.3.0')
  const never = await does(stage, { command: 'rollback', release: 'v1.3.0' })
  expect(never.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'nothing-to-roll-back-to' } })
  const named = await does(stage, { command: 'rollback', release: 'v1.2.0' })
  expect(named.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'rollback', release: 'v1.2.0' })
  expect(await versions(stage)).toEqual(['v1.2.0', 'v1.2.0'])
  expect(stage.shop.frontDoor.lowestPool()).toBe(1)
  expect(stage.github.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual([
    ...['inactive', 'inactive', 'inactive', 'inactive', 'inactive'],
    'success',
  ])
  stage.asksAtMost(176)
})
