import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import type { Job, JobOptions } from '../../src/sandbox/stage.ts'
import { ledgerOf } from './rig.ts'
import { aStory, lean, type Story } from './story.ts'

type Form = Readonly<Record<string, string>>

interface Filled {
  readonly look: Job
  /** The gate, where the form has a job behind it. */
  readonly gate: Job | null
  /** The noting step, or the acting one; null where a job before it refused. */
  readonly work: Job | null
  /** The second half of a rehearsal. */
  readonly again: Job | null
}

/** One run of rollgate.yml: its jobs and steps in their order, each under its own condition. */
async function fills(stage: Story, form: Form, options: JobOptions = {}): Promise<Filled> {
  const run = stage.run('dora')
  const json = { form: JSON.stringify({ environment: 'production', decision: 'none', release: '', ...form }) }
  const look = await run.job({ ...json, command: 'look' })
  const { job = '', plan = '', sha = '', release = '', again: forward = '' } = look.main.outputs
  const ended = (jobs: Partial<Filled>): Filled => {
    const filled = { look, gate: null, work: null, again: null, ...jobs }
    const all = [look, filled.gate, filled.work, filled.again]
    run.end(all.every((one) => one === null || one.main.code === 0) ? 'success' : 'failure')
    return filled
  }
  if (job === 'note') return ended({ work: await run.job({ ...json, command: 'note' }) })
  if (job !== 'act') return ended({})
  run.approve('rhea')
  const gate = await run.job({ ...json, plan, command: 'gate' })
  if (gate.main.outputs.go !== 'true') return ended({ gate })
  const work = await run.job({ ...json, plan, command: 'act' }, { ...options, sha })
  if (forward === '' || work.main.outputs.outcome !== 'succeeded') return ended({ gate, work })
  const again = await run.job({ ...json, again: release, command: 'act' }, { ...options, sha: forward })
  return ended({ gate, work, again })
}

const outcomes = ({ work, again }: Filled) => [work, again].map((job) => job?.main.outputs.outcome)

test('one form deploys, reads, blocks, rolls back and rehearses; what it refuses starts no job', async () => {
  const steps = { ...lean.steps, migrate: { run: 'bin/migrate', phase: 'expand' } }
  const config = { steps, staging: { requires: { approval: false } } } as const
  const stage = await aStory({ instances: 1, config })
  const first = await stage.release('v1.0.0')
  expect(outcomes(await fills(stage, { do: 'deploy', release: 'v1.0.0' }))).toEqual(['succeeded', undefined])
  await stage.release('v1.1.0')
  const deployed = await fills(stage, { do: 'deploy', release: 'v1.1.0', question: '7.1' })
  expect(deployed.look.main.outputs).toMatchObject({
    job: 'act',
    release: 'v1.1.0',
    'previous-release': 'v1.0.0',
  })
  expect(deployed.look.main.log.join('\n')).toContain(
    'The field question is filled in, and deploy does not use it.',
  )
  expect(outcomes(deployed)).toEqual(['succeeded', undefined])

  const status = await fills(stage, { do: 'status' })
  expect(status.look.main).toMatchObject({ code: 0, outputs: { job: 'none', release: 'v1.1.0' } })
  const same = await fills(stage, { do: 'deploy', release: 'v1.1.0' })
  expect(same.look.main.outputs).toMatchObject({ job: 'none', outcome: 'already-deployed' })
  expect(outcomes(await fills(stage, { do: 'compare' }))).toEqual(['looked', undefined])

  const before = await ledgerOf(stage)
  for (const wrong of [
    { do: 'deploi', release: 'v1.0.0' },
    { do: 'deploy', release: 'v9.9.9' },
    { do: 'decide', question: '7.1', decision: 'retry' },
    { do: 'withdraw', reason: 'no campaign', options: 'schedule=s9' },
    { do: 'block', release: 'v1.0.0', reason: 'it loses orders', environment: 'prod' },
  ]) {
    const { look, work } = await fills(stage, wrong)
    expect(look.main.code, wrong.do).toBe(1)
    expect([look.main.outputs.job ?? '', work], wrong.do).toEqual(['', null])
  }
  expect(await ledgerOf(stage)).toEqual(before)

  const blocked = await fills(stage, { do: 'block', release: 'v1.1.0', reason: 'it loses orders' })
  expect(blocked.look.main.summary).toContain('blocks v1.1.0 in production')
  expect(outcomes(blocked)).toEqual(['blocked', undefined])
  const back = await fills(stage, { do: 'roll-back' })
  expect(back.look.main.outputs).toMatchObject({ job: 'act', sha: first, release: 'v1.0.0' })
  expect(outcomes(back)).toEqual(['succeeded', undefined])
  expect((await ledgerOf(stage)).serving?.release.tag).toBe('v1.0.0')

  const staging = { environment: 'staging' }
  for (const release of ['v1.0.0', 'v1.1.0']) {
    await fills(stage, {
      ...staging,
      do: 'unblock',
      release,
      reason: 'it loses none',
      options: 'all-environments=true',
    })
    expect(outcomes(await fills(stage, { ...staging, do: 'deploy', release }))).toEqual([
      'succeeded',
      undefined,
    ])
  }
  const rehearsed = await fills(stage, { ...staging, do: 'rehearse' })
  expect(rehearsed.look.main.outputs).toMatchObject({ job: 'act', sha: first, release: 'v1.1.0' })
  expect(outcomes(rehearsed)).toEqual(['succeeded', 'rehearsed'])
  expect(rehearsed.again?.main.summary).toContain('staging has rehearsed the rollback from v1.1.0')
})

/** A migration tool of two phases: the older table and the newer one are both there from its start to its end. */
const tool = {
  'bin/phases': [
    '#!/bin/sh',
    '. "$' + '{0%/*}/../operations/begin.sh"',
    'exec node "$root/operations/phases.mjs" "$1"',
    '',
  ].join('\n'),
  'operations/phases.mjs': [
    "import { join } from 'node:path'",
    "import { DatabaseSync } from 'node:sqlite'",
    "const database = new DatabaseSync(join(process.env.SHOP_HOME, 'shop.db'))",
    'const turns = {',
    "  start: 'CREATE TABLE wares AS SELECT * FROM products',",
    "  complete: 'CREATE TABLE completed (at INTEGER)',",
    "  rollback: 'DROP TABLE wares',",
    '}',
    'database.exec(turns[process.argv[2]])',
    '',
  ].join('\n'),
}

test('a migration in two phases is started, rolled back, started again and completed by the form', async () => {
  const stage = await aStory({ instances: 1, config: lean })
  const migrate = {
    start: 'bin/migrate && bin/phases start',
    complete: 'bin/phases complete',
    rollback: 'bin/phases rollback',
  }
  const tables = () => {
    const database = new DatabaseSync(join(stage.shop.home, 'shop.db'), { readOnly: true })
    const named = database
      .prepare("SELECT name FROM sqlite_master WHERE name IN ('wares', 'completed')")
      .all()
    database.close()
    return named.map(({ name }) => name)
  }
  await stage.release('v1.0.0', {
    config: { steps: { ...lean.steps, migrate: { run: 'bin/migrate', phase: 'expand' } } },
  })
  await fills(stage, { do: 'deploy', release: 'v1.0.0' })
  await stage.release('v1.1.0', {
    files: tool,
    migrations: 2,
    config: { steps: { ...lean.steps, migrate } },
  })
  const started = await fills(stage, { do: 'deploy', release: 'v1.1.0' })
  expect(started.look.main.summary).toContain('the migration stays open, and going back runs its rollback')
  expect(outcomes(started)).toEqual(['succeeded', undefined])
  expect(tables()).toEqual(['wares'])
  expect((await ledgerOf(stage)).migration).toMatchObject({ release: { tag: 'v1.1.0' }, state: 'open' })
  expect((await fills(stage, { do: 'status' })).look.main.summary).toContain('**v1.1.0** (deployment 2')

  expect(outcomes(await fills(stage, { do: 'roll-back' }))).toEqual(['succeeded', undefined])
  expect(tables()).toEqual([])
  expect(outcomes(await fills(stage, { do: 'deploy', release: 'v1.1.0' }))).toEqual(['succeeded', undefined])
  const completed = await fills(stage, { do: 'complete-migration' })
  expect(completed.look.main.summary).toContain('there is no safe rollback to v1.0.0')
  expect(completed.work?.main.outputs).toMatchObject({ outcome: 'succeeded', mode: 'complete-migration' })
  expect(tables()).toEqual(['wares', 'completed'])
  const late = await fills(stage, { do: 'roll-back' })
  expect(late.look.main.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'rollback-unsafe' })
  const again = await fills(stage, { do: 'complete-migration' })
  expect(again.look.main.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'migration-not-open' })
})
