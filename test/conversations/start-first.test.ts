import { expect, test } from 'vitest'
import { startLoadApart } from '../../src/sandbox/fleet/load-apart.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import {
  aStory,
  decides,
  does,
  lean,
  resultOf,
  selfTestByScript,
  serving,
  testedByScript,
  versions,
} from './story.ts'

test.each([1, 3])(
  '%i instances of two slots under load: nobody notices, and the pool is never smaller, forward and back SP-31 SP-32 CC-21 CC-22 MM-12',
  async (instances) => {
    const stage = await aStory({ instances, slots: true, config: { ...lean, rollout: {} } })
    const { shop } = stage
    await serving(stage, 'v1.0.0')
    await stage.release('v1.1.0')
    const load = await startLoadApart({ url: shop.frontDoor.url, perSecond: 100 })
    const began = Date.now()
    const forward = await workflow.deploy(stage, 'v1.1.0')
    expect(forward.work?.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    expect(await versions(stage)).toEqual(Array.from({ length: instances }, () => 'v1.1.0'))
    const back = await workflow.rollback(stage)
    expect(back.work?.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    const report = await load.stop()
    expect(report).toMatchObject({ failures: 0, reasons: [] })
    expect(shop.frontDoor.lowestPool(began)).toBeGreaterThanOrEqual(instances)
    expect(await versions(stage)).toEqual(Array.from({ length: instances }, () => 'v1.0.0'))

    const page = forward.work?.main.summary ?? ''
    expect(page).toContain('served side by side for')
    for (const words of [page, forward.plan.main.summary]) expect(words).not.toMatch(/\b(?:atomic|instant)/i)
    expect(forward.plan.main.summary).toContain(`${instances} of ${instances}`)
  },
)

test('a test bed of two slots changes alone, one that fails is left out and serves on, and a restart keeps each up', async () => {
  const web = { ...testedByScript, 'test-bed': { 'bake-time': '1ms', 'on-success': 'ask' } }
  const config = { ...lean, rollout: {}, web }
  const stage = await aStory({ instances: 3, slots: true, config })
  const { shop } = stage
  await serving(stage, 'v1.0.0', { files: selfTestByScript })
  await stage.release('v1.1.0', { files: selfTestByScript })
  const load = await startLoadApart({ url: shop.frontDoor.url, perSecond: 50 })
  const began = Date.now()

  const tried = await does(stage, { command: 'deploy', release: 'v1.1.0', 'test-bed': 'web-2' })
  expect(resultOf(tried).pause, tried.main.log.join('\n')).toMatchObject({ gate: 'bake' })
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.1.0', 'v1.0.0'])

  shop.trouble.fail('self-test', 'translations are missing', 'web-3')
  const asked = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'force-next', reason: 'seen to' })
  expect(resultOf(asked).pause).toMatchObject({ 'reason-code': 'self-test-failed', instances: ['web-3'] })
  const left = await decides(stage, 'v1.1.0', { pause: '2.2', decision: 'exclude', instances: 'web-3' })
  expect(left.main.outputs).toMatchObject({ outcome: 'converged' })
  expect(resultOf(left).excluded).toEqual(['web/web-3'])
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0', 'v1.0.0'])

  shop.trouble.clear('self-test', 'web-3')
  const whole = await does(stage, { command: 'reconcile' }, { options: { sha: 'refs/tags/v1.1.0' } })
  expect(whole.main, whole.main.log.join('\n')).toMatchObject({ code: 0 })
  const again = await does(stage, { command: 'restart' }, { options: { sha: 'refs/tags/v1.1.0' } })
  expect(again.main, again.main.log.join('\n')).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0', 'v1.1.0'])
  expect(await load.stop()).toMatchObject({ failures: 0, reasons: [] })
  expect(shop.frontDoor.lowestPool(began)).toBeGreaterThanOrEqual(3)
})
