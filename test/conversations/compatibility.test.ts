import { expect, test } from 'vitest'
import { lose } from './lost.ts'
import { ledgerOf } from './rig.ts'
import { aStory, decides, deploys, does, lean, resultOf, type Story, unguarded, versions } from './story.ts'

/** The files that each query of these releases needs; the script belongs to the release, wherever it runs. */
const checks = {
  'bin/check-schema': [
    '#!/bin/sh',
    '. "$' + '{0%/*}/../operations/begin.sh"',
    'exec node "$root/operations/check-schema.mjs"',
    '',
  ].join('\n'),
  'operations/check-schema.mjs': [
    "import { join } from 'node:path'",
    "import { DatabaseSync } from 'node:sqlite'",
    "const database = new DatabaseSync(join(process.env.SHOP_HOME, 'shop.db'), { readOnly: true })",
    'try {',
    "  database.prepare('SELECT name, remark FROM products').all()",
    "  console.log('every query finds its columns')",
    '} catch ({ message }) {',
    '  console.error(message)',
    '  process.exitCode = 1',
    '}',
    '',
  ].join('\n'),
}
const steps = {
  ...lean.steps,
  migrate: { run: 'bin/migrate', phase: 'expand' },
  'check-compatibility': 'cd "$ROLLGATE_PREVIOUS_CHECKOUT" && bin/check-schema',
}
const staging = { environment: 'staging' }
const check = (journal: readonly string[]) => journal.filter((line) => line.startsWith('check-schema'))

const wayBackIn = async (stage: Story, environment: string) => {
  const { main } = await does(stage, { command: 'status', environment })
  return JSON.parse(main.outputs.result ?? '{}').environments[0]['way-back']
}

test('the older release proves the way back; where it cannot, somebody decides, and a rollback is refused SD-33 WX-29', async () => {
  const production = { requires: { approval: false, 'verified-in': 'staging' } }
  const stage = await aStory({
    instances: 2,
    config: { staged: ['web-2'], production, steps, rollout: { 'accept-downtime': true } },
  })
  await stage.release('v1.0.0', { files: checks })
  await stage.quietly(() => does(stage, { ...staging, command: 'deploy', release: 'v1.0.0' }))
  await stage.quietly(() => deploys(stage, 'v1.0.0'))
  stage.aside('v1.0.0 serves staging and production; nothing served before, so that its checks were not run')

  await stage.release('v1.1.0', { files: checks, migrations: 2 })
  const there = await does(stage, { ...staging, command: 'deploy', release: 'v1.1.0' })
  expect(there.main.outputs.outcome).toBe('succeeded')
  expect(check(stage.shop.journal())).toEqual(['check-schema v1.1.0 -'])
  const plan = await does(stage, { command: 'plan', release: 'v1.1.0' })
  expect(plan.main.summary).toMatch(
    /could go back to \*\*v1\.0\.0\*\* .*proven in staging by deployment 2 at/,
  )
  expect((await deploys(stage, 'v1.1.0')).main.outputs.outcome).toBe('succeeded')
  expect(await wayBackIn(stage, 'production')).toMatchObject({
    release: { tag: 'v1.0.0' },
    feasibility: 'safe',
    proven: { environment: 'production', deployment: 2 },
  })

  await stage.release('v1.2.0', { files: checks, migrations: 3 })
  const asked = await does(stage, { ...staging, command: 'deploy', release: 'v1.2.0' })
  expect(asked.main).toMatchObject({ code: 1, outputs: { outcome: 'waiting', pause: '3.1' } })
  expect(resultOf(asked).pause).toMatchObject({
    step: 'check-compatibility',
    'reason-code': 'not-compatible',
    options: ['retry', 'force-next', 'roll-back', 'abandon'],
  })
  expect(asked.main.summary).toContain('v1.1.0 serves on the schema of v1.2.0 at this moment')
  const forced = { ...staging, pause: '3.1', decision: 'force-next', reason: 'the remark must go' }
  expect((await decides(stage, 'v1.2.0', forced)).main.outputs.outcome).toBe('succeeded')

  const warned = await does(stage, { command: 'plan', release: 'v1.2.0' })
  expect(warned.main.summary).toMatch(
    /Once this has migrated there is no safe rollback to v1\.1\.0: .* in staging by deployment 3/,
  )
  const stopped = await deploys(stage, 'v1.2.0')
  expect(stopped.main.outputs).toMatchObject({ outcome: 'waiting', pause: '3.1' })
  expect(await versions(stage)).toEqual(['v1.1.0', 'v1.2.0'])
  const known = { pause: '3.1', decision: 'force-next', reason: 'staging went well' }
  expect((await decides(stage, 'v1.2.0', known)).main.outputs.outcome).toBe('succeeded')
  expect((await ledgerOf(stage)).history[0]?.compatibility).toMatchObject({
    passed: false,
    forced: { by: 'rhea', reason: 'staging went well' },
  })

  expect(await wayBackIn(stage, 'production')).toMatchObject({ feasibility: 'incompatible', proven: null })
  const list = await does(stage, { command: 'releases', environment: 'production' })
  expect(list.main.summary).toMatch(/❌ \| v1\.1\.0 \| not safe: its checks failed on the schema of v1\.2\.0/)
  expect(list.main.summary).toMatch(
    /❌ \| v1\.0\.0 \| not safe: the checks of v1\.1\.0, which is newer, failed/,
  )
  const rollback = { command: 'plan', mode: 'rollback' }
  const refused = await does(stage, rollback)
  expect(refused.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'rollback-unsafe' } })
  expect(refused.main.log.join()).toContain(
    'The ledger of production remembers no release that is safe to go back to.',
  )
  const acknowledged = await does(stage, { ...rollback, 'acknowledge-data-loss': 'true' })
  expect(acknowledged.main.outputs.outcome).toBe('planned')
  expect(acknowledged.main.summary).toMatch(/This rollback is not safe: .*that was acknowledged/)
  stage.asksAtMost(280)
})

test('a run that is lost in the middle of the checks is gone on with by running them again GH-10', async () => {
  const stage = await aStory({ instances: 1, config: { production: unguarded, steps } })
  await stage.release('v1.0.0', { files: checks })
  await stage.quietly(() => deploys(stage, 'v1.0.0'))
  stage.aside('v1.0.0 serves')
  await stage.release('v1.1.0', { files: checks, migrations: 2 })
  await lose(stage, 'check-schema', 'v1.1.0')
  stage.aside('the runner is lost while the checks run')
  expect((await deploys(stage, 'v1.1.0')).main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(check(stage.shop.journal())).toEqual(['check-schema v1.1.0 -', 'check-schema v1.1.0 -'])
  expect(stage.shop.migrationRuns().map(({ release }) => release)).toEqual(['v1.0.0', 'v1.1.0'])
  expect((await ledgerOf(stage)).history[0]?.compatibility).toMatchObject({ passed: true })
  stage.asksAtMost(75)
})
