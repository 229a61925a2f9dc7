import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { DriftResult } from '../../src/report/status/drift-output.ts'
import { isRunning } from '../../src/sandbox/fleet/ending.ts'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { Job, Stage } from '../../src/sandbox/stage.ts'
import { ledgerOf } from './rig.ts'
import {
  aStory,
  changed,
  deploys,
  does,
  inTraffic,
  lean,
  pidOf,
  recordStates,
  resultOf,
  type Story,
  serving,
  versions,
} from './story.ts'

const reconciles = (stage: Stage, inputs: Readonly<Record<string, string>> = {}): Promise<Job> =>
  does(stage, { command: 'reconcile', ...inputs }, { options: { sha: 'refs/tags/v1.0.0' } })

const foundBy = ({ main }: Job): DriftResult => JSON.parse(main.outputs.result ?? '{}')

/** An instance goes down by itself, and the front door notices. */
async function goesDown(stage: Story, name: string): Promise<void> {
  process.kill(pidOf(stage, name))
  await eventually(`${name} is out of traffic`, () => !inTraffic(stage).includes(name))
  stage.aside(`${name} goes down by itself`)
}

test('drift is reported, fails the run only on request, and is corrected by an ordinary deployment WX-11 WX-09', async () => {
  const stage = await aStory({ config: lean })
  await serving(stage, 'v1.0.0')
  const none = await reconciles(stage, { converge: 'true' })
  expect(none.main).toMatchObject({
    code: 0,
    outputs: { outcome: 'looked', drift: 'false', release: 'v1.0.0' },
  })
  expect(none.main.log.filter((line) => line.startsWith('::warning'))).toEqual([])

  await goesDown(stage, 'web-2')
  const before = { journal: stage.shop.journal(), asked: stage.github.requests.length }
  const told = await reconciles(stage)
  expect(told.main).toMatchObject({ code: 0, outputs: { outcome: 'looked', drift: 'true' } })
  expect(told.main.log.join('\n')).toMatch(
    /^::warning title=production has drifted::web\/web-2 is not healthy/m,
  )
  expect(foundBy(told)).toMatchObject({
    drift: true,
    serving: { tag: 'v1.0.0' },
    instances: [
      { name: 'web-1', deviations: [] },
      { name: 'web-2', deviations: ['unhealthy', 'out-of-traffic'] },
    ],
  })
  const failed = await reconciles(stage, { 'fail-on-drift': 'true' })
  expect(failed.main).toMatchObject({ code: 1, outputs: { drift: 'true', 'reason-code': 'drift-found' } })
  expect(stage.shop.journal()).toEqual(before.journal)
  const since = stage.github.requests.slice(before.asked)
  expect(since.filter(({ method }) => method !== 'GET')).toEqual([])

  const back = await reconciles(stage, { converge: 'true' })
  expect(back.main).toMatchObject({
    code: 0,
    outputs: {
      outcome: 'succeeded',
      mode: 'redeploy',
      drift: 'true',
      release: 'v1.0.0',
      'deployment-id': '2',
    },
  })
  expect(stage.shop.journal().slice(before.journal.length)).toEqual(changed('v1.0.0', 'web-2'))
  expect(resultOf(back).instances).toMatchObject([{ state: 'left-alone' }, { state: 'done' }])
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.0.0'])
  expect(recordStates(stage, 2).at(-1)).toBe('success')
  expect((await reconciles(stage)).main.outputs.drift).toBe('false')
  stage.asksAtMost(75)
})

test('nothing converges while a deployment is under way, when the tag has moved, or where nothing serves GH-07 WX-24', async () => {
  const stage = await aStory({ config: lean })
  await stage.release('v1.0.0')
  const empty = await reconciles(stage)
  expect(empty.main).toMatchObject({ code: 0, outputs: { drift: 'false', release: '' } })
  const first = await reconciles(stage, { converge: 'true' })
  expect(first.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'refused', 'reason-code': 'input-invalid' },
  })

  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0', { quirk: 'self-test-fails' })
  const { main: stopped } = await deploys(stage, 'v1.1.0')
  expect(stopped.outputs.pause).toBe('2.1')
  const journal = stage.shop.journal()
  const underWay = await reconciles(stage)
  expect(underWay.main).toMatchObject({ code: 0, outputs: { drift: 'false' } })
  expect(foundBy(underWay)).toMatchObject({ unjudged: 'deployment-under-way' })
  const refused = await reconciles(stage, { converge: 'true' })
  expect(refused.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'decision-needed' } })
  expect(refused.main.log.join()).toContain('Answer question 2.1')
  await stage.quietly(() =>
    does(
      stage,
      { command: 'decide', pause: '2.1', decision: 'abandon' },
      { options: { sha: 'refs/tags/v1.1.0' } },
    ),
  )
  stage.aside('the deployment of v1.1.0 is abandoned: web-1 stays out of traffic')

  const { serving: served } = await ledgerOf(stage)
  const git = (...words: string[]) => execFileSync('git', ['--git-dir', stage.github.gitDir, ...words])
  git('tag', '--force', 'v1.0.0', 'main')
  stage.aside('somebody moves the tag v1.0.0')
  const moved = await does(
    stage,
    { command: 'reconcile', converge: 'true' },
    { options: { sha: served?.release.sha ?? '' } },
  )
  expect(moved.main).toMatchObject({ code: 1, outputs: { drift: 'true', 'reason-code': 'tag-moved' } })
  expect(stage.shop.journal()).toEqual(journal)
  expect((await ledgerOf(stage)).deployment).toBeNull()
  stage.asksAtMost(60)
})

test('a convergence that stays open is closed by the post step GH-09', async () => {
  const stage = await aStory({ config: lean })
  await serving(stage, 'v1.0.0')
  await goesDown(stage, 'web-2')
  stage.shop.trouble.hold('install', 'web-2')
  const run = stage.run('dora')
  const started = await stage.quietly(() =>
    run.start({ command: 'reconcile', converge: 'true' }, { sha: 'refs/tags/v1.0.0' }),
  )
  await eventually('it installs', () => stage.shop.trouble.held().some(({ pid }) => isRunning(pid)))
  started.child.kill('SIGKILL')
  const main = await started.ended
  stage.shop.trouble.clear('install', 'web-2')
  expect(main.state.lock).toBe(JSON.stringify({ app: 'shop', environment: 'production' }))
  const post = await started.post(main)
  expect(post.code).toBe(0)
  const { deployment } = await ledgerOf(stage)
  expect(deployment).toMatchObject({ number: 2, holder: null, plan: { mode: 'redeploy' } })
  expect(recordStates(stage, 2).at(-1)).toBe('error')
})
