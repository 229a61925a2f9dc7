import { type Fleet, hostOf, type Instance } from '../../domain/config/fleet.ts'
import type { Variables } from '../ports.ts'

/** Returns the variables about the host of an instance, for its commands and addresses. */
export function hostVariables(fleet: Fleet, instance: Instance): Variables {
  const host = hostOf(fleet, instance)
  return host === null ? {} : { ROLLGATE_HOST: host }
}
