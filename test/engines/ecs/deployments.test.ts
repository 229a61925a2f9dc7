import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../../src/sandbox/fleet/eventually.ts'
import type { Job } from '../../../src/sandbox/stage.ts'
import { killedAtEach, selfKilling } from '../../real/bed/killing.ts'
import { type EngineShop, expectOutcome, isHandedOver, openShop, saidBy } from '../engine-shop.ts'
import { missingForEngines } from '../needs.ts'
import { type EcsBed, ENDPOINT, ecsNeeds, startEcs } from './bed/ministack.ts'
import { files } from './bed/services.ts'

interface EcsShop extends EngineShop {
  readonly service: string
}

/** The parts of an answer of ECS that a test looks at. */
interface Described {
  readonly services: readonly [{ readonly taskDefinition: string; readonly deployments: readonly unknown[] }]
}

describe.skipIf(missingForEngines(...ecsNeeds) !== null)('deployments to ECS', { timeout: 900_000 }, () => {
  let bed: EcsBed
  let count = 0
  beforeAll(async () => {
    bed = await startEcs()
  })
  afterAll(() => bed?.close())

  async function opened(): Promise<EcsShop> {
    count += 1
    const service = `shop-${count}`
    onTestFinished(async () => {
      await bed.ecs('delete-service', '--cluster', 'shop', '--service', service, '--force')
    })
    const own = [
      'AWS_ACCESS_KEY_ID',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_DEFAULT_REGION',
      'AWS_EC2_METADATA_DISABLED',
    ]
    const places = {
      'task-definition': 'deploy/task.json',
      create: 'deploy/service.json',
      endpoint: ENDPOINT,
    }
    const shop = await openShop({
      images: bed.daemon,
      env: {
        PATH: bed.env.PATH ?? '',
        ROLLGATE_ENV: own.map((name) => `${name}=${bed.env[name]}`).join('\n'),
      },
      files: files(service, 2),
      // Each look is four calls of a program that takes a second to start on a busy machine.
      deadline: '5m',
      engine: (image) => ({ ecs: { cluster: 'shop', service, image, region: 'eu-west-1', ...places } }),
    })
    return { ...shop, service }
  }

  /** A shop that serves v1 by a first deployment, which made the service. */
  async function serving(): Promise<EcsShop> {
    const shop = await opened()
    await shop.release('v1', 'v1')
    expectOutcome(await shop.deploy('v1'), 'succeeded')
    return shop
  }

  /** The image that ECS names for the service. */
  async function imageOf({ service }: EcsShop): Promise<string> {
    const { services } = await bed.ecs<Described>(
      'describe-services',
      '--cluster',
      'shop',
      '--services',
      service,
    )
    const words = ['describe-task-definition', '--task-definition', services[0].taskDefinition]
    return JSON.stringify(await bed.ecs(...words))
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
    expect(await imageOf(shop)).toContain(bed.daemon.image('v1'))
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
    const shop = await opened()
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
