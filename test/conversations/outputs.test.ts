import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as workflow from '../../src/sandbox/workflow.ts'
import { aStory, decides, does, unguarded } from './story.ts'

const note = 'echo "$ROLLGATE_ENVIRONMENT $ROLLGATE_RELEASE $DIGEST" >> "$SHOP_HOME/'
const worker = {
  recipe: { fleet: { install: `${note}worker"` }, rollout: { 'accept-downtime': true } },
  staging: { fleet: { local: { instances: ['worker-1'] } } },
  production: 'absent',
}
const steps = {
  ...{ 'pre-deploy': null, scheduler: null, 'post-deploy': null },
  build:
    'bin/build && echo "DIGEST=$(wc -l < "$SHOP_HOME/builds" 2> /dev/null || echo 0)" >> "$ROLLGATE_OUTPUT"; echo built >> "$SHOP_HOME/builds"',
  hooks: {
    warm: { run: `${note}hooks"`, before: 'roll-services/web' },
    tell: { run: `test -e "$SHOP_HOME/told" && ${note}hooks"`, after: 'roll-services/web' },
    quiet: { run: `${note}quiet"`, before: 'roll-services/worker' },
  },
}

test('hooks around a step see the outputs of the build, also in the run of a decision; an absent service is left out', async () => {
  const config = { production: unguarded, steps, worker }
  const stage = await aStory({ instances: 1, config: { ...config, rollout: { 'accept-downtime': true } } })
  const file = (name: string): string => join(stage.shop.home, name)
  const linesOf = (name: string): string[] =>
    existsSync(file(name)) ? readFileSync(file(name), 'utf8').trim().split('\n') : []
  await stage.release('v1.0.0')

  const shown = await workflow.deploy(stage, 'v1.0.0')
  expect(shown.plan.main.summary).toMatch(/worker.*(?:left out|absent)/)
  const failed = shown.work
  expect(failed?.main, failed?.main.log.join('\n')).toMatchObject({
    outputs: { outcome: 'waiting', pause: '1.1' },
  })
  expect(linesOf('hooks')).toEqual(['production v1.0.0 0'])
  writeFileSync(file('told'), '')
  const answered = await decides(stage, 'v1.0.0', { pause: '1.1', decision: 'retry' })
  expect(answered.main, answered.main.log.join('\n')).toMatchObject({ outputs: { outcome: 'succeeded' } })
  expect(linesOf('hooks')).toEqual(['production v1.0.0 0', 'production v1.0.0 0'])
  expect([linesOf('worker'), linesOf('quiet')]).toEqual([[], []])

  const staged = await does(stage, { command: 'deploy', environment: 'staging', release: 'v1.0.0' })
  expect(staged.main, staged.main.log.join('\n')).toMatchObject({ outputs: { outcome: 'succeeded' } })
  expect(linesOf('worker')).toEqual([expect.stringMatching(/^staging v1\.0\.0 \d/)])
  expect(linesOf('quiet')).toHaveLength(1)

  const restart = await does(stage, { command: 'restart', services: 'worker' })
  expect(restart.main.outputs).toMatchObject({ outcome: 'refused' })
  expect(restart.main.log.join('\n')).toMatch(/worker/)
})
