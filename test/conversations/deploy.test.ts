import { expect, test } from 'vitest'
import * as workflow from '../../src/sandbox/workflow.ts'
import { aStage, conversation, ledgerOf } from './rig.ts'

test('SP-01 GH-01 SP-11: a first deployment runs every step in order, and is recorded', async () => {
  const stage = await aStage()
  await stage.release('v1.0.0')
  const { plan, work } = await workflow.deploy(stage, 'v1.0.0')
  if (work === null) throw new Error('nothing was planned')
  expect(work.main.outputs).toMatchObject({
    outcome: 'succeeded',
    'deployment-id': '1',
    'previous-release': '',
  })
  expect(work.main.code).toBe(0)
  expect(await ledgerOf(stage)).toMatchObject({
    serving: { release: { tag: 'v1.0.0' }, record: 1 },
    deployment: null,
    scheduler: null,
  })
  await expect(
    conversation(stage, [
      { title: 'plan', job: plan },
      { title: 'deploy', job: work },
    ]),
  ).toMatchFileSnapshot('transcripts/first-deployment.txt')
})
