import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import type { Job } from '../../../src/sandbox/stage.ts'
import { killedAtEach, selfKilling } from '../../real/bed/killing.ts'
import { expectOutcome, isHandedOver, saidBy } from '../engine-shop.ts'
import { missingForEngines } from '../needs.ts'
import { type Described, type EcsShop, imageOf, openEcsShop } from './bed/ecs-shop.ts'
import { type EcsBed, ecsNeeds, startEcs } from './bed/ministack.ts'

describe.skipIf(missingForEngines(...ecsNeeds) !== null)('deployments to ECS', { timeout: 900_000 }, () => {
  let bed: EcsBed
  beforeAll(async () => {
    bed = await startEcs()
  })
  afterAll(() => bed?.close())

  /** A shop that serves v1 by a first deployment, which made the service. */
  async function serving(): Promise<EcsShop> {
    const shop = await openEcsShop(bed)
    await shop.release('v1', 'v1')
    expectOutcome(await shop.deploy('v1'), 'succeeded')
    return shop
  }

  test('a release that crashes is no success though ECS goes back by itself, and is told by exit code SP-33', async () => {
    const shop = await serving()
    await shop.release('v2', 'crash')
    const job = await shop.deploy('v2')
    expectOutcome(job, 'waiting')
    expect(saidBy(job)).toMatch(/engine-(?:rolled-back|stuck|failed)/)
    expect(saidBy(job)).toMatch(/exit code 1/)
    expect(saidBy(job)).toMatch(/no setting DATABASE_URL: giving up/)
    expectOutcome(await shop.decide(job, 'roll-back'), 'rolled-back')
    expect(await imageOf(bed, shop)).toContain(bed.daemon.image('v1'))
    expect(shop.project.ledger()?.serving?.release.tag).toBe('v1')
  })

  /** Deploys a release that is slow to start, and disturbs it once it is handed over. */
  async function disturbed(...words: readonly string[]): Promise<Job> {
    const shop = await serving()
    await shop.release('v2', 'v2')
    const started = await shop.start('v2')
    await eventually('it is handed over', () => isHandedOver(shop))
    await bed.ecs('update-service', '--cluster', 'shop', '--service', shop.service, ...words)
    return shop.ended(started)
  }

  test('a deployment by another person takes the place of a rollout, which is superseded', async () => {
    const job = await disturbed('--force-new-deployment')
    expectOutcome(job, 'waiting')
    expect(saidBy(job)).toMatch(/engine-superseded/)
  })

  test('a service that is scaled to zero is asked about', async () => {
    const job = await disturbed('--desired-count', '0')
    expectOutcome(job, 'waiting')
    expect(saidBy(job)).toMatch(/engine-(?:scaled-to-zero|superseded)/)
  })

  test('a runner that is killed at every event hands over once, and ends as ever GH-10', async () => {
    const shop = await openEcsShop(bed)
    await shop.release('v2', 'v2')
    const { env, moments } = selfKilling()
    const last = await killedAtEach(shop.project, { ...shop.env, ...env })
    expect(moments().length).toBeGreaterThan(5)
    expect(last, last.log.join('\n')).toMatchObject({ code: 0 })
    const { services } = await bed.ecs<Described>(
      'describe-services',
      '--cluster',
      'shop',
      '--services',
      shop.service,
    )
    expect(services[0].deployments).toHaveLength(1)
    expect(services[0].taskDefinition).toMatch(/:1$/)
    expect(shop.project.ledger()).toMatchObject({ serving: { release: { tag: 'v2' } }, deployment: null })
  })
})
