import { createClock } from '../../../../src/adapters/clock.ts'
import { createSwarm } from '../../../../src/adapters/engine/swarm/control.ts'
import type { SwarmEngine } from '../../../../src/domain/config/engine-recipe.ts'
import type { EngineControl } from '../../../../src/pipeline/ports.ts'
import { realShell } from '../../../adapters/real-shell.ts'
import type { Daemon } from './daemon.ts'

/** Everything that a test of a swarm needs on this machine. */
export const swarmNeeds = [
  'dockerd',
  'docker',
  'haproxy',
  'go',
  'ip',
  'unshare',
  'setpriv',
  'nsenter',
] as const

/** A service as a config has it, made by the first rollout. */
export const recipeOf = (
  service: string,
  replicas: number,
  laid: Partial<SwarmEngine> = {},
): SwarmEngine => ({
  kind: 'swarm',
  images: { web: 'registry/shop@$DIGEST' },
  service,
  host: null,
  create: [
    ...['--network', 'web', '--endpoint-mode', 'dnsrr', '--replicas', String(replicas)],
    ...['--restart-delay', '1s', '--update-failure-action', 'rollback', '--stop-grace-period', '5s'],
  ],
  registryAuth: false,
  order: 'start-first',
  parallelism: 2,
  monitor: 3_000,
  ...laid,
})

export const controlOf = (daemon: Daemon, recipe: SwarmEngine): EngineControl =>
  createSwarm(recipe, { shell: realShell(daemon.env).shell, clock: createClock() })
