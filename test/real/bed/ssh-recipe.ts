import type { Host, SshFleet } from '../../../src/domain/config.ts'
import type { SshdFarm } from './sshd.ts'

/** A fleet of all hosts of a farm, reached by the farm's own settings. */
export function fleetOf({ hosts, settings }: SshdFarm, rest: Partial<SshFleet> = {}): SshFleet {
  const instances = hosts.map(({ name }) => hostNamed(name))
  return recipeOf(instances, { settings, ...rest })
}

export function recipeOf(instances: readonly Host[], rest: Partial<SshFleet> = {}): SshFleet {
  return {
    kind: 'ssh',
    instances,
    inventory: null,
    user: null,
    port: null,
    jump: null,
    settings: null,
    hostKeys: 'known',
    connectTimeout: 10_000,
    sendEnv: [],
    upload: null,
    stop: null,
    install: null,
    start: null,
    ...rest,
  }
}

export function hostNamed(name: string, rest: Partial<Host> = {}): Host {
  return { name, host: name, env: {}, user: null, port: null, jump: null, ...rest }
}
