import { beforeAll, describe, expect, test } from 'vitest'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import type { Job, JobRun, Stage, StartedJob } from '../../src/sandbox/stage.ts'
import { ledgerOf, sharedStage } from './rig.ts'
import { aStory, decides, recordSays, recordStates, resultOf, serving, unguarded, versions } from './story.ts'

/** The ways to stop a run: as GitHub cancels it, in time or too late, or as on a machine that is gone. */
type Signal = 'SIGINT' | 'SIGINT, then SIGTERM' | 'SIGKILL'

/** The state after a stopped run whose script could finish, or was cut short. */
interface Left {
  /**
   * `closed`: nothing had changed. `open`: another run resumes. `told`: the release serves, and the outcome
   * of its hook is unknown.
   */
  readonly deployment: 'closed' | 'open' | 'ended' | 'told'
  readonly suspended?: boolean
  /** True if the next run asks before it repeats the step. */
  readonly asks?: boolean
}

/** A place where a run can be stopped: while a script of the shop is at work. */
interface Moment {
  readonly step: string
  readonly script: string
  readonly finished: Left
  readonly cut: Left
}

const moments: readonly Moment[] = [
  { step: 'build', script: 'build', finished: { deployment: 'closed' }, cut: { deployment: 'closed' } },
  {
    step: 'pre-deploy',
    script: 'pre-deploy',
    finished: { deployment: 'open' },
    cut: { deployment: 'open', asks: true },
  },
  {
    step: 'suspend-scheduler',
    script: 'scheduler-suspend',
    finished: { deployment: 'open' },
    cut: { deployment: 'open' },
  },
  {
    step: 'deploy-scheduler',
    script: 'scheduler-deploy',
    finished: { deployment: 'open' },
    cut: { deployment: 'open' },
  },
  {
    step: 'migrate',
    script: 'migrate',
    finished: { deployment: 'open', suspended: true },
    cut: { deployment: 'open', suspended: true, asks: true },
  },
  {
    step: 'the installation of an instance',
    script: 'install',
    finished: { deployment: 'open' },
    cut: { deployment: 'open' },
  },
  {
    step: 'the self test of an instance',
    script: 'self-test',
    finished: { deployment: 'open' },
    cut: { deployment: 'open' },
  },
  {
    step: 'post-deploy',
    script: 'post-deploy',
    finished: { deployment: 'ended' },
    cut: { deployment: 'told' },
  },
]

/** A self test that can be held, as a script of the shop. It asks every 20 ms until a server answers: no event tells when. */
const ask = `const ask = () => fetch("http://127.0.0.1:" + process.env.PORT + "/self-test").then(
  ({ ok }) => process.exit(ok ? 0 : 1), () => setTimeout(ask, 20)); ask()`
const files = {
  'bin/self-test': `#!/bin/sh\n. "\${0%/*}/../operations/begin.sh"\nexec node -e '${ask}'\n`,
}
const withoutGate: ConfigVariation = { production: unguarded }
const config = { web: { 'self-test': { run: 'bin/self-test' } } }

/** One deployment, stopped at one moment after another: each run resumes where the last one was stopped. */
describe.each<{
  signal: Signal
  answer: 'retry' | 'force-next'
  /** The number of runs of each script for the release and an instance at the end. */
  runs: Readonly<Record<string, number>>
}>([
  {
    signal: 'SIGINT',
    answer: 'retry',
    runs: { 'pre-deploy -': 1, 'migrate -': 1, 'install web-1': 1, 'install web-2': 1, 'post-deploy -': 1 },
  },
  {
    signal: 'SIGINT, then SIGTERM',
    answer: 'retry',
    runs: { 'pre-deploy -': 2, 'migrate -': 2, 'install web-1': 3, 'install web-2': 1, 'post-deploy -': 1 },
  },
  {
    signal: 'SIGKILL',
    answer: 'force-next',
    runs: { 'pre-deploy -': 1, 'migrate -': 1, 'install web-1': 3, 'install web-2': 1, 'post-deploy -': 1 },
  },
])('a run that gets $signal', ({ signal, answer, runs }) => {
  const shared = sharedStage({ config: withoutGate })
  let run: JobRun
  let left: Left = { deployment: 'closed' }

  beforeAll(async () => {
    const stage = shared()
    await stage.release('v1')
    await stage.release('v2', { files, config })
    run = stage.run('dora')
    const { main } = await run.job({ command: 'deploy', release: 'v1' })
    run.end()
    expect(main.outputs.outcome).toBe('succeeded')
  })

  /** Starts the next run: another attempt of the last one, or the answer to its question. */
  async function next(): Promise<StartedJob> {
    const stage = shared()
    run = signal === 'SIGKILL' ? stage.run('dora') : stage.run('dora', { of: run })
    if (left.asks !== true) return run.start({ command: 'deploy', release: 'v2' })
    const { pause } = resultOf(await run.job({ command: 'deploy', release: 'v2' }))
    run.end('failure')
    expect(pause).toMatchObject({ 'reason-code': 'outcome-unknown' })
    run = stage.run('rhea')
    const inputs = { command: 'decide', pause: pause?.id ?? '', decision: answer, reason: 'looked at it' }
    return run.start(inputs, { sha: 'refs/tags/v2' })
  }

  test.each(moments)(
    'in $step leaves what is true on the record, in the ledger and in the shop GH-09 CC-26',
    async (moment) => {
      const stage = shared()
      const { script } = moment
      stage.shop.trouble.hold(script)
      const stopped = await stop(stage, script, await next(), signal)
      run.end('cancelled')
      expect(atWork(stage, script)).toEqual([])
      left = signal === 'SIGINT' ? moment.finished : moment.cut
      await expectLeft(stage, stopped, left)
    },
  )

  test('the last run ends the deployment, and nothing was repeated unasked GH-10 SP-40', async () => {
    const stage = shared()
    const started = await next()
    const main = await started.ended
    await started.post(main)
    expect(['ended', 'told']).toContain(left.deployment)
    expect(main.outputs.outcome).toBe('already-deployed')
    const ledger = await ledgerOf(stage)
    expect(ledger).toMatchObject({ serving: { release: { tag: 'v2' } }, deployment: null, scheduler: null })
    expect(await versions(stage)).toEqual(['v2', 'v2'])
    expect(stage.shop.schedulerState()).toMatchObject({ suspended: false, release: 'v2' })
    expect(stage.github.deployments.map(({ statuses }) => statuses.at(-1)?.state)).toEqual([
      'inactive',
      'success',
    ])
    const journal = stage.shop.journal()
    const ran = Object.keys(runs).map((key) => {
      const [name, instance] = key.split(' ')
      return [key, journal.filter((line) => line === `${name} v2 ${instance}`).length]
    })
    expect(Object.fromEntries(ran)).toEqual(runs)
  })
})

test('a run that is cancelled while it waits for running jobs ends none of them, and resumes the scheduler CC-26 SP-14', async () => {
  const scheduler = { 'on-timeout': 'kill', 'drain-timeout': '1m' }
  const stage = await aStory({
    jobs: { every: 20, last: 600_000 },
    config: { ...withoutGate, scheduler, steps: { build: null, 'pre-deploy': null, migrate: null } },
  })
  await eventually('jobs run', () => stage.shop.schedulerState().running.length > 0)
  await stage.release('v1')
  const run = stage.run('dora')
  const started = await run.start({ command: 'deploy', release: 'v1' })
  await eventually('it waits', () => started.log.some((line) => line.startsWith('waiting for')))
  const { running } = stage.shop.schedulerState()
  await cancel(started)
  const main = await started.ended
  expect(main).toMatchObject({ code: 1, outputs: { outcome: 'interrupted' } })
  expect(stage.shop.schedulerState()).toMatchObject({ suspended: true, running })
  expect((await started.post(main)).log).toContain('cancelled: the run was cancelled')
  expect(stage.shop.schedulerState()).toMatchObject({ suspended: false })
  expect(stage.shop.schedulerState().history.filter(({ what }) => what === 'killed')).toEqual([])
  expect(await ledgerOf(stage)).toMatchObject({ deployment: null, scheduler: null })
  expect(recordStates(stage, 1)).toEqual(['in_progress', 'error', 'error'])
  expect(recordSays(stage, 1)).toBe('cancelled: the run was cancelled')
})

test('killed in the migration: what is left is told at every turn until a person has answered GH-09 GH-10 SP-25', async () => {
  const stage = await aStory({ config: withoutGate })
  await serving(stage, 'v1')
  await stage.release('v2', { migrations: 2 })
  stage.shop.trouble.hold('migrate')
  const run = stage.run('dora')
  await stop(stage, 'migrate', await run.start({ command: 'deploy', release: 'v2' }), 'SIGKILL')
  run.end('cancelled')
  stage.aside('main is killed in the migration')
  const asking = await stage.run('dora', { of: run }).job({ command: 'deploy', release: 'v2' })
  const { pause } = resultOf(asking)
  const retry = { pause: pause?.id ?? '', decision: 'retry', reason: 'the table is as it was' }
  expect((await decides(stage, 'v2', retry)).main.outputs.outcome).toBe('succeeded')
  expect(stage.shop.migrationRuns()).toMatchObject([
    { release: 'v1', outcome: 'succeeded' },
    { release: 'v2', outcome: 'succeeded', applied: 1 },
  ])
  expect(recordStates(stage, 2)).toEqual([
    'in_progress',
    'error',
    'in_progress',
    'pending',
    'in_progress',
    'success',
  ])
  expect(await versions(stage)).toEqual(['v2', 'v2'])
  await stage.tells('killed-in-the-migration')
})

/** Stops a run when the script is at work, and closes up as the runner does. */
async function stop(stage: Stage, script: string, started: StartedJob, signal: Signal): Promise<Job> {
  const { child } = started
  const working = await seenAtWork(stage, script, started)
  if (signal === 'SIGKILL') child.kill('SIGKILL')
  else await cancel(started)
  if (signal === 'SIGINT, then SIGTERM') child.kill('SIGTERM')
  if (signal === 'SIGINT') stage.shop.trouble.clear(script)
  const main = await started.ended
  expect(atWork(stage, script)).toHaveLength(signal === 'SIGKILL' ? 1 : 0)
  const closing = started.post(main)
  // The work of a killed main ends although it is still held. Only then the way back may use the same script.
  await eventually(`${script} is ended`, () => !working.some(isRunning))
  stage.shop.trouble.clear(script)
  return { main, post: await closing }
}

async function seenAtWork(stage: Stage, script: string, { child }: StartedJob): Promise<number[]> {
  await eventually(`${script} works`, () => atWork(stage, script).length > 0 || child.exitCode !== null)
  expect(child.exitCode).toBeNull()
  return atWork(stage, script)
}

async function cancel({ child, log }: StartedJob): Promise<void> {
  child.kill('SIGINT')
  await eventually('main has heard it', () => log.includes('Cancelled: starting nothing new.'))
}

/** The pids of the script's processes that are held. */
const atWork = ({ shop }: Stage, script: string): number[] =>
  shop.trouble
    .held()
    .filter((held) => held.script === script && isRunning(held.pid))
    .map(({ pid }) => pid)

async function expectLeft(stage: Stage, { main, post }: Job, left: Left): Promise<void> {
  const { deployment, suspended = false } = left
  const ledger = await ledgerOf(stage)
  expect(post.code).toBe(0)
  expect(stage.shop.schedulerState().suspended).toBe(suspended)
  expect(ledger.scheduler !== null).toBe(suspended)
  expect((await fetch(stage.shop.frontDoor.url)).status).toBe(200)
  switch (deployment) {
    case 'ended':
      expect(main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
      return
    case 'told':
      expect(ledger.deployment).toBeNull()
      expect(ledger.history[0]?.outcome).toMatchObject({
        kind: 'succeeded',
        afterwards: { code: 'outcome-unknown' },
      })
      expect(recordStates(stage, 2).at(-1)).toBe('success')
      return
    case 'closed':
      expect(ledger.deployment).toBeNull()
      expect(ledger.history[0]).toMatchObject({ record: null, outcome: { kind: 'cancelled', stays: [] } })
      return
    case 'open':
      expect(ledger.deployment).toMatchObject({ holder: null, record: 2, plan: { release: { tag: 'v2' } } })
      expect(recordStates(stage, 2).at(-1)).toBe('error')
      expect(recordSays(stage, 2)).toBe(
        `interrupted${suspended ? ', the scheduler is suspended' : ''}: deploy v2 is not finished`,
      )
      expect(recordStates(stage, 1).at(-1)).toBe('success')
  }
}
