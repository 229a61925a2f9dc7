import { expect } from 'vitest'
import { eventually } from '../../src/sandbox/fleet/eventually.ts'
import type { Job } from '../../src/sandbox/stage.ts'
import { type EngineShop, expectOutcome, isHandedOver, saidBy } from './engine-shop.ts'

const migrate = { run: 'app work 1s', shell: 'sh', on: { engine: 'web' }, phase: 'expand' }

/**
 * Tells the whole story of a shop with a gate: a first deployment, a migration that fails as a job of the engine, a release
 * that crashes, a run that is killed while the engine rolls, and the way back. `serves`: the kind of the image that the engine
 * is to run; null while it has no such service.
 */
export async function tellWholeStory(shop: EngineShop, serves: () => Promise<string | null>): Promise<void> {
  const approved = async (release: string): Promise<Job> => {
    const asked = await shop.deploy(release)
    expectOutcome(asked, 'waiting')
    return shop.decide(asked, 'approve')
  }

  await shop.release('v1', 'v1')
  const asked = await shop.deploy('v1')
  expectOutcome(asked, 'waiting')
  expect(saidBy(asked)).toContain('Nothing was deployed')
  expect(await serves()).toBeNull()
  expectOutcome(await shop.decide(asked, 'approve'), 'succeeded')
  expect(await serves()).toBe('v1')

  await shop.release('v2', 'failing', { steps: { migrate } })
  const unmigrated = await approved('v2')
  expectOutcome(unmigrated, 'waiting')
  expect(saidBy(unmigrated)).toMatch(/exited with 1/)
  expect(saidBy(unmigrated)).toMatch(/column orders\.total does not exist/)
  expect(await serves()).toBe('v1')
  expectOutcome(await shop.decide(unmigrated, 'roll-back'), 'rolled-back')

  await shop.release('v3', 'crash')
  const crashed = await approved('v3')
  expectOutcome(crashed, 'waiting')
  expect(saidBy(crashed)).toMatch(/no setting DATABASE_URL: giving up/)
  expectOutcome(await shop.decide(crashed, 'roll-back'), 'rolled-back')
  expect(await serves()).toBe('v1')

  await shop.release('v4', 'v2', { steps: { migrate } })
  const question = await shop.deploy('v4')
  const inputs = { command: 'decide', pause: question.main.outputs.pause ?? '', decision: 'approve' }
  const killed = await shop.project.start('v4', inputs, shop.env)
  await eventually('it is handed over', () => isHandedOver(shop))
  killed.child.kill('SIGKILL')
  await shop.ended(killed)
  const resumed = await shop.deploy('v4')
  expectOutcome(resumed, 'succeeded')
  expect(await serves()).toBe('v2')

  const back = { command: 'rollback', release: 'v1' }
  const rollback = await shop.project.job('v1', back, shop.env)
  expectOutcome(await shop.decide(rollback, 'approve'), 'succeeded')
  expect(await serves()).toBe('v1')
  expect(shop.project.ledger()).toMatchObject({ serving: { release: { tag: 'v1' } }, deployment: null })
}
