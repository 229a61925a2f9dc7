import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { StatusResult } from '../../src/report/status/result.ts'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { Job, JobOptions, Stage } from '../../src/sandbox/stage.ts'
import { ledgerOf } from './rig.ts'
import { aStory, deploys, does, lean, pidOf, type Story, serving, unguarded } from './story.ts'

/** Looks at all environments unless one is named. A look changes nothing, whatever it finds. */
const lookingAt =
  (stage: Story) =>
  async (inputs: Readonly<Record<string, string>> = {}, options: JobOptions = {}): Promise<Job> => {
    const from = stage.github.requests.length
    const before = { journal: stage.shop.journal(), refs: refsOf(stage) }
    const job = await does(stage, { command: 'status', environment: '', ...inputs }, { options })
    const asked = stage.github.requests.slice(from)
    expect(asked.filter(({ method }) => method !== 'GET')).toEqual([])
    expect({ journal: stage.shop.journal(), refs: refsOf(stage) }).toEqual(before)
    expect(job.main).toMatchObject({ code: 0, outputs: { outcome: 'looked' } })
    return job
  }

const refsOf = ({ github }: Stage): string =>
  execFileSync('git', ['--git-dir', github.gitDir, 'for-each-ref'], { encoding: 'utf8' })

const seenBy = ({ main }: Job): StatusResult => JSON.parse(main.outputs.result ?? '{}')

test('one look says of every environment what serves, how its instances are, and what it waits for WX-11 CC-27 WX-36', async () => {
  const stage = await aStory({ config: lean })
  const look = lookingAt(stage)
  const nothing = await look()
  expect(seenBy(nothing).environments).toMatchObject([
    { name: 'production', serving: null, state: 'idle', instances: [], unasked: ['nothing serves'] },
    { name: 'staging', class: 'staging', serving: null },
  ])

  await serving(stage, 'v1.0.0')
  await serving(stage, 'v1.1.0')
  // V1.0.0 and v1.1.0 were deployed.
  const well = await look()
  expect(seenBy(well).environments[0]).toMatchObject({
    serving: { tag: 'v1.1.0', deployment: 2 },
    desired: { tag: 'v1.1.0' },
    state: 'idle',
    pause: null,
    instances: [
      { name: 'web-1', version: 'v1.1.0', healthy: true, 'in-traffic': true, deviations: [] },
      { name: 'web-2', version: 'v1.1.0', healthy: true, 'in-traffic': true, deviations: [] },
    ],
    history: [
      { number: 2, release: { tag: 'v1.1.0' }, outcome: 'succeeded', by: ['dora'] },
      { number: 1, release: { tag: 'v1.0.0' } },
    ],
    'way-back': { release: { tag: 'v1.0.0' }, feasibility: 'safe' },
  })
  expect(well.main.summary).toContain('2 of 2 right')
  expect(well.main.summary).toMatch(/\*\*v1\.1\.0\*\* \(`[0-9a-f]{7}`\)/)

  process.kill(pidOf(stage, 'web-2'))
  await eventually('web-2 is gone', async () => (await stage.shop.instanceVersion('web-2')) === undefined)
  await eventually('the front door knows', () => stage.shop.frontDoor.members[1]?.in === false)
  // Web-2 is ended by hand.
  const down = await look()
  expect(seenBy(down).environments[0]?.instances[1]).toMatchObject({
    version: null,
    healthy: false,
    'in-traffic': false,
    deviations: ['unhealthy', 'out-of-traffic'],
    notes: ['version: no answer (connection refused)', 'healthy: no answer (connection refused)'],
  })
  expect(down.main.summary).toContain('**1 differs**')

  await stage.release('v1.2.0', { quirk: 'self-test-fails' })
  const stopped = await deploys(stage, 'v1.2.0')
  expect(stopped.main.outputs).toMatchObject({ outcome: 'waiting', pause: '3.1' })
  const waiting = await look({ environment: 'production' })
  expect(waiting.main.outputs).toMatchObject({ release: 'v1.1.0', pause: '3.1' })
  expect(seenBy(waiting).environments).toMatchObject([
    {
      state: 'waiting',
      deployment: { number: 3, release: { tag: 'v1.2.0' }, holder: null },
      pause: { id: '3.1', options: expect.arrayContaining(['retry', 'roll-back']), expires: null },
    },
  ])
  // Each look asks once more for the answers of a doctor.
  stage.asksAtMost(78)
})

test('a look tells a live holder from one that is gone, and a suspended scheduler with its lease GH-09', async () => {
  const steps = { build: null, 'pre-deploy': null, 'post-deploy': null }
  const scheduler = { 'drain-timeout': '1s', lease: '2s' }
  const stage = await aStory({ instances: 1, config: { production: unguarded, steps, scheduler } })
  const look = lookingAt(stage)
  await serving(stage, 'v1.0.0', { steps: { ...steps, scheduler: null } })
  await stage.release('v1.1.0', { migrations: 2 })
  stage.shop.trouble.hold('migrate')
  const run = stage.run('dora')
  const started = await stage.quietly(() => run.start({ command: 'deploy', release: 'v1.1.0' }))
  await eventually('it migrates', () => stage.shop.trouble.held().some(({ pid }) => isRunning(pid)))
  const { scheduler: suspension } = await ledgerOf(stage)
  await eventually('the lease is over', () => Date.now() > Date.parse(suspension?.until ?? ''))
  // Dora deploys v1.1.0, which migrates the database for longer than the lease lasts.
  const live = await look()
  expect(seenBy(live).environments[0]).toMatchObject({
    state: 'running',
    deployment: { holder: { live: true } },
    pause: null,
    scheduler: { state: 'suspended', deployment: 2, 'lease-over': true },
  })

  started.child.kill('SIGKILL')
  await started.ended
  const held = stage.shop.trouble.held()
  stage.shop.trouble.clear('migrate')
  await eventually('the migration ends', () => !held.some(({ pid }) => isRunning(pid)))
  run.end('failure')
  // The machine of the holder is gone.
  const gone = await look({ environment: 'production', observe: 'false' })
  expect(gone.main.outputs).toMatchObject({ release: 'v1.0.0', pause: '2.1' })
  expect(seenBy(gone).environments).toMatchObject([
    {
      state: 'interrupted',
      deployment: { holder: { live: false } },
      pause: { id: '2.1', step: 'migrate', 'reason-code': 'outcome-unknown' },
      scheduler: { 'lease-over': true },
      instances: [],
      unasked: ['observe is false'],
    },
  ])
  stage.asksAtMost(25)
})

test('an unreadable environment is shown in its place, and hides nothing else', async () => {
  const version = { run: 'cat release-there', timeout: '2s' }
  const stage = await aStory({ config: { ...lean, web: { version } } })
  const look = lookingAt(stage)
  await serving(stage, 'v1.0.0', { files: { 'release-there': 'v1.0.0\n' } })
  await stage.policy({})
  const tree = stage.github.gitDir
  const head = execFileSync('git', ['--git-dir', tree, 'rev-parse', 'refs/heads/main'], { encoding: 'utf8' })
  execFileSync('git', ['--git-dir', tree, 'update-ref', 'refs/rollgate/shop/staging', head.trim()])
  // The ledger of staging is overwritten by hand, and no release is checked out.
  const job = await look()
  expect(seenBy(job).environments).toMatchObject([
    {
      name: 'production',
      instances: [
        { version: null, healthy: true, notes: ['version: needs a checkout of v1.0.0'] },
        { version: null, healthy: true },
      ],
    },
    { name: 'staging', unread: expect.stringContaining('is not the ledger of staging'), serving: null },
  ])
  // The release is checked out.
  const checkedOut = await look({ environment: 'production' }, { sha: 'refs/tags/v1.0.0' })
  expect(seenBy(checkedOut).environments[0]?.instances[0]?.version).toBe('v1.0.0')

  const unknown = await does(stage, { command: 'status', environment: 'prodution' })
  expect(unknown.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'environment-unknown' } })
  stage.asksAtMost(25)
})
