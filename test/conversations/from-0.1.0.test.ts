import { expect, test } from 'vitest'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { Job, JobOptions } from '../../src/sandbox/stage.ts'
import { at, dispatches } from './dispatcher.ts'
import { heldAt, lose } from './lost.ts'
import { planOf010, plant } from './planted.ts'
import { ledgerOf } from './rig.ts'
import {
  aStory,
  changed,
  decides,
  deploys,
  does,
  lean,
  recordStates,
  resultOf,
  type Story,
  selfTestByScript,
  serving,
  unguarded,
  versions,
} from './story.ts'

const web = { 'self-test': { run: 'bin/self-test', timeout: '10s' } }
const plan = (release: string) => ({ command: 'plan', mode: 'deploy', release })

async function expectServing(stage: Story, release: string, record: number): Promise<void> {
  expect(await ledgerOf(stage)).toMatchObject({
    serving: { release: { tag: release }, record },
    scheduler: null,
    deployment: null,
  })
  expect(new Set(await versions(stage))).toEqual(new Set([release]))
  expect(recordStates(stage, record).at(-1)).toBe('success')
}

test('a rollout of 0.1.0 that was killed is resumed by its own plan, and its first instance is left alone', async () => {
  const stage = await aStory({ config: lean })
  await serving(stage, 'v1')
  await stage.release('v2')
  await does(stage, plan('v2'))
  const { run, started } = await heldAt(stage, 'install', 'v2', 'web-2')
  started.child.kill('SIGKILL')
  await started.ended
  const left = stage.shop.trouble.held()
  stage.shop.trouble.clear('install', 'web-2')
  await eventually('install has ended', () => !left.some(({ pid }) => isRunning(pid)))
  run.end('failure')
  plant(stage, 'mid-roll')
  const before = stage.shop.journal().length

  const other = await does(stage, plan('v1'))
  expect(other.main.outputs['reason-code']).toBe('deployment-open')
  const shown = await does(stage, plan('v2'))
  expect(shown.main.outputs.digest).toBe(JSON.parse(planOf010(stage, 'mid-roll')).digest)
  const resume = { command: 'deploy', release: 'v2', plan: shown.main.outputs.plan ?? '' }
  const again = await does(stage, resume)
  expect(again.main.outputs).toMatchObject({ outcome: 'succeeded', 'deployment-id': '2' })
  expect(stage.shop.journal().slice(before).join()).not.toContain('web-1')
  await expectServing(stage, 'v2', 2)
})

test('a whole plan from the output of 0.1.0 is refused behind the gate, and the problem says to look again F47', async () => {
  const stage = await aStory({ config: lean })
  await serving(stage, 'v1')
  await stage.release('v2')
  const deploy = { command: 'deploy', release: 'v2', plan: planOf010(stage, 'mid-roll') }
  const job = await does(stage, deploy)
  expect(job.main.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'input-invalid' })
  expect(job.main.log.join()).toContain('a whole plan, as Rollgate 0.1.0 handed it over')
  expect(job.main.log.join()).toContain('Start a new run: it looks again')
  expect(await versions(stage)).toEqual(['v1', 'v1'])
})

test('a question of 0.1.0 about an instance is answered by retry', async () => {
  const stage = await aStory({ instances: 3, config: { ...lean, web, rollout: { 'min-available': 1 } } })
  const { shop } = stage
  await serving(stage, 'v1.0.0', { files: selfTestByScript })
  await stage.release('v1.1.0', { files: selfTestByScript })
  shop.trouble.fail('self-test', 'translations are missing', 'web-2')
  await deploys(stage, 'v1.1.0')
  plant(stage, 'paused')
  const look = await does(stage, { command: 'plan', mode: 'decision' })
  expect(look.main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.1' })
  expect(look.main.summary).toContain('translations are missing')
  shop.trouble.clear('self-test', 'web-2')
  const before = shop.journal().length
  const answered = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'retry' })
  expect(answered.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(shop.journal().slice(before).join()).not.toContain('web-1')
  await expectServing(stage, 'v1.1.0', 2)
})

test('a migration of 0.1.0 that failed is taken back, and the scheduler resumes', async () => {
  const steps = { build: null, 'pre-deploy': null, 'post-deploy': null }
  const stage = await aStory({ instances: 1, config: { production: unguarded, steps } })
  await serving(stage, 'v1.0.0', { steps })
  await stage.release('v1.1.0', { quirk: 'migration-fails' })
  await deploys(stage, 'v1.1.0')
  plant(stage, 'paused-in-migration')
  const answer = { pause: '2.1', decision: 'roll-back', reason: 'not today' }
  const back = await decides(stage, 'v1.1.0', answer)
  expect(back.main.outputs).toMatchObject({ outcome: 'rolled-back' })
  expect(stage.shop.schedulerState()).toMatchObject({ suspended: false, release: 'v1.0.0' })
  await expectServing(stage, 'v1.0.0', 1)
})

test('a scheduler that a lost run of 0.1.0 suspended is resumed by the clock', async () => {
  const stage = await aStory({ instances: 1, config: { production: unguarded } })
  await serving(stage, 'v1')
  await stage.release('v2')
  await lose(stage, 'scheduler-deploy', 'v2')
  expect(stage.shop.schedulerState().suspended).toBe(true)
  plant(stage, 'suspended')
  expect((await watches(stage)).main.code).toBe(0)
  expect(stage.shop.schedulerState().suspended).toBe(false)
  expect(recordStates(stage, 2).at(-1)).toBe('error')
  await expectServing(stage, 'v1', 1)
})

test('a test bed that 0.1.0 began to watch is followed by the others once its time is over', async () => {
  const stage = await aStory({
    instances: 3,
    config: { ...lean, web: { 'test-bed': { 'bake-time': '1h' } } },
  })
  await serving(stage, 'v1')
  await stage.release('v2')
  await does(stage, plan('v2'))
  await deploys(stage, 'v2')
  plant(stage, 'baking')
  const before = stage.shop.journal().length
  expect((await watches(stage, at('2026-12-05T12:00:00Z'))).main.code).toBe(0)
  expect(stage.shop.journal().slice(before)).toEqual(changed('v2', 'web-2', 'web-3'))
  await expectServing(stage, 'v2', 2)
})

test('a deployment that 0.1.0 scheduled begins at its time', async () => {
  const stage = await aStory({ config: lean })
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0', { config: lean })
  plant(stage, 'scheduled')
  expect((await dispatches(stage, '2026-12-01T08:03:00Z')).due).toEqual([])
  const due = await dispatches(stage, '2026-12-02T08:03:00Z')
  expect(due.due).toMatchObject([{ release: 'v1.1.0', schedule: 's2' }])
  expect(due.begun?.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(resultOf(due.begun).schedule).toMatchObject({ id: 's2', planned: '2026-12-02T08:00:00.000Z' })
  await expectServing(stage, 'v1.1.0', 2)
  expect((await ledgerOf(stage)).schedules?.ended.map(({ id, end }) => `${id} ${end.kind}`)).toEqual([
    's2 started',
    's1 withdrawn',
  ])
})

/** The scheduled job that looks, and the job that it starts. */
async function watches(stage: Story, options: JobOptions = {}): Promise<Job> {
  const look = await does(stage, { command: 'watch', environment: '' }, { actor: 'cron', options })
  const [due] = JSON.parse(look.main.outputs.due ?? '[]')
  if (due === undefined) throw new Error('nothing is due')
  return does(
    stage,
    { command: 'watch', environment: due.environment },
    { actor: 'cron', options: { ...options, sha: due.sha } },
  )
}
