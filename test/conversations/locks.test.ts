import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { RequestMatch } from '../../src/sandbox/github/faults.ts'
import type { EndedProcess } from '../../src/sandbox/runner/runner.ts'
import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import type { Job, JobRun, Stage, StartedJob } from '../../src/sandbox/stage.ts'
import { heldAt, lose } from './lost.ts'
import { ledgerOf, sharedStage } from './rig.ts'
import { aStory, decides, deploys, does, lean, recordStates, resultOf, serving, versions } from './story.ts'

const ledgerRef = 'refs/rollgate/shop/production'
const append: RequestMatch = { operation: 'git/update-ref' }
const migrate = { run: 'bin/migrate', phase: 'expand' }
/** For stories that need a step which must not run twice. */
const migrating: ConfigVariation = { ...lean, steps: { ...lean.steps, migrate } }

test('a live run holds the environment against other runs and against other jobs of its own GH-07 GH-08', async () => {
  const stage = await aStory({ config: lean })
  await serving(stage, 'v1')
  await stage.release('v2')
  await stage.release('v3')
  const { run, started } = await stage.quietly(() => heldAt(stage, 'install', 'v2'))
  const before = headOf(stage)

  stage.aside('the run of v2 installs on web-1')
  const refused = { code: 1, outputs: { outcome: 'refused', 'reason-code': 'environment-locked' } }
  expect((await deploys(stage, 'v2', { actor: 'otto' })).main).toMatchObject(refused)
  expect((await deploys(stage, 'v3', { actor: 'otto' })).main).toMatchObject(refused)
  const otherJob = await stage.quietly(() => run.job({ command: 'deploy', release: 'v2' }))
  expect(otherJob.main).toMatchObject(refused)
  const answer = { pause: '2.1', decision: 'abandon', reason: 'at once' }
  expect((await decides(stage, 'v2', answer)).main.outputs['reason-code']).toBe('decision-unasked')
  expect(headOf(stage)).toBe(before)
  expect(stage.github.deployments).toHaveLength(2)

  stage.shop.trouble.clear('install')
  expect((await finish(started)).outputs.outcome).toBe('succeeded')
  await expectServing(stage, 'v2')
  stage.asksAtMost(40)
})

test('a lost run is taken over: the same release goes on, another waits for an end GH-09 GH-10', async () => {
  const stage = await aStory({ config: migrating })
  await serving(stage, 'v1')
  await stage.release('v2')
  await stage.release('v3')
  await stage.quietly(() => lose(stage, 'migrate', 'v2'))

  stage.aside('the machine of the run of v2 is gone while the database is migrated')
  const other = await deploys(stage, 'v3')
  expect(other.main.outputs['reason-code']).toBe('deployment-open')
  expect(recordStates(stage, 2).at(-1)).toBe('error')
  const same = await deploys(stage, 'v2')
  expect(resultOf(same).pause).toMatchObject({ step: 'migrate', 'reason-code': 'outcome-unknown' })
  const seen = { pause: resultOf(same).pause?.id ?? '', decision: 'force-next', reason: 'it is migrated' }
  expect((await decides(stage, 'v2', seen)).main.outputs.outcome).toBe('succeeded')

  await expectServing(stage, 'v2')
  expect(stage.shop.migrationRuns().map(({ release }) => release)).toEqual(['v1', 'v2'])
  expect(recordStates(stage, 1).at(-1)).toBe('inactive')
  stage.asksAtMost(75)
})

test('a deployment that was left part of the way can be taken back instead of finished GH-09 CC-26', async () => {
  const stage = await aStory({ config: lean })
  await serving(stage, 'v1')
  await stage.release('v2')
  const { run, started } = await stage.quietly(() => heldAt(stage, 'install', 'v2', 'web-2'))
  started.child.kill('SIGINT')
  await eventually('main has heard it', () => started.log.includes('Cancelled: starting nothing new.'))
  started.child.kill('SIGTERM')
  await finish(started)
  stage.shop.trouble.clear('install', 'web-2')
  run.end('cancelled')
  stage.aside('the run of v2 was cancelled while it installed on web-2')

  const look = await stage.run('rhea').job({ command: 'plan', mode: 'decision' })
  expect(resultOf(look).pause).toMatchObject({
    id: '2.1',
    step: 'roll-services/web',
    options: ['retry', 'roll-back', 'abandon'],
  })
  const back = await decides(stage, 'v2', { pause: '2.1', decision: 'roll-back', reason: 'not today' })
  expect(back.main).toMatchObject({ code: 0, outputs: { outcome: 'rolled-back' } })
  await expectServing(stage, 'v1')
  expect(recordStates(stage, 1).at(-1)).toBe('success')
  expect(recordStates(stage, 2).at(-1)).toBe('failure')
  stage.asksAtMost(25)
})

describe('on one shop, one after another', () => {
  const steps = { ...lean.steps, build: 'bin/build', migrate }
  const shared = sharedStage({ config: { ...lean, steps } })
  beforeAll(async () => {
    await shared().release('v1')
    expect((await deploys(shared(), 'v1')).main.outputs.outcome).toBe('succeeded')
  })

  test('a run that was lost before it changed anything is closed, and another release goes on GH-09', async () => {
    const stage = shared()
    await stage.release('v2')
    await stage.release('v3')
    await lose(stage, 'build', 'v2')
    expect((await deploys(stage, 'v3')).main.outputs.outcome).toBe('succeeded')
    await expectServing(stage, 'v3')
    const ended = (await ledgerOf(stage)).history.map(({ outcome }) => outcome.kind)
    expect(ended).toEqual(['succeeded', 'cancelled', 'succeeded'])
  })

  test('two deployments that begin at once, in two runs or in two jobs of one: exactly one goes on GH-07', async () => {
    const stage = shared()
    for (const release of ['v4', 'v5', 'v6', 'v7']) await stage.release(release)
    const [dora, otto] = [stage.run('dora'), stage.run('otto')]
    const one = await atOnce(stage, [
      () => dora.job({ command: 'deploy', release: 'v4' }),
      () => otto.job({ command: 'deploy', release: 'v5' }),
    ])
    await expectServing(stage, one.winner)
    dora.end()
    otto.end()

    const matrix = stage.run('dora')
    const other = await atOnce(stage, [
      () => matrix.job({ command: 'deploy', release: 'v6' }),
      () => matrix.job({ command: 'deploy', release: 'v7' }),
    ])
    matrix.end()
    await expectServing(stage, other.winner)
    expect((await ledgerOf(stage)).history).toHaveLength(5)
    expect(stage.github.deployments).toHaveLength(4)
  })

  test('two decisions at once: the first wins, and the second changes nothing WX-24', async () => {
    const stage = shared()
    const { serving: before } = await ledgerOf(stage)
    await stage.release('v8', { quirk: 'self-test-fails' })
    const { pause } = resultOf(await deploys(stage, 'v8'))
    const answer = { pause: pause?.id ?? '', reason: 'I say' }
    linedUp(stage)
    const both = await Promise.all([
      decides(stage, 'v8', { ...answer, decision: 'roll-back' }),
      decides(stage, 'v8', { ...answer, decision: 'abandon' }, { actor: 'otto' }),
    ])
    const [first, ...others] = both.filter(({ main }) => main.outputs.outcome !== 'refused')
    expect(others).toEqual([])
    const second = both.find((job) => job !== first)
    expect(second?.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'decision-unasked' } })
    const won = first === both[0] ? 'rolled-back' : 'abandoned'
    expect(first?.main).toMatchObject({ code: 0, outputs: { outcome: won } })
    expect((await ledgerOf(stage)).history[0]?.outcome.kind).toBe(won)
    const older = before?.release.tag
    expect(await versions(stage)).toEqual([won === 'rolled-back' ? older : 'v8', older])
  })

  test('a run that was taken for dead writes nothing and does nothing once another has taken over GH-07 GH-09', async () => {
    const stage = shared()
    await stage.release('v9')
    const { run, started, thaw } = await frozen(stage, 'v9')
    run.end('cancelled')
    expect((await deploys(stage, 'v9', { actor: 'otto' })).main.outputs.outcome).toBe('succeeded')
    const [journal, head] = [stage.shop.journal(), headOf(stage)]
    const said = stage.github.deployments.at(-1)?.statuses.length

    thaw()
    const zombie = await started.ended
    expect((await started.post(zombie)).code).toBe(0)
    expect(zombie).toMatchObject({ code: 1, outputs: { outcome: 'interrupted', 'reason-code': 'lock-lost' } })
    expect(zombie.log.filter((line) => line.startsWith('::error'))).toEqual([
      expect.stringContaining('Another run has taken over the deployment of production.'),
    ])
    expect(stage.shop.journal()).toEqual(journal)
    expect(headOf(stage)).toBe(head)
    expect(stage.github.deployments.at(-1)?.statuses).toHaveLength(said ?? 0)
    await expectServing(stage, 'v9')
  })

  test('a run again of a deployment that waits for a person asks again, and holds nothing GH-10 WX-19', async () => {
    const stage = shared()
    await stage.release('v10', { quirk: 'self-test-fails' })
    const run = stage.run('dora')
    const first = await run.job({ command: 'deploy', release: 'v10' })
    run.end('failure')
    const journal = stage.shop.journal()
    const second = stage.run('dora', { of: run })
    const again = await second.job({ command: 'deploy', release: 'v10' })
    expect(again.main.outputs).toMatchObject({ outcome: 'waiting', pause: first.main.outputs.pause })
    expect(stage.shop.journal()).toEqual(journal)
    const { deployment } = await ledgerOf(stage)
    expect(deployment?.holder).toBeNull()
    expect(recordStates(stage, deployment?.record ?? 0).at(-1)).toBe('pending')
    const back = { pause: again.main.outputs.pause ?? '', decision: 'roll-back', reason: 'it is broken' }
    expect((await decides(stage, 'v10', back)).main.outputs.outcome).toBe('rolled-back')
    await expectServing(stage, 'v9')
  })

  test('a run whose ledger is deleted stops, and the next one asks before it begins anew and finds out what serves GH-07 F24', async () => {
    const stage = shared()
    await stage.release('v11')
    await stage.release('v12')
    const { run, started } = await heldAt(stage, 'install', 'v11')
    execFileSync('git', ['--git-dir', stage.github.gitDir, 'update-ref', '-d', ledgerRef])
    stage.shop.trouble.clear('install')
    const ended = await finish(started)
    run.end('failure')
    expect(ended).toMatchObject({ code: 1, outputs: { outcome: 'interrupted', 'reason-code': 'lock-lost' } })
    expect((await fetch(stage.shop.frontDoor.url)).status).toBe(200)

    const journal = stage.shop.journal()
    const next = await deploys(stage, 'v12')
    expect(next.main.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'ledger-elsewhere' })
    expect(next.main.log.filter((line) => line.startsWith('::error'))).toEqual([
      expect.stringContaining('ledger: new'),
    ])
    expect(stage.shop.journal()).toEqual(journal)

    const anew = await does(stage, { command: 'deploy', release: 'v12', ledger: 'new' })
    expect(anew.main.outputs).toMatchObject({ outcome: 'succeeded', 'previous-release': '' })
    await expectServing(stage, 'v12')
  })
})

async function finish(started: StartedJob): Promise<EndedProcess> {
  const main = await started.ended
  expect((await started.post(main)).code).toBe(0)
  return main
}

/** A deployment that hangs in its second append, before its migration. */
async function frozen(
  stage: Stage,
  release: string,
): Promise<{ run: JobRun; started: StartedJob; thaw: () => void }> {
  let thaw = () => {}
  const thawed = new Promise<void>((resolve) => {
    thaw = resolve
  })
  const freezing = stage.github.before(append, () => thawed, { after: 1 })
  const run = stage.run('dora')
  const started = await run.start({ command: 'deploy', release })
  await eventually('the run hangs', () => freezing.hits === 1 || started.child.exitCode !== null)
  return { run, started, thaw }
}

/** Lets the next two appends to the ledger begin together. */
function linedUp(stage: Stage): void {
  let arrive = () => {}
  const both = new Promise<void>((resolve) => {
    arrive = resolve
  })
  let there = 0
  const wait = () => {
    there += 1
    if (there === 2) arrive()
    return both
  }
  stage.github.before(append, wait, { times: 2 })
}

/** Two deployments whose first appends meet: one succeeds, and the other is refused and touches nothing. */
async function atOnce(stage: Stage, jobs: readonly (() => Promise<Job>)[]): Promise<{ winner: string }> {
  linedUp(stage)
  const ended = await Promise.all(jobs.map((start) => start()))
  const [winner, ...others] = ended.filter(({ main }) => main.outputs.outcome === 'succeeded')
  expect(others).toEqual([])
  const loser = ended.find((job) => job !== winner)
  expect(loser?.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'environment-locked' } })
  expect(loser?.post.log).toEqual([])
  return { winner: winner?.main.outputs.release ?? 'nobody' }
}

const headOf = ({ github }: Stage): string =>
  execFileSync('git', ['--git-dir', github.gitDir, 'rev-parse', ledgerRef], { encoding: 'utf8' })

async function expectServing(stage: Stage, release: string): Promise<void> {
  const ledger = await ledgerOf(stage)
  expect(ledger).toMatchObject({ serving: { release: { tag: release } }, deployment: null })
  expect(await versions(stage)).toEqual([release, release])
  expect(recordStates(stage, ledger.serving?.record ?? 0).at(-1)).toBe('success')
  expect((await fetch(stage.shop.frontDoor.url)).status).toBe(200)
}
