import { describe, expect, test } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { Job, StartedJob } from '../../src/sandbox/stage.ts'
import type { App } from './bed/app.ts'
import type { Bed } from './bed/bed.ts'
import { processes } from './bed/processes.ts'
import { aRoll, decide, deploy, deployed, missing, resultOf, underLoad } from './bed/rolling.ts'

/** Rolls two at a time with one host in trouble: no request may be lost, and a person's decision is executed. */
describe.skipIf(missing)('a roll of ten hosts, of which one', () => {
  const service = { rollout: { 'max-parallel': '25%', 'min-available': 8 } }

  test('dies while it is changed: it is named, and tried again once it is back WX-19', async () => {
    const { bed, project } = await aRoll(service)
    const web3 = bed.app('web-3')
    const paused = await underLoad(bed, 8, async () => {
      web3.trouble('install-hangs')
      const started = await project.start('v2', { command: 'deploy', release: 'v2' })
      await eventually('web-3 is changed', () => web3.seen().includes('install v2'))
      await bed.host('web-3').kill()
      return finished(started)
    })
    expectPause(paused, 'host-unreachable', 'web-3')
    expect(await bed.balancer.up()).toEqual(without(bed, 'web-3'))

    web3.calm('install-hangs')
    await bed.host('web-3').start()
    const again = await underLoad(bed, 8, () => decide(project, paused, 'retry'))
    expect(again.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    expect(web3.seen()).toEqual(['stop v2', 'install v2', ...deployed])
    expect(rest(bed, 'web-3').map((app) => app.seen())).toEqual(Array(9).fill(deployed))
    expect(await bed.balancer.up()).toHaveLength(10)
  })

  test('refuses ssh: it keeps its traffic, and is left alone when it is excluded WX-19', async () => {
    const { bed, project } = await aRoll(service)
    bed.host('web-4').refuse()
    const paused = await underLoad(bed, 8, () => deploy(project))
    expectPause(paused, 'host-refused', 'web-4')
    expect(await bed.balancer.up()).toHaveLength(10)

    const excluded = await underLoad(bed, 8, () => decide(project, paused, 'exclude'))
    expect(excluded.main).toMatchObject({ code: 0, outputs: { outcome: 'converged' } })
    expect(resultOf(excluded)).toMatchObject({ excluded: ['web/web-4'], failed: [] })
    expect(bed.app('web-4').seen()).toEqual([])
    expect(bed.app('web-4').release()).toBe('v1')
    expect(rest(bed, 'web-4').map((app) => app.release())).toEqual(Array(9).fill('v2'))
  })

  test('is let in again by a reload of HAProxy in a pause: the watch takes it out again F04', async () => {
    const { bed, project } = await aRoll({ rollout: { 'max-parallel': 1 } }, { hosts: 2 })
    bed.app('web-1').trouble('self-test-fails', 'v2')
    const paused = await deploy(project)
    expectPause(paused, 'self-test-failed', 'web-1')
    expect(await bed.balancer.up()).toEqual(['web-2'])

    await bed.balancer.reload()
    expect(await bed.balancer.up()).toEqual(['web-1', 'web-2'])
    await project.job('v2', { command: 'watch' })
    expect(await bed.balancer.up()).toEqual(['web-2'])

    bed.app('web-1').calm('self-test-fails')
    const again = await decide(project, paused, 'retry')
    expect(again.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    expect(bed.app('web-1').seen()).toEqual([...deployed, ...deployed])
    expect(await bed.balancer.up()).toEqual(['web-1', 'web-2'])
  })

  test('hangs in its installation: what hangs is ended, and it is taken back with those before it WX-22', async () => {
    const { bed, project } = await aRoll(service)
    const web5 = bed.app('web-5')
    web5.trouble('install-hangs')
    const paused = await underLoad(bed, 8, () => deploy(project))
    // A host too slow to say within seconds that it has ended it leaves that unknown.
    expectPause(paused, /^(command-timed-out|outcome-unknown)$/, 'web-5')
    expect(await bed.balancer.up()).toEqual(without(bed, 'web-5'))
    // Such a host is left alone; its command ends by itself when the connection is lost.
    await eventually('what hung has ended', () => processes().every(({ words }) => words !== 'sleep 299.9'))

    web5.calm('install-hangs')
    const back = await underLoad(bed, 7, () => decide(project, paused, 'roll-back'))
    expect(back.main).toMatchObject({ code: 0, outputs: { outcome: 'rolled-back' } })
    expect(bed.apps.map((app) => app.release())).toEqual(Array(10).fill('v1'))
    const undone = ['stop v1', 'install v1', 'start v1']
    for (const name of ['web-1', 'web-2', 'web-3', 'web-4', 'web-6'])
      expect(bed.app(name).seen()).toEqual([...deployed, ...undone])
    for (const name of ['web-7', 'web-8', 'web-9', 'web-10']) expect(bed.app(name).seen()).toEqual([])
    expect(await bed.balancer.up()).toHaveLength(10)
  })

  test('fails its self test: it gets no traffic, and the others are changed when that is forced WX-19 WX-20 WX-21', async () => {
    const { bed, project } = await aRoll({ rollout: { 'max-parallel': 1, 'min-available': 8 } })
    bed.app('web-2').trouble('self-test-fails', 'v2')
    const paused = await underLoad(bed, 9, () => deploy(project))
    expectPause(paused, 'self-test-failed', 'web-2')
    expect(paused.main.summary).toContain('the payment gateway does not answer')
    expect(await bed.balancer.up()).toEqual(without(bed, 'web-2'))

    const forced = await underLoad(bed, 8, () => decide(project, paused, 'force-next'))
    expect(forced.main).toMatchObject({ code: 0, outputs: { outcome: 'converged' } })
    expect(resultOf(forced)).toMatchObject({ forced: ['web/web-2'] })
    expect(rest(bed, 'web-2').map((app) => app.seen())).toEqual(Array(9).fill(deployed))
    expect(await bed.balancer.up()).toEqual(without(bed, 'web-2'))
  })

  test('answers with another key: nothing is done there, and all stays as it is when it is abandoned WX-20', async () => {
    const { bed, project } = await aRoll(service)
    await bed.host('web-6').swapKey()
    const paused = await underLoad(bed, 8, () => deploy(project))
    expectPause(paused, 'host-key-changed', 'web-6')
    expect(await bed.balancer.up()).toHaveLength(10)

    const before = bed.apps.map((app) => app.seen())
    const abandoned = await underLoad(bed, 10, () => decide(project, paused, 'abandon'))
    expect(abandoned.main).toMatchObject({ code: 0, outputs: { outcome: 'abandoned' } })
    expect(bed.apps.map((app) => app.seen())).toEqual(before)
    expect(bed.app('web-6').seen()).toEqual([])
    expect(project.ledger()).toMatchObject({ serving: { release: { tag: 'v1' } }, deployment: null })
  })
})

function expectPause(job: Job, code: string | RegExp, instance: string): void {
  expect(job.main).toMatchObject({ code: 1, outputs: { outcome: 'waiting' } })
  expect(resultOf(job).pause).toMatchObject({
    'reason-code': typeof code === 'string' ? code : expect.stringMatching(code),
    instances: [instance],
  })
}

async function finished(started: StartedJob): Promise<Job> {
  const main = await started.ended
  return { main, post: await started.post(main) }
}

const rest = (bed: Bed, name: string): App[] => bed.apps.filter((app) => app.name !== name)
const without = (bed: Bed, name: string): string[] => rest(bed, name).map((app) => app.name)
