import type { SwarmEngine } from '../../../domain/config/engine-recipe.ts'
import type { SwarmEngineValue } from '../schema/engines/swarm.ts'

/** Reads a service of a swarm. */
export const toSwarmEngine = (name: string, written: SwarmEngineValue): SwarmEngine => ({
  kind: 'swarm',
  images: { [name]: written.image },
  service: written.service,
  host: written.host ?? null,
  create: written.create ?? null,
  registryAuth: written['registry-auth'],
  order: written.order ?? null,
  parallelism: written.parallelism ?? null,
  monitor: written.monitor ?? null,
})
