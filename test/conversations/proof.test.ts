import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as workflow from '../../src/sandbox/workflow.ts'
import { dispatches } from './dispatcher.ts'
import { ledgerOf } from './rig.ts'
import { aStory, decides, does } from './story.ts'

const smokeTest = { run: 'test ! -e "$SHOP_HOME/broken-in-$ROLLGATE_ENVIRONMENT"', attempts: 1 }
const config = {
  steps: { build: null, 'pre-deploy': null, scheduler: null, 'post-deploy': null, verify: smokeTest },
  // biome-ignore lint/suspicious/noThenProperty: a config is never awaited
  staging: { logs: 'https://logs.example.com/staging', then: ['production'] },
  production: { requires: { approval: false, 'verified-in': { environment: 'staging', for: '1h' } } },
}

test('production stays shut after a failed smoke test in staging, then for its soak, until the clock begins MM-15 MM-16 MM-18', async () => {
  const stage = await aStory({ instances: 1, config })
  await stage.release('v1.0.0', { config })
  const broken = join(stage.shop.home, 'broken-in-staging')
  writeFileSync(broken, '')
  const staged = await does(stage, { command: 'deploy', environment: 'staging', release: 'v1.0.0' })
  expect(staged.main.outputs).toMatchObject({ outcome: 'waiting', pause: '1.1' })
  expect(staged.main.summary).toContain('The smoke test of staging did not pass: verify exited with 1.')
  expect(staged.main.summary).toContain('https://logs.example.com/staging')

  const unproven = await workflow.deploy(stage, 'v1.0.0')
  expect(unproven.plan.main.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'not-verified' })
  expect(unproven.work).toBeNull()

  rmSync(broken)
  const answer = { environment: 'staging', pause: '1.1', decision: 'retry' }
  const retried = await decides(stage, 'v1.0.0', answer, { approver: null })
  expect(retried.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  const [kept] = (await ledgerOf(stage, 'shop', 'staging')).history
  const until = new Date(Date.parse(kept?.endedAt ?? '') + 3_600_000).toISOString()

  const early = await workflow.deploy(stage, 'v1.0.0')
  expect(early.plan.main.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'soak-too-short' })
  expect(early.plan.main.summary).toContain(until)
  expect(early.work).toBeNull()
  expect(stage.github.deployments.filter(({ environment }) => environment === 'production')).toEqual([])

  const after = (minutes: number) => new Date(Date.parse(until) + minutes * 60_000).toISOString()
  const schedule = (time: string) =>
    does(
      stage,
      { command: 'schedule', release: 'v1.0.0', at: `${time.slice(0, 16)}Z`, reason: 'kept by then' },
      { actor: 'rhea' },
    )
  expect((await schedule(after(-5))).main.outputs).toMatchObject({ 'reason-code': 'soak-too-short' })
  expect((await schedule(after(5))).main.outputs).toMatchObject({ outcome: 'scheduled' })
  expect((await dispatches(stage, after(1))).due).toEqual([])
  const { begun } = await dispatches(stage, after(6))
  expect(begun?.main, begun?.main.log.join('\n')).toMatchObject({ outputs: { outcome: 'succeeded' } })
})
