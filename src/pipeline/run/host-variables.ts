import type { Fleet, Instance } from '../../domain/config/fleet.ts'
import type { Variables } from '../ports.ts'

/** Returns the variables about the host of an instance, for its commands and addresses. */
export function hostVariables(fleet: Fleet, { name }: Instance): Variables {
  if (fleet.kind !== 'ssh') return {}
  return { ROLLGATE_HOST: fleet.instances.find((host) => host.name === name)?.host ?? '' }
}
