import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import { ledgerOf } from './rig.ts'
import {
  aStory,
  changed,
  decides,
  deploys,
  does,
  inTraffic,
  recordSays,
  recordStates,
  resultOf,
  type Story,
  serving,
  unguarded,
  versions,
} from './story.ts'

const withoutHooks = { build: null, 'pre-deploy': null, 'post-deploy': null }

test('a migration fails: the scheduler stays suspended, every report says so, and a person decides SP-25 SP-34 GH-04', async () => {
  const stage = await aStory({ instances: 1, config: { production: unguarded, steps: withoutHooks } })
  const { shop } = stage
  await serving(stage, 'v1.0.0', { steps: withoutHooks })
  await stage.release('v1.1.0', { quirk: 'migration-fails' })
  const failed = await deploys(stage, 'v1.1.0')
  expect(failed.main).toMatchObject({ code: 1, outputs: { outcome: 'waiting', pause: '2.1' } })
  expect(resultOf(failed)).toMatchObject({
    pause: { step: 'migrate', options: ['retry', 'force-next', 'roll-back', 'abandon'] },
    scheduler: { state: 'suspended' },
  })
  expect(failed.main.summary).toMatch(/scheduler.*suspended/i)
  expect(failed.main.log.join()).toContain('::warning title=The scheduler is still suspended::')
  expect(recordSays(stage, 2)).toBe('waiting, the scheduler is suspended: migrate exited with 1.')
  expect(shop.schedulerState()).toMatchObject({ suspended: true, release: 'v1.1.0' })
  expect(await ledgerOf(stage)).toMatchObject({
    serving: { release: { tag: 'v1.0.0' } },
    scheduler: { deployment: 2 },
  })
  expect(await versions(stage)).toEqual(['v1.0.0'])
  expect(recordStates(stage, 2).at(-1)).toBe('pending')

  const vain = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'retry' })
  expect(vain.main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.2' })
  const back = await decides(stage, 'v1.1.0', { pause: '2.2', decision: 'roll-back' })
  expect(back.main).toMatchObject({ code: 0, outputs: { outcome: 'rolled-back' } })
  expect(shop.migrationRuns().map(({ outcome }) => outcome)).toEqual(['succeeded', 'failed', 'failed'])
  expect(shop.schedulerState()).toMatchObject({ suspended: false, release: 'v1.0.0' })
  expect(await ledgerOf(stage)).toMatchObject({ scheduler: null, deployment: null })
  expect(recordStates(stage, 1).at(-1)).toBe('success')
  stage.asksAtMost(80)
})

test('after a failed migration is abandoned the scheduler stays suspended until the next deployment resumes it SP-24 SP-25', async () => {
  const stage = await aStory({ instances: 1, config: { production: unguarded, steps: withoutHooks } })
  const { shop } = stage
  await serving(stage, 'v1.0.0', { steps: withoutHooks })
  shop.trouble.fail('migrate', 'the database is locked')
  await stage.release('v1.1.0', { migrations: 2 })
  await deploys(stage, 'v1.1.0')
  const abandoned = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'abandon' })
  expect(abandoned.main).toMatchObject({ code: 0, outputs: { outcome: 'abandoned' } })
  expect(abandoned.main.summary).toMatch(/scheduler.*suspended/i)
  expect(abandoned.main.log.join()).toContain('::warning title=The scheduler is still suspended::')
  expect(recordSays(stage, 2)).toBe('abandoned by rhea, the scheduler is suspended')
  expect(shop.schedulerState().suspended).toBe(true)
  expect(await ledgerOf(stage)).toMatchObject({ scheduler: { deployment: 2 }, deployment: null })

  await stage.release('v1.2.0', { config: { scheduler: { 'resume-after': 'services' } } })
  const next = await deploys(stage, 'v1.2.0')
  expect(next.main.outputs).toMatchObject({ outcome: 'waiting', pause: '3.1' })
  const before = shop.journal().length
  stage.aside('somebody sees to the database by hand')
  const forced = await decides(stage, 'v1.2.0', { pause: '3.1', decision: 'force-next' })
  expect(forced.main.outputs.outcome).toBe('converged')
  expect(shop.journal().slice(before)).toEqual([...changed('v1.2.0', 'web-1'), 'scheduler-resume v1.2.0 -'])
  expect(shop.schedulerState()).toMatchObject({ suspended: false, release: 'v1.2.0' })
  expect(await ledgerOf(stage)).toMatchObject({
    serving: { release: { tag: 'v1.2.0' } },
    scheduler: null,
  })
  stage.asksAtMost(105)
})

test('jobs outlast the drain: it fails and resumes, or ends them, or goes on, as the config says SP-12 SP-13 SP-14', async () => {
  const scheduler = { 'drain-timeout': '400ms', deploy: undefined }
  const stage = await aStory({
    instances: 1,
    jobs: { every: 40, last: 600_000 },
    config: { production: unguarded, steps: withoutHooks, scheduler },
  })
  const { shop } = stage
  const bothRun = () =>
    eventually(
      'both jobs run',
      () => shop.schedulerState().running.length === 2 && !shop.schedulerState().suspended,
    )
  await serving(stage, 'v1.0.0')
  await bothRun()
  await stage.release('v1.1.0', { migrations: 2 })
  const failed = await deploys(stage, 'v1.1.0')
  expect(failed.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'failed', 'reason-code': 'drain-timed-out' },
  })
  expect(failed.main.log.join()).toContain('export-orders-1, refresh-search-2 still ran')
  expect(shop.journal().slice(-2)).toEqual(['scheduler-suspend v1.1.0 -', 'scheduler-resume v1.0.0 -'])
  expect(shop.schedulerState().suspended).toBe(false)
  expect(shop.migrationRuns()).toHaveLength(1)
  expect(await ledgerOf(stage)).toMatchObject({ scheduler: null, deployment: null })
  expect(recordStates(stage, 2).at(-1)).toBe('failure')

  await stage.release('v1.2.0', {
    migrations: 2,
    config: { scheduler: { ...scheduler, 'on-timeout': 'proceed' } },
  })
  const proceeded = await deploys(stage, 'v1.2.0')
  expect(proceeded.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(proceeded.main.log.join()).toContain('Going on, as on-timeout: proceed says.')
  expect(shop.migrationRuns().at(-1)).toMatchObject({ applied: 1, jobs: 'export-orders-1 refresh-search-2' })

  await stage.release('v1.3.0', {
    migrations: 2,
    config: { scheduler: { ...scheduler, 'on-timeout': 'kill' } },
  })
  const killed = await deploys(stage, 'v1.3.0')
  expect(killed.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(shop.migrationRuns().at(-1)).toMatchObject({ jobs: '' })
  const history = shop.schedulerState().history.map(({ what, job }) => `${what} ${job}`)
  expect(history).toContain('killed export-orders-1')
  expect(history).toContain('killed refresh-search-2')
  stage.asksAtMost(105)
})

test('the commands choose by their own words which scheduler, jobs and stores stop, and the rest works on SP-16', async () => {
  const stage = await aStory({ instances: 1, config: { production: unguarded, steps: withoutHooks } })
  const jobs = mkdtempSync(join(stage.folder, 'jobs-'))
  for (const job of ['cron.DE.export', 'cron.DE.mails', 'cron.AT.export', 'queue.DE.export'])
    writeFileSync(join(jobs, job), 'active')
  const state = () => readdirSync(jobs).map((job) => `${job} ${readFileSync(join(jobs, job), 'utf8')}`)
  const chosen = 'cron.DE.export'
  const scheduler = {
    suspend: `printf suspended >"$JOBS/${chosen}"`,
    running: `grep -l ^running "$JOBS/${chosen}" || true`,
    deploy: `printf 'suspended, set up' >"$JOBS/${chosen}"`,
    resume: `printf active >"$JOBS/${chosen}"`,
  }
  const seen = `cat "$JOBS"/* >"$JOBS.seen"`
  const steps = { ...withoutHooks, migrate: { run: seen, phase: 'expand' } }
  await serving(stage, 'v1.0.0', { steps: withoutHooks })
  await stage.release('v1.1.0', {
    config: { production: { ...unguarded, env: { JOBS: jobs } }, steps, scheduler },
  })
  const deployed = await deploys(stage, 'v1.1.0')
  expect(deployed.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(readFileSync(`${jobs}.seen`, 'utf8')).toBe('activesuspended, set upactiveactive')
  expect(state()).toEqual([
    'cron.AT.export active',
    'cron.DE.export active',
    'cron.DE.mails active',
    'queue.DE.export active',
  ])
})

test('hooks: the serving release has its own before, and the new one afterwards does no harm SP-06 SP-10 SP-17 SP-34 SP-37', async () => {
  const steps = { scheduler: null, migrate: null }
  const stage = await aStory({ instances: 1, config: { production: unguarded, steps } })
  const { shop, github } = stage
  await serving(stage, 'v1.0.0', { steps: { scheduler: null } })
  const later = { ...steps, 'pre-deploy': 'echo the hook of v1.1.0' }
  await stage.release('v1.1.0', { config: { steps: later } })
  shop.trouble.fail('build', 'no space left on device')
  const unbuilt = await deploys(stage, 'v1.1.0')
  expect(unbuilt.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'failed', 'reason-code': 'command-failed', 'deployment-id': '' },
  })
  expect(await versions(stage)).toEqual(['v1.0.0'])
  expect(github.deployments).toHaveLength(1)
  expect(await ledgerOf(stage)).toMatchObject({
    serving: { release: { tag: 'v1.0.0' } },
    deployment: null,
    history: [{ outcome: { kind: 'failed', stays: [] } }, {}],
  })

  shop.trouble.clear('build')
  shop.trouble.fail('pre-deploy', 'the queue is not empty')
  shop.trouble.fail('post-deploy', 'nobody to announce it to')
  stage.aside('there is space again; now both hooks will fail')
  const before = shop.journal().length
  const stopped = await deploys(stage, 'v1.1.0')
  expect(stopped.main.outputs).toMatchObject({ outcome: 'waiting', pause: '3.1' })
  expect(stopped.main.log).toContain('  │ $ bin/pre-deploy')
  expect(stopped.main.log).toContain('  │ the queue is not empty')
  expect(shop.journal().slice(before)).toEqual(['build v1.1.0 -', 'pre-deploy v1.1.0 -'])
  const forced = await decides(stage, 'v1.1.0', { pause: '3.1', decision: 'force-next' })
  expect(forced.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded-post-deploy-failed' } })
  expect(forced.main.log.join()).toContain('::warning title=The release serves%2C but a hook after it failed')
  expect(recordStates(stage, 2).at(-1)).toBe('success')
  expect(recordSays(stage, 2)).toBe('succeeded, but afterwards: post-deploy exited with 1.')
  expect(recordStates(stage, 1).at(-1)).toBe('inactive')
  expect(await versions(stage)).toEqual(['v1.1.0'])
  expect(inTraffic(stage)).toEqual(['web-1'])

  shop.trouble.clear('post-deploy')
  stage.aside('both hooks are repaired')
  const plan = await planned(stage, 'v1.2.0')
  expect(plan.main.summary).toContain('takes effect from the next deployment')
  const next = await deploys(stage, 'v1.2.0')
  expect(next.main.log.join('\n')).toContain('│ the hook of v1.1.0')
  expect(next.main.outputs.outcome).toBe('succeeded')
  stage.asksAtMost(125)
})

async function planned(stage: Story, release: string) {
  await stage.release(release)
  return stage.run('dora').job({ command: 'plan', release })
}

test('a hook runs in the files of the release that defines it, forward and back SP-10 F07', async () => {
  const script = (says: string, code: number) =>
    ['#!/bin/sh', `echo "${says}"`, `exit ${code}`, ''].join('\n')
  const without = { ...withoutHooks, scheduler: null, migrate: null }
  const stage = await aStory({ instances: 1, config: { production: unguarded, steps: without } })
  const hook = { ...withoutHooks, scheduler: null, 'pre-deploy': 'bin/before' }
  await serving(stage, 'v1.0.0', { steps: hook, files: { 'bin/before': script('as v1.0.0 has it', 0) } })

  const second = { ...without, 'pre-deploy': 'bin/leaving' }
  const files = { 'bin/before': script('as v1.1.0 has it', 9), 'bin/leaving': script('v1.1.0 leaves', 0) }
  await stage.release('v1.1.0', { config: { steps: second }, files })
  const forward = await deploys(stage, 'v1.1.0')
  expect(forward.main.log).toContain('  │ as v1.0.0 has it')
  expect(forward.main.outputs.outcome).toBe('succeeded')

  const back = await does(
    stage,
    { command: 'rollback', release: 'v1.0.0' },
    { options: { sha: 'refs/tags/v1.0.0' } },
  )
  expect(back.main.log).toContain('  │ v1.1.0 leaves')
  expect(back.main.outputs.outcome).toBe('succeeded')
  expect(await versions(stage)).toEqual(['v1.0.0'])
  stage.asksAtMost(65)
})
