import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import { ledgerOf } from './rig.ts'
import {
  aStory,
  changed,
  decides,
  deploys,
  does,
  inTraffic,
  lean,
  recordSays,
  recordStates,
  resultOf,
  type Story,
  selfTestByScript,
  serving,
  testedByScript,
  versions,
} from './story.ts'

const three = { instances: 3, config: { ...lean, web: testedByScript, rollout: { 'min-available': 1 } } }

/** A release whose self test fails on these instances, while the trouble is there. */
async function releaseWithTrouble(
  stage: Story,
  tag: string,
  on: readonly string[],
  config: ConfigVariation = {},
): Promise<void> {
  await stage.release(tag, { files: selfTestByScript, config })
  for (const name of on) stage.shop.trouble.fail('self-test', 'translations are missing', name)
}

const noBuild = { 'pre-deploy': null, scheduler: null, 'post-deploy': null }

/** Everything that the ledger ever said. */
const kept = ({ github }: Story): string =>
  execFileSync('git', ['--git-dir', github.gitDir, 'log', '-p', 'refs/rollgate/shop/production'], {
    encoding: 'utf8',
  })

/** Changes one instance after another, each self-tested before it is back. */
const tested = (release: string, ...names: string[]): string[] =>
  names.flatMap((name) => [...changed(release, name), `self-test ${release} ${name}`])

test('a self test fails, the rollout stops and asks, and one is forced WX-14 WX-15 WX-19 WX-20 WX-21 WX-24 WX-25 GH-04 F14', async () => {
  const stage = await aStory(three)
  const { shop } = stage
  await serving(stage, 'v1.0.0', { files: selfTestByScript })
  const before = shop.journal().length
  await releaseWithTrouble(stage, 'v1.1.0', ['web-2'])

  const { work } = await workflow.deploy(stage, 'v1.1.0')
  expect(work?.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'waiting', 'reason-code': 'decision-needed', pause: '2.1' },
  })
  expect(resultOf(work).pause).toMatchObject({
    'reason-code': 'self-test-failed',
    instances: ['web-2'],
    options: ['retry', 'force-next', 'exclude', 'roll-back', 'abandon'],
  })
  expect(shop.journal().slice(before)).toEqual([...tested('v1.1.0', 'web-1', 'web-2'), 'leave v1.1.0 web-2'])
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0', 'v1.0.0'])
  expect(inTraffic(stage)).toEqual(['web-1', 'web-3'])
  expect(shop.frontDoor.lowestPool()).toBe(2)
  expect(recordStates(stage, 2)).toEqual(['in_progress', 'pending'])
  expect(recordSays(stage, 2)).toBe('waiting: The self test of web-2 failed: exited with 1.')
  expect(recordStates(stage, 1).at(-1)).toBe('success')
  const waiting = await ledgerOf(stage)
  expect(waiting).toMatchObject({ serving: { release: { tag: 'v1.0.0' } }, deployment: { holder: null } })

  await stage.release('v1.2.0')
  const other = await deploys(stage, 'v1.2.0')
  expect(other.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'decision-needed' } })
  const plans = [{ release: 'v1.2.0' }, { mode: 'rollback' }, { release: 'v1.0.0', redeploy: 'true' }]
  for (const asked of plans) {
    const { main } = await does(stage, { command: 'plan', ...asked })
    expect(main.code).toBe(1)
    expect(main.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'decision-needed' })
    expect(main.summary).toContain('The self test of web-2 failed')
    expect(main.log.join('\n')).toContain('/actions/workflows/rollgate-decide.yml')
  }
  const same = await does(stage, { command: 'plan', release: 'v1.1.0' })
  expect(same.main).toMatchObject({ code: 1, outputs: { outcome: 'waiting', pause: '2.1' } })
  const wrong = [
    [{ pause: '2.9', decision: 'abandon' }, 'decision-unasked'],
    [{ pause: '2.1', decision: 'approve' }, 'decision-not-offered'],
    [{ pause: '2.1', decision: 'exclude', instances: 'web-3' }, 'decision-not-offered'],
  ] as const
  for (const [answer, code] of wrong) {
    const refused = await decides(stage, 'v1.1.0', answer)
    expect(refused.main).toMatchObject({ code: 1, outputs: { outcome: 'refused', 'reason-code': code } })
  }
  expect(await ledgerOf(stage)).toEqual(waiting)

  const reason = 'web-2 has a broken disk'
  const forced = await workflow.decide(stage, { decision: 'force-next', reason })
  expect(forced.look.main.summary).toContain('translations are missing')
  expect(forced.work?.main).toMatchObject({ code: 0, outputs: { outcome: 'converged' } })
  expect(resultOf(forced.work)).toMatchObject({ forced: ['web/web-2'], excluded: [], failed: [] })
  expect(forced.work?.main.log).toContain(`rhea decided force-next: ${reason}`)
  expect(kept(stage)).toContain(`"reason": "${reason}"`)
  expect(shop.journal().slice(before + 11)).toEqual(tested('v1.1.0', 'web-3'))
  expect(inTraffic(stage)).toEqual(['web-1', 'web-3'])
  expect(recordSays(stage, 2)).toBe('converged with 1 forced')
  expect(recordStates(stage, 1).at(-1)).toBe('inactive')
  expect((await ledgerOf(stage)).history[0]?.outcome).toMatchObject({ forced: ['web/web-2'] })

  const second = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'roll-back' })
  expect(second.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'decision-unasked' } })
  stage.asksAtMost(145)
})

test('retry, at first in vain and then repaired; never by commands of another version WX-19 WX-24', async () => {
  const stage = await aStory({ ...three, instances: 2 })
  const { shop } = stage
  await serving(stage, 'v1.0.0', { files: selfTestByScript })
  await releaseWithTrouble(stage, 'v1.1.0', ['web-2'])
  await deploys(stage, 'v1.1.0')
  const before = shop.journal().length

  const elsewhere = await decides(
    stage,
    'v1.1.0',
    { pause: '2.1', decision: 'retry' },
    { options: { sha: 'refs/tags/v1.0.0' } },
  )
  expect(elsewhere.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'checkout-differs' } })
  expect(shop.journal()).toHaveLength(before)

  const vain = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'retry' })
  expect(vain.main).toMatchObject({ code: 1, outputs: { outcome: 'waiting', pause: '2.2' } })
  expect(shop.journal().slice(before)).toEqual([...tested('v1.1.0', 'web-2'), 'leave v1.1.0 web-2'])
  const old = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'retry' })
  expect(old.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'decision-unasked' } })

  shop.trouble.clear('self-test', 'web-2')
  stage.aside('web-2 is repaired')
  const repaired = await decides(stage, 'v1.1.0', { pause: '2.2', decision: 'retry' })
  expect(repaired.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(shop.journal().slice(before + 6)).toEqual(tested('v1.1.0', 'web-2'))
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.1.0'])
  stage.asksAtMost(85)
})

test('rolled back by decision, only what was changed is; a failure on the way back asks again WX-22 WX-23', async () => {
  const stage = await aStory(three)
  const { shop } = stage
  await serving(stage, 'v1.0.0', { files: selfTestByScript })
  await releaseWithTrouble(stage, 'v1.1.0', ['web-2'])
  await deploys(stage, 'v1.1.0')
  const before = shop.journal().length
  shop.trouble.clear('self-test', 'web-2')
  shop.trouble.fail('self-test', 'the disk is full', 'web-1')
  stage.aside('v1.0.0 would be fine on web-2, but by now web-1 has a trouble of its own')

  const back = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'roll-back' })
  expect(back.main).toMatchObject({ code: 1, outputs: { outcome: 'waiting', pause: '2.2' } })
  expect(resultOf(back).pause?.options).not.toContain('roll-back')
  expect(inTraffic(stage)).toEqual(['web-3'])

  shop.trouble.clear('self-test', 'web-1')
  stage.aside('web-1 is repaired')
  const again = await decides(stage, 'v1.1.0', { pause: '2.2', decision: 'retry' })
  expect(again.main).toMatchObject({ code: 0, outputs: { outcome: 'rolled-back' } })
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0', 'v1.0.0'])
  expect(inTraffic(stage)).toEqual(['web-1', 'web-2', 'web-3'])
  expect(shop.journal().slice(before).join()).not.toContain('web-3')
  expect(shop.frontDoor.lowestPool()).toBeGreaterThanOrEqual(1)
  expect(recordStates(stage, 2).at(-1)).toBe('failure')
  expect(recordStates(stage, 1).at(-1)).toBe('success')
  expect(await ledgerOf(stage)).toMatchObject({
    serving: { release: { tag: 'v1.0.0' } },
    desired: { tag: 'v1.0.0' },
    deployment: null,
  })
  await stage.tells('decision-roll-back')
})

test('a config that rolls back by itself asks nobody; no decision breaks the floor; of two decisions one wins WX-24', async () => {
  const stage = await aStory({ config: lean })
  const { shop } = stage
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0', {
    quirk: 'self-test-fails',
    config: { rollout: { 'on-failure': 'roll-back' } },
  })
  const unasked = await deploys(stage, 'v1.1.0')
  expect(unasked.main).toMatchObject({ code: 1, outputs: { outcome: 'rolled-back', pause: '' } })
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0'])
  expect(inTraffic(stage)).toEqual(['web-1', 'web-2'])
  expect(shop.journal().slice(-5).join()).not.toContain('web-2')
  expect(recordStates(stage, 2).at(-1)).toBe('failure')
  expect(recordSays(stage, 2)).toBe('rolled back: The self test of web-1 failed: answered 500.')

  await stage.release('v1.2.0', { quirk: 'self-test-fails' })
  const asking = await deploys(stage, 'v1.2.0')
  expect(resultOf(asking).pause).toMatchObject({ options: ['retry', 'roll-back', 'abandon'] })
  const floor = await decides(stage, 'v1.2.0', { pause: '3.1', decision: 'force-next' })
  expect(floor.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'decision-not-offered' } })
  expect(floor.main.log.join()).toContain('fewer than 1 instances would stay available')
  stage.asksAtMost(75)

  const both = await Promise.all([
    decides(stage, 'v1.2.0', { pause: '3.1', decision: 'abandon' }, { actor: 'nora' }),
    decides(stage, 'v1.2.0', { pause: '3.1', decision: 'abandon' }, { actor: 'rhea' }),
  ])
  const outcomes = both.map(({ main }) => main.outputs.outcome).sort()
  expect(outcomes).toEqual(['abandoned', 'refused'])
  expect(both.map(({ main }) => main.outputs['reason-code'])).toContain('decision-unasked')
  expect(await versions(stage)).toEqual(['v1.2.0', 'v1.0.0'])
  expect(inTraffic(stage)).toEqual(['web-2'])
  expect(await ledgerOf(stage)).toMatchObject({ serving: { release: { tag: 'v1.0.0' } }, deployment: null })

  await stage.release('v1.3.0')
  const good = await deploys(stage, 'v1.3.0')
  expect(good.main.outputs).toMatchObject({ outcome: 'succeeded', 'previous-release': 'v1.0.0' })
  expect(await versions(stage)).toEqual(['v1.3.0', 'v1.3.0'])
  expect(shop.frontDoor.lowestPool()).toBe(1)
})

test('two that fail together are decided one by one; failures within max-failures are counted WX-19', async () => {
  const stage = await aStory(three)
  const { shop } = stage
  await serving(stage, 'v1.0.0', { files: selfTestByScript })
  await releaseWithTrouble(stage, 'v1.1.0', ['web-1', 'web-2'], {
    rollout: { 'max-parallel': 2, 'min-available': 0 },
  })
  const { main } = await deploys(stage, 'v1.1.0')
  expect(main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.1' })
  expect(inTraffic(stage)).toEqual(['web-3'])
  const one = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'exclude', instances: 'web-1' })
  expect(resultOf(one).pause).toMatchObject({ id: '2.2', instances: ['web-2'] })
  const before = shop.journal().length
  shop.trouble.clear('self-test', 'web-2')
  const other = await decides(stage, 'v1.1.0', { pause: '2.2', decision: 'retry', instances: 'web-2' })
  expect(other.main.outputs).toMatchObject({ outcome: 'converged' })
  expect(resultOf(other)).toMatchObject({ excluded: ['web/web-1'], forced: [] })
  expect(shop.journal().slice(before).join()).not.toContain('web-1')
  expect(inTraffic(stage)).toEqual(['web-2', 'web-3'])

  await releaseWithTrouble(stage, 'v1.2.0', [], {
    rollout: { 'min-available': 1, 'max-failures': 1 },
  })
  const tolerated = await deploys(stage, 'v1.2.0')
  expect(tolerated.main).toMatchObject({ code: 0, outputs: { outcome: 'converged' } })
  expect(resultOf(tolerated).failed).toEqual(['web/web-1'])
  expect(tolerated.main.log.join('\n')).toContain('see to web/web-1')
  expect(inTraffic(stage)).toEqual(['web-2', 'web-3'])
  expect(recordSays(stage, 3)).toBe('converged with 1 failed')
})

test('an instance that lies, is never alive, exits or hangs gets no traffic, and a person is asked WX-18', async () => {
  const stage = await aStory({ config: lean })
  await serving(stage, 'v1.0.0')
  const address = 'http://127.0.0.1:$PORT'
  const impatient = { 'self-test': { http: `${address}/self-test`, timeout: '600ms' } }
  const alive = { http: `${address}/is-alive`, interval: '20ms', 'min-healthy-time': '50ms' }
  const bad = [
    ['v1.1.0', 'self-test-lies', {}, 'version-wrong', 'web-1 does not run v1.1.0: it says v1.0.0.'],
    [
      'v1.2.0',
      'never-alive',
      { 'health-check': { ...alive, 'healthy-deadline': '800ms' } },
      'instance-unhealthy',
      'web-1 did not become healthy within 0.8 s',
    ],
    ['v1.3.0', 'exits', impatient, 'self-test-failed', 'The self test of web-1 failed: no answer'],
    ['v1.4.0', 'self-test-hangs', impatient, 'self-test-failed', 'failed: no answer within 0.6 s.'],
  ] as const
  for (const [index, [tag, quirk, laid, code, words]] of bad.entries()) {
    const deployment = index + 2
    await stage.release(tag, { quirk, config: { web: laid } })
    const job = await deploys(stage, tag)
    expect(job.main).toMatchObject({ code: 1, outputs: { outcome: 'waiting' } })
    expect(resultOf(job).pause).toMatchObject({ instances: ['web-1'], 'reason-code': code })
    expect(job.main.log.join('\n')).toContain(words)
    expect(inTraffic(stage)).toEqual(['web-2'])
    expect(await stage.shop.instanceVersion('web-2')).toBe('v1.0.0')
    expect(recordStates(stage, deployment).at(-1)).toBe('pending')
    const ended = await decides(stage, tag, { pause: `${deployment}.1`, decision: 'abandon' })
    expect(ended.main).toMatchObject({ code: 0, outputs: { outcome: 'abandoned' } })
  }
  stage.asksAtMost(185)
})

test('a decision in a fresh checkout builds again before it changes an instance F17', async () => {
  const built = { build: 'mkdir -p build && cp -r app build/app && bin/build' }
  const install = 'test -d build/app && bin/install'
  const web = { ...testedByScript, fleet: { stop: 'bin/stop', install, start: 'bin/start' } }
  const stage = await aStory({
    ...three,
    config: { ...three.config, web, steps: { ...lean.steps, ...built } },
  })
  await serving(stage, 'v1.0.0', { files: selfTestByScript, steps: { ...noBuild, ...built } })
  await releaseWithTrouble(stage, 'v1.1.0', ['web-2'])
  expect((await deploys(stage, 'v1.1.0')).main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.1' })

  stage.shop.trouble.clear('self-test', 'web-2')
  const before = stage.shop.journal().length
  const retried = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'retry' })
  expect(retried.main.outputs.outcome).toBe('succeeded')
  expect(stage.shop.journal().slice(before)[0]).toBe('build v1.1.0 -')
  expect(
    stage.shop
      .journal()
      .slice(before)
      .filter((line) => line.startsWith('install')),
  ).toEqual(['install v1.1.0 web-2', 'install v1.1.0 web-3'])
  expect(await versions(stage)).toEqual(Array(3).fill('v1.1.0'))
})
