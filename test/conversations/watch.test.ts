import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Job, Stage } from '../../src/sandbox/stage.ts'
import { lose } from './lost.ts'
import { ledgerOf } from './rig.ts'
import {
  aStory,
  changed,
  decides,
  deploys,
  does,
  lean,
  recordSays,
  recordStates,
  resultOf,
  type Story,
  serving,
  unguarded,
  versions,
} from './story.ts'

interface Due {
  readonly environment: string
  readonly release: string
  readonly sha: string
}

const ledgerRef = 'refs/rollgate/shop/production'

/** The job that looks at all environments: it has no checkout of a release. */
const looks = (stage: Stage): Promise<Job> =>
  does(stage, { command: 'watch', environment: '' }, { actor: 'cron' })

/** The job that acts, as the matrix of the workflow starts it: one for each that is due. */
async function acts(stage: Stage, looked: Job): Promise<Job> {
  const [due] = dueIn(looked)
  if (due === undefined) throw new Error('nothing is due')
  const options = { sha: due.sha }
  return does(stage, { command: 'watch', environment: due.environment }, { actor: 'cron', options })
}

const dueIn = (job: Job): Due[] => JSON.parse(job.main.outputs.due ?? '[]')

/** Moves the times in the ledger into the past, as if days went by. */
async function letTimePass(stage: Story): Promise<void> {
  const git = (...args: string[]) =>
    execFileSync('git', ['--git-dir', stage.github.gitDir, ...args], { encoding: 'utf8' }).trim()
  const text = JSON.stringify(await ledgerOf(stage))
  const past = text
    .replaceAll(/"(at|until)":"20\d\d/g, '"$1":"2019')
    .replaceAll(/"since":"20\d\d/g, '"since":"2018')
  const blob = execFileSync('git', ['--git-dir', stage.github.gitDir, 'hash-object', '-w', '--stdin'], {
    input: `${JSON.stringify(JSON.parse(past) satisfies Ledger, null, 2)}\n`,
    encoding: 'utf8',
  }).trim()
  const tree = execFileSync('git', ['--git-dir', stage.github.gitDir, 'mktree'], {
    input: `100644 blob ${blob}\tledger.json\n`,
    encoding: 'utf8',
  }).trim()
  const identity = ['-c', 'user.name=time', '-c', 'user.email=time@example.com']
  const commit = git(...identity, 'commit-tree', tree, '-p', ledgerRef, '-m', 'time went by')
  git('update-ref', ledgerRef, commit)
  stage.aside('days go by')
}

const writes = (stage: Stage, from: number) =>
  stage.github.requests.slice(from).filter(({ method }) => method !== 'GET')

test('after a lost run the watch resumes the scheduler and closes the record; a second watch has nothing to do GH-09', async () => {
  const stage = await aStory({ instances: 1, config: { production: unguarded } })
  await serving(stage, 'v1')
  await stage.release('v2')
  await stage.quietly(() => lose(stage, 'scheduler-deploy', 'v2'))
  stage.aside('the machine of the run of v2 is gone, with the scheduler suspended')
  expect(stage.shop.schedulerState().suspended).toBe(true)

  const looked = await looks(stage)
  expect(looked.main).toMatchObject({ code: 0, outputs: { outcome: 'watched' } })
  expect(dueIn(looked)).toMatchObject([{ environment: 'production', release: 'v2' }])
  expect(stage.shop.schedulerState().suspended).toBe(true)
  expect((await acts(stage, looked)).main).toMatchObject({
    code: 0,
    outputs: { outcome: 'watched', due: '[]' },
  })

  expect(stage.shop.schedulerState().suspended).toBe(false)
  expect(await ledgerOf(stage)).toMatchObject({ deployment: null, scheduler: null })
  expect(recordStates(stage, 2).at(-1)).toBe('error')
  const from = stage.github.requests.length
  expect(dueIn(await looks(stage))).toEqual([])
  expect(writes(stage, from)).toEqual([])
  stage.asksAtMost(45)
})

test('a test bed is watched without a run; then the watch goes on with the others WX-30 WX-32', async () => {
  const web = { 'test-bed': { 'bake-time': '1h' } }
  const stage = await aStory({ instances: 3, config: { ...lean, web } })
  await serving(stage, 'v1')
  await stage.release('v2')
  const begun = await deploys(stage, 'v2')
  expect(begun.main).toMatchObject({
    code: 0,
    outputs: { outcome: 'waiting', pause: '2.1', 'reason-code': '' },
  })
  expect(await versions(stage)).toEqual(['v2', 'v1', 'v1'])
  expect(recordStates(stage, 2).at(-1)).toBe('in_progress')
  expect(recordSays(stage, 2)).toContain('watching the test bed until')

  const early = await looks(stage)
  expect(dueIn(early)).toMatchObject([{ release: 'v2' }])
  expect((await acts(stage, early)).main.code).toBe(0)
  expect(await versions(stage)).toEqual(['v2', 'v1', 'v1'])
  await letTimePass(stage)
  const looked = await looks(stage)
  expect(dueIn(looked)).toMatchObject([{ release: 'v2' }])
  expect((await acts(stage, looked)).main.code).toBe(0)
  expect(await versions(stage)).toEqual(['v2', 'v2', 'v2'])
  expect(stage.shop.journal().filter((line) => line.includes('v2 web-1'))).toEqual(changed('v2', 'web-1'))
  expect(recordStates(stage, 2).at(-1)).toBe('success')
  stage.asksAtMost(85)
})

test('a test bed that is taken back while it is watched leaves the others untouched WX-33', async () => {
  const web = { 'test-bed': { 'bake-time': '1h' } }
  const stage = await aStory({ instances: 3, config: { ...lean, web } })
  await serving(stage, 'v1')
  await stage.release('v2')
  await stage.quietly(() => deploys(stage, 'v2'))
  const before = stage.shop.journal().length
  const back = await decides(stage, 'v2', {
    pause: '2.1',
    decision: 'roll-back',
    reason: 'letters look wrong',
  })
  expect(back.main).toMatchObject({ code: 0, outputs: { outcome: 'rolled-back' } })
  expect(stage.shop.journal().slice(before)).toEqual(changed('v1', 'web-1'))
  expect(await versions(stage)).toEqual(['v1', 'v1', 'v1'])
})

test('a test bed that is worse asks, with its figures; and unanswered it is taken back', async () => {
  const compare = { run: 'echo "orders fail: 12, the others 0"; exit 1' }
  const web = { 'test-bed': { 'bake-time': '1ms', compare } }
  const production = { ...unguarded, unanswered: { after: '2h', decision: 'roll-back' } }
  const stage = await aStory({ instances: 3, config: { ...lean, production, web } })
  await serving(stage, 'v1')
  await stage.release('v2')
  const asked = await deploys(stage, 'v2')
  expect(asked.main).toMatchObject({ code: 1, outputs: { outcome: 'waiting', pause: '2.1' } })
  expect(resultOf(asked).pause).toMatchObject({
    gate: 'bake',
    'reason-code': 'test-bed-worse',
    options: ['retry', 'force-next', 'roll-back', 'abandon'],
    expires: { decision: 'roll-back' },
  })
  await letTimePass(stage)
  const looked = await looks(stage)
  expect((await acts(stage, looked)).main.code).toBe(0)
  expect(await versions(stage)).toEqual(['v1', 'v1', 'v1'])
  expect((await ledgerOf(stage)).history[0]).toMatchObject({ outcome: { kind: 'rolled-back' } })
  stage.asksAtMost(65)
})

test('a suspension that outlived its lease is ended by its own command, once SP-25', async () => {
  const stage = await aStory({ instances: 1, config: { production: unguarded } })
  await serving(stage, 'v1')
  await stage.release('v2')
  stage.shop.trouble.fail('scheduler-resume', 'the scheduler does not answer')
  expect((await stage.quietly(() => deploys(stage, 'v2'))).main.outputs.pause).toBe('2.1')
  await stage.quietly(() => decides(stage, 'v2', { pause: '2.1', decision: 'abandon' }))
  stage.shop.trouble.clear('scheduler-resume')
  stage.aside('the scheduler could not be resumed after the migration, and the deployment was abandoned')
  expect(dueIn(await looks(stage))).toEqual([])
  await letTimePass(stage)
  const looked = await looks(stage)
  expect(dueIn(looked)).toMatchObject([{ environment: 'production', release: 'v2' }])
  expect(stage.shop.schedulerState().suspended).toBe(true)
  expect((await acts(stage, looked)).main.code).toBe(0)
  expect(stage.shop.schedulerState().suspended).toBe(false)
  expect((await ledgerOf(stage)).scheduler).toBeNull()
  expect(dueIn(await looks(stage))).toEqual([])
  stage.asksAtMost(45)
})

test('an approval that expired cannot be given, and the watch counts it as rejected GH-13', async () => {
  const production = { requires: { approval: { from: ['rhea'], expires: '1h' } } }
  const stage = await aStory({ instances: 1, config: { ...lean, production } })
  await stage.release('v1')
  const asked = await deploys(stage, 'v1')
  expect(asked.main.outputs).toMatchObject({ outcome: 'waiting', pause: '1.1' })
  await letTimePass(stage)
  const late = await decides(stage, 'v1', { pause: '1.1', decision: 'approve' })
  expect(late.main.outputs).toMatchObject({ 'reason-code': 'decision-unasked' })
  expect((await looks(stage)).main.code).toBe(0)
  expect((await ledgerOf(stage)).history[0]).toMatchObject({
    outcome: { kind: 'rejected', by: 'the deadline' },
  })
  expect(stage.shop.journal()).toEqual([])
})

test('a suspension under a migration that did not succeed outlives its lease SP-25', async () => {
  const scheduler = { lease: '1m' }
  const stage = await aStory({ instances: 1, config: { production: unguarded, scheduler } })
  await serving(stage, 'v1')
  await stage.release('v2', { quirk: 'migration-fails' })
  expect((await stage.quietly(() => deploys(stage, 'v2'))).main.outputs.pause).toBe('2.1')
  await stage.quietly(() => decides(stage, 'v2', { pause: '2.1', decision: 'abandon' }))
  stage.aside('the migration of v2 failed, and the deployment was abandoned')
  await letTimePass(stage)
  const refused = await looks(stage)
  expect(dueIn(refused)).toEqual([])
  expect(refused.main.log.join('\n')).toContain('only a person may resume it')
  expect(stage.shop.schedulerState().suspended).toBe(true)
  stage.asksAtMost(11)
})
