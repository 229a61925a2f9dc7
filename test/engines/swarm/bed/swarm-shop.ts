import { onTestFinished } from 'vitest'
import { type EngineShop, openShop } from '../../engine-shop.ts'
import type { Daemon } from './daemon.ts'
import { recipeOf } from './services.ts'

/** A shop whose service is one of a swarm, and a look at what runs there. */
export interface SwarmShop extends EngineShop {
  readonly service: string
  /** The kinds that ready replicas run, one a replica. */
  running(): Promise<readonly string[]>
}

let count = 0

export async function openSwarmShop(
  daemon: Daemon,
  { replicas = 2, gated = false }: { replicas?: number; gated?: boolean } = {},
): Promise<SwarmShop> {
  count += 1
  const service = `shop-${count}`
  const { create, order, parallelism } = recipeOf(service, replicas)
  const shop = await openShop({
    images: daemon,
    gated,
    env: { PATH: process.env.PATH ?? '', ROLLGATE_ENV: `DOCKER_HOST=${daemon.env.DOCKER_HOST}` },
    engine: (image) => ({ swarm: { service, image, create, order, parallelism, monitor: '3s' } }),
  })
  onTestFinished(async () => {
    await daemon.docker('service', 'rm', service).catch(() => {})
  })
  return {
    ...shop,
    service,
    async running() {
      const words = [
        '--no-trunc',
        '--filter',
        'desired-state=running',
        '--format',
        '{{.CurrentState}} {{.Image}}',
      ]
      const lines = (await daemon.docker('service', 'ps', ...words, service)).split('\n')
      return lines.filter((line) => line.startsWith('Running ')).map((line) => daemon.kindOf(line))
    },
  }
}
