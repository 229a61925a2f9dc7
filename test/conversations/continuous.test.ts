import { expect, test } from 'vitest'
import { ledgerOf } from './rig.ts'
import { aStory, deploys, does, lean } from './story.ts'

test('one config: staging takes each release by itself, production not without a person WX-05 CC-28', async () => {
  const migrate = { run: 'bin/migrate', phase: 'expand' }
  const stage = await aStory({ instances: 1, config: { steps: { ...lean.steps, migrate } } })
  await stage.release('v1.0.0')
  const automatic = { actor: 'github-actions[bot]' }
  const there = await does(stage, { command: 'deploy', environment: 'staging', release: 'v1.0.0' }, automatic)
  expect(there.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  const here = await deploys(stage, 'v1.0.0', automatic)
  expect(here.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'refused', 'reason-code': 'approval-missing' },
  })
  await expect(ledgerOf(stage)).rejects.toThrow('refs/rollgate/shop/production')
  expect(stage.github.deployments.map(({ environment }) => environment)).toEqual(['staging'])

  stage.aside('the same, once somebody has approved it')
  const run = stage.run('github-actions[bot]')
  run.approve('rhea', 'looks good in staging')
  const approved = await run.job({ command: 'deploy', release: 'v1.0.0' })
  expect(approved.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  stage.asksAtMost(80)
})
