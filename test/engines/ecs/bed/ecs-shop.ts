import { onTestFinished } from 'vitest'
import { type EngineShop, openShop } from '../../engine-shop.ts'
import { type EcsBed, ENDPOINT } from './ministack.ts'
import { files } from './services.ts'

/** A shop whose service is one of ECS, made by its first deployment. */
export interface EcsShop extends EngineShop {
  readonly service: string
}

let count = 0

const own = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_DEFAULT_REGION', 'AWS_EC2_METADATA_DISABLED']

export async function openEcsShop(bed: EcsBed, { gated = false } = {}): Promise<EcsShop> {
  count += 1
  const service = `shop-${count}`
  onTestFinished(async () => {
    await bed.ecs('delete-service', '--cluster', 'shop', '--service', service, '--force')
  })
  const places = { 'task-definition': 'deploy/task.json', create: 'deploy/service.json', endpoint: ENDPOINT }
  const shop = await openShop({
    images: bed.daemon,
    gated,
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

/** The parts of an answer of ECS that a test looks at. */
export interface Described {
  readonly services: readonly [{ readonly taskDefinition: string; readonly deployments: readonly unknown[] }]
}

/** Returns the text of the task definition that ECS names for the service, with its image in it. */
export async function imageOf(bed: EcsBed, { service }: EcsShop): Promise<string> {
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
