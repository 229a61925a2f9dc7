import { expect, test } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { Job } from '../../src/sandbox/stage.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import { openCommandEngine } from './engine-by-commands.ts'
import { ledgerOf } from './rig.ts'
import { aStory, decides, recordSays, resultOf, type Story, versions } from './story.ts'

const config = {
  rollout: { 'accept-downtime': true },
  steps: { 'pre-deploy': null, 'post-deploy': null, scheduler: null },
}

const said = (job: Job | null): string => [...(job?.main.log ?? []), job?.main.summary].join('\n')

const migrations = ({ shop }: Story) => shop.migrationRuns().map(({ applied }) => applied)

/** True once the deployment under way has told its engine to roll. */
const isHandedOver = async (stage: Story): Promise<boolean> =>
  JSON.stringify(await ledgerOf(stage)).includes('"handed-over"')

test('a service on an engine by commands: gate, migration, rollout, pause, answers, a killed run, and the way back GH-10 SP-33', async () => {
  const stage = await aStory({ instances: 1, config })
  const engine = openCommandEngine(stage, config)
  await engine.release('v1.0.0')
  const first = await workflow.deploy(stage, 'v1.0.0')
  expect(first.plan.main.summary).toContain('have the engine roll to these digests')
  expect(first.work?.main.outputs.outcome, said(first.work)).toBe('succeeded')
  expect([engine.runs(), await versions(stage)]).toEqual(['v1.0.0', ['v1.0.0']])

  await engine.release('v1.1.0', { migrations: 2 })
  engine.trouble('crash', 'v1.1.0')
  const unanswered = await workflow.deploy(stage, 'v1.1.0', { approver: null })
  expect(unanswered.work?.main.outputs).toMatchObject({ outcome: 'refused' })
  expect([engine.orders(), migrations(stage)]).toEqual([['v1.0.0 by rollgate'], [1]])

  stage.aside('behind the gate the migration runs, and the engine cannot bring the release up')
  const crashed = await workflow.deploy(stage, 'v1.1.0')
  expect(crashed.work?.main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.1' })
  for (const part of ['`hand-over/api` cannot go on by itself', 'api-2 CrashLoop', 'no setting DATABASE_URL'])
    expect(crashed.work?.main.summary).toContain(part)
  expect(crashed.work?.main.log.join('\n')).toMatch(
    /waits for a decision::[^\n]*Mend the cause and decide retry/,
  )
  expect([engine.runs(), await versions(stage), migrations(stage)]).toEqual(['v1.1.0', ['v1.0.0'], [1, 1]])
  expect(recordSays(stage, 2)).toMatch(/api/)
  const back = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'roll-back' })
  expect(back.main.outputs.outcome, said(back)).toBe('rolled-back')
  expect([engine.runs(), await versions(stage)]).toEqual(['v1.0.0', ['v1.0.0']])

  stage.aside('the run is killed while the engine rolls')
  await engine.release('v1.2.0', { migrations: 2 })
  engine.trouble('slow', 'v1.2.0')
  const run = stage.run('dora')
  run.approve('rhea')
  const killed = await run.start({ command: 'deploy', release: 'v1.2.0' })
  await eventually('it is handed over', () => isHandedOver(stage))
  killed.child.kill('SIGKILL')
  await killed.post(await killed.ended)
  run.end('failure')
  engine.mend('slow', 'v1.2.0')
  engine.trouble('paused', 'v1.2.0')
  const resumed = await workflow.deploy(stage, 'v1.2.0')
  expect(resumed.work?.main.outputs, said(resumed.work)).toMatchObject({ outcome: 'waiting' })
  expect(said(resumed.work)).toContain('engine-paused')
  engine.mend('paused', 'v1.2.0')
  const pause = resumed.work?.main.outputs.pause ?? ''
  const good = await decides(stage, 'v1.2.0', { pause, decision: 'retry' })
  expect(good.main.outputs.outcome, said(good)).toBe('succeeded')
  expect([engine.runs(), await versions(stage)]).toEqual(['v1.2.0', ['v1.2.0']])

  stage.aside('another author rolls, which a look finds, and a rollback puts right')
  engine.mend('crash', 'v1.1.0')
  engine.rollBy('mallory', 'v1.1.0')
  const look = await stage.run('dora').job({ command: 'status' })
  expect(look.main.summary).toContain('| mallory |')
  expect(JSON.stringify(resultOf(look))).toContain('mallory')
  const rolled = await workflow.rollback(stage, { inputs: { release: 'v1.0.0' } })
  expect(rolled.work?.main.outputs.outcome, said(rolled.work)).toBe('succeeded')
  expect([engine.runs(), await versions(stage)]).toEqual(['v1.0.0', ['v1.0.0']])
  expect(engine.orders()).toEqual([
    'v1.0.0 by rollgate',
    'v1.1.0 by rollgate',
    'v1.0.0 by rollgate',
    'v1.2.0 by rollgate',
    'v1.1.0 by mallory',
    'v1.0.0 by rollgate',
  ])
})

test('a halt in mid-rollout has the engine stop where it is, and the answer lets it go on from there', async () => {
  const stage = await aStory({ instances: 1, config })
  const engine = openCommandEngine(stage, config)
  await engine.release('v1.0.0')
  await workflow.deploy(stage, 'v1.0.0')
  await engine.release('v1.1.0')
  engine.trouble('slow', 'v1.1.0')
  const run = stage.run('dora')
  run.approve('rhea')
  const rolling = await run.start({ command: 'deploy', release: 'v1.1.0' })
  await eventually('it is handed over', () => isHandedOver(stage))
  const form = JSON.stringify({ environment: 'production', do: 'halt', reason: 'orders are lost' })
  const noted = await stage.run('erin').job({ command: 'note', form })
  expect(noted.main.outputs, said(noted)).toMatchObject({ outcome: 'halted' })
  const main = await rolling.ended
  const halted = { main, post: await rolling.post(main) }
  expect(halted.main.outputs, said(halted)).toMatchObject({ outcome: 'waiting' })
  expect(said(halted)).toContain('The engine: held by Rollgate.')
  expect([engine.isHeld(), engine.runs(), await versions(stage)]).toEqual([true, 'v1.1.0', ['v1.0.0']])
  run.end('success')

  engine.mend('slow', 'v1.1.0')
  const pause = halted.main.outputs.pause ?? ''
  const good = await decides(stage, 'v1.1.0', { pause, decision: 'retry' })
  expect(good.main.outputs.outcome, said(good)).toBe('succeeded')
  expect([engine.isHeld(), engine.runs(), await versions(stage)]).toEqual([false, 'v1.1.0', ['v1.1.0']])
  expect(engine.orders()).toEqual(['v1.0.0 by rollgate', 'v1.1.0 by rollgate'])
})
