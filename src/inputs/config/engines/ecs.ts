import type { EcsEngine } from '../../../domain/config/engine-recipe.ts'
import type { EcsEngineValue } from '../schema/engines/ecs.ts'

/** Reads a service of ECS. */
export const toEcsEngine = (written: EcsEngineValue, images: EcsEngine['images']): EcsEngine => ({
  kind: 'ecs',
  images,
  cluster: written.cluster,
  service: written.service,
  region: written.region ?? null,
  taskDefinition: written['task-definition'] ?? null,
  create: written.create ?? null,
  endpoint: written.endpoint ?? null,
})
