import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Result } from '../../src/report/result-output.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { Ended } from '../../src/sandbox/runner/runner.ts'
import type { Job, Started } from '../../src/sandbox/stage.ts'
import type { App } from './bed/app.ts'
import { type Bed, type BedOptions, type Service, startBed } from './bed/bed.ts'
import { missingParts } from './bed/parts.ts'
import { processes } from './bed/processes.ts'
import { openProject, type Project } from './bed/project.ts'

// A run for every event takes its time, above all where the machine has other work.
vi.setConfig({ testTimeout: 400_000 })

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A bed that serves v1, and a project with v2 that is rolled as told. */
async function setUp(
  service: Service,
  options: Partial<BedOptions> = {},
): Promise<{ bed: Bed; project: Project }> {
  const bed = await startBed({ hosts: 10, release: 'v1', ...options })
  closing.push(() => bed.close())
  const project = await openProject(bed.files)
  closing.push(async () => {
    await project.close()
    expect(project.github.violations).toEqual([])
  })
  await project.release('v1', bed.service(service))
  const { main } = await project.job('v1', { command: 'deploy', release: 'v1' })
  expect(main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(bed.apps.flatMap((app) => app.seen())).toEqual([])
  await project.release('v2', bed.service(service))
  return { bed, project }
}

const deployed = ['stop v2', 'install v2', 'start v2']
const resultOf = ({ main }: Job): Result => JSON.parse(main.outputs.result ?? '{}')

const missing = missingParts('sshd', 'haproxy', 'cc', 'flock') !== null

describe.skipIf(missing)('a roll of ten hosts under load', () => {
  test.each([
    ['one by one', { 'max-parallel': 1 }, 9],
    ['a quarter at a time', { 'max-parallel': '25%' }, 8],
  ] as const)(
    'WX-12 WX-13 WX-16: %s loses no request and never has fewer up than the floor',
    async (_how, rollout, floor) => {
      const { bed, project } = await setUp({ rollout: { ...rollout, 'min-available': floor } })
      const job = await underLoad(bed, floor, () => project.job('v2', { command: 'deploy', release: 'v2' }))
      expect(job.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
      expect(bed.apps.map((app) => app.seen())).toEqual(bed.apps.map(() => deployed))
      expect(await bed.balancer.up()).toHaveLength(10)
    },
  )
})

/** Two at a time, where one host is in trouble: no request may be lost to it, and what a person decides is done. */
describe.skipIf(missing)('a roll of ten hosts, of which one', () => {
  const service = { rollout: { 'max-parallel': '25%', 'min-available': 8 } }

  test('WX-19: dies while it is changed: it is named, and tried again once it is back', async () => {
    const { bed, project } = await setUp(service)
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

  test('WX-19: refuses ssh: it keeps its traffic, and is left alone when it is excluded', async () => {
    const { bed, project } = await setUp(service)
    bed.host('web-4').refuse()
    const paused = await underLoad(bed, 8, () => project.job('v2', { command: 'deploy', release: 'v2' }))
    expectPause(paused, 'host-refused', 'web-4')
    expect(await bed.balancer.up()).toHaveLength(10)

    const excluded = await underLoad(bed, 8, () => decide(project, paused, 'exclude'))
    expect(excluded.main).toMatchObject({ code: 0, outputs: { outcome: 'converged' } })
    expect(resultOf(excluded)).toMatchObject({ excluded: ['web/web-4'], failed: [] })
    expect(bed.app('web-4').seen()).toEqual([])
    expect(bed.app('web-4').release()).toBe('v1')
    expect(rest(bed, 'web-4').map((app) => app.release())).toEqual(Array(9).fill('v2'))
  })

  test('WX-22: hangs in its installation: what hangs is ended, and it is taken back with those before it', async () => {
    const { bed, project } = await setUp(service)
    const web5 = bed.app('web-5')
    web5.trouble('install-hangs')
    const paused = await underLoad(bed, 8, () => project.job('v2', { command: 'deploy', release: 'v2' }))
    expectPause(paused, 'command-timed-out', 'web-5')
    expect(await bed.balancer.up()).toEqual(without(bed, 'web-5'))
    expect(processes().filter(({ words }) => words === 'sleep 300')).toEqual([])

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

  test('WX-19 WX-20 WX-21: fails its self test: it gets no traffic, and the others are changed when that is forced', async () => {
    const { bed, project } = await setUp({ rollout: { 'max-parallel': 1, 'min-available': 8 } })
    bed.app('web-2').trouble('self-test-fails', 'v2')
    const paused = await underLoad(bed, 9, () => project.job('v2', { command: 'deploy', release: 'v2' }))
    expectPause(paused, 'self-test-failed', 'web-2')
    expect(paused.main.summary).toContain('the payment gateway does not answer')
    expect(await bed.balancer.up()).toEqual(without(bed, 'web-2'))

    const forced = await underLoad(bed, 8, () => decide(project, paused, 'force-next'))
    expect(forced.main).toMatchObject({ code: 0, outputs: { outcome: 'converged' } })
    expect(resultOf(forced)).toMatchObject({ forced: ['web/web-2'] })
    expect(rest(bed, 'web-2').map((app) => app.seen())).toEqual(Array(9).fill(deployed))
    expect(await bed.balancer.up()).toEqual(without(bed, 'web-2'))
  })

  test('WX-20: answers with another key: nothing is done there, and all stays as it is when it is abandoned', async () => {
    const { bed, project } = await setUp(service)
    await bed.host('web-6').swapKey()
    const paused = await underLoad(bed, 8, () => project.job('v2', { command: 'deploy', release: 'v2' }))
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

describe.skipIf(missing)('a roll whose runner is killed', () => {
  const service = { rollout: { 'max-parallel': 1 } }

  test('GH-10: at every event goes on each time: no host is changed twice, none is left out of traffic', async () => {
    const { bed, project } = await setUp(service)
    const last = await underLoad(bed, 9, () =>
      killedAtEach(project, (kill) => ({
        // What it tells of the journal, without how long it took.
        hear: (line) => line.startsWith('::') || kill(line.replace(/\d+(\.\d+)? (ms|s)\b/g, '')),
      })),
    )
    // The last to be killed had just said that it succeeded.
    expect(last).toMatchObject({ code: 0, outputs: { outcome: 'already-deployed' } })
    expect(bed.apps.map((app) => app.seen())).toEqual(bed.apps.map(() => deployed))
    await expectAllDone(bed, project)
  })

  test('GH-10: at every command of a host goes on each time: what was cut short is done again', async () => {
    const { bed, project } = await setUp(service, { hosts: 3 })
    const last = await underLoad(bed, 2, () =>
      killedAtEach(project, (kill) => {
        const before = new Map(bed.apps.map((app) => [app, app.seen().length]))
        return {
          look() {
            for (const [app, done] of before)
              for (const command of app.seen().slice(done)) kill(`${app.name}: ${command}`)
          },
        }
      }),
    )
    expect(last).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
    for (const app of bed.apps) {
      expect(new Set(app.seen())).toEqual(new Set(deployed))
      expect(app.seen().slice(-3)).toEqual(deployed)
    }
    await expectAllDone(bed, project)
  })
})

interface Watching {
  hear?(line: string): unknown
  /** Called every few milliseconds. */
  look?(): void
}

/** Deploys v2 and kills the run at the first moment at which none was killed yet, until one meets no such moment. */
async function killedAtEach(
  project: Project,
  watch: (kill: (moment: string) => void) => Watching,
): Promise<Ended> {
  const killedAt = new Set<string>()
  for (;;) {
    const { hear, look } = watch((moment) => {
      if (killedAt.has(moment) || started?.child.killed !== false) return
      killedAt.add(moment)
      started.child.kill('SIGKILL')
    })
    let started: Started | null = null
    started = await project.start('v2', { command: 'deploy', release: 'v2' }, hear)
    const looking = setInterval(() => look?.(), 2)
    const ended = await started.ended.finally(() => clearInterval(looking))
    if (ended.code !== null) return ended
  }
}

/** All serve v2, and nothing is left of the runs. */
async function expectAllDone(bed: Bed, project: Project): Promise<void> {
  expect(project.ledger()).toMatchObject({ serving: { release: { tag: 'v2' } }, deployment: null })
  expect(bed.apps.map((app) => app.release())).toEqual(bed.apps.map(() => 'v2'))
  expect(await bed.balancer.up()).toHaveLength(bed.apps.length)
  await eventually('no ssh is left', () => !processes().some(({ words }) => words.startsWith('ssh ')))
}

/** Has something done while requests come at a steady rate: none may fail, and enough must stay up. */
async function underLoad<Done>(bed: Bed, floor: number, work: () => Promise<Done>): Promise<Done> {
  const before = await bed.balancer.failures()
  await bed.balancer.watchFromHere()
  const load = bed.load(100)
  const done = await work().finally(() => load.stop())
  expect(load.report()).toMatchObject({ failures: 0, reasons: [] })
  expect(load.report().count).toBeGreaterThan(10)
  expect(await bed.balancer.failures()).toEqual(before)
  expect(bed.balancer.fewestUp()).toBeGreaterThanOrEqual(floor)
  return done
}

function expectPause(job: Job, code: string, instance: string): void {
  expect(job.main).toMatchObject({ code: 1, outputs: { outcome: 'waiting' } })
  expect(resultOf(job).pause).toMatchObject({ 'reason-code': code, instances: [instance] })
}

const decide = (project: Project, paused: Job, decision: string): Promise<Job> =>
  project.job('v2', {
    command: 'decide',
    pause: paused.main.outputs.pause ?? '',
    decision,
    reason: 'looked at it',
  })

async function finished(started: Started): Promise<Job> {
  const main = await started.ended
  return { main, post: await started.post(main) }
}

const rest = (bed: Bed, name: string): App[] => bed.apps.filter((app) => app.name !== name)
const without = (bed: Bed, name: string): string[] => rest(bed, name).map((app) => app.name)
