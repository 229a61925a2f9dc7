import type { EnvironmentPolicy } from '../config/policy.ts'

/** Says that an environment does not have a service: `worker is absent in staging`. */
export const absentIn = (service: string, { name }: Pick<EnvironmentPolicy, 'name'>): string =>
  `${service} is absent in ${name}`

/** The service of a step like `roll-services/worker`; null for a step of no service. */
export const serviceOfStep = (step: string): string | null =>
  /^(?:roll-services|hand-over|prepare)\/(.+)$/.exec(step)?.[1] ?? null
