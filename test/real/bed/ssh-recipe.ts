import type { Host, SshFleet } from '../../../src/domain/config/fleet.ts'
import { anSshFleet } from '../../domain/a-plan.ts'
import type { SshdFarm } from './sshd.ts'

/** A fleet of all hosts of a farm, reached by the farm's own settings. */
export function fleetOf({ hosts, settings }: SshdFarm, rest: Partial<SshFleet> = {}): SshFleet {
  const instances = hosts.map(({ name }) => hostNamed(name))
  return recipeOf(instances, { settings, ...rest })
}

/** A fleet whose hosts do only the work that a test names. */
export const recipeOf = (instances: readonly Host[], rest: Partial<SshFleet> = {}): SshFleet =>
  anSshFleet([], { instances, install: null, ...rest })

export function hostNamed(name: string, rest: Partial<Host> = {}): Host {
  return { name, host: name, env: {}, user: null, port: null, jump: null, ...rest }
}
