import { createClock } from '../../../../src/adapters/clock.ts'
import { createEcs } from '../../../../src/adapters/engine/ecs/control.ts'
import type { EcsEngine } from '../../../../src/domain/config/engine-recipe.ts'
import type { EngineControl } from '../../../../src/pipeline/ports.ts'
import { realShell } from '../../../adapters/real-shell.ts'
import { type EcsBed, ENDPOINT } from './ministack.ts'

/** The files of the release: a task definition, and a service that the first rollout makes. */
export const files = (service: string, tasks: number): Readonly<Record<string, string>> => ({
  'deploy/task.json': JSON.stringify({
    family: service,
    networkMode: 'bridge',
    containerDefinitions: [
      {
        name: 'app',
        image: 'filled-in',
        memory: 64,
        essential: true,
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/shop',
            'awslogs-region': 'eu-west-1',
            'awslogs-stream-prefix': service,
            'awslogs-create-group': 'true',
          },
        },
      },
    ],
  }),
  'deploy/service.json': JSON.stringify({
    desiredCount: tasks,
    launchType: 'EC2',
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: true, rollback: true },
      maximumPercent: 200,
      minimumHealthyPercent: 100,
    },
  }),
})

export const recipeOf = (service: string, laid: Partial<EcsEngine> = {}): EcsEngine => ({
  kind: 'ecs',
  images: { app: 'registry/shop@$DIGEST' },
  cluster: 'shop',
  service,
  region: 'eu-west-1',
  taskDefinition: 'deploy/task.json',
  create: 'deploy/service.json',
  endpoint: ENDPOINT,
  ...laid,
})

export function controlOf(bed: EcsBed, recipe: EcsEngine, tasks = 2): EngineControl {
  const all = files(recipe.service, tasks)
  return createEcs(recipe, {
    shell: realShell(bed.env).shell,
    clock: createClock(),
    files: {
      read: (path) => (all[path] === undefined ? { why: 'there is no such file' } : { text: all[path] }),
    },
  })
}
