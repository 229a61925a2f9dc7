import type { Recipe, StepRecipes } from './recipe.ts'
import type { Service } from './service.ts'

/**
 * Returns the paths of the config that differ in the parts a rollback would run. `build` and `migrate` do not
 * count, since a rollback leaves them out, nor does a test bed, which a rollback does not use.
 */
export function recipeDifferences(one: Recipe, other: Recipe): string[] {
  const steps = (Object.keys(stepNames) as (keyof typeof stepNames)[])
    .filter((step) => differ(one.steps[step], other.steps[step]))
    .map((step) => `steps.${stepNames[step]}`)
  return [...steps, ...serviceDifferences(one.services, other.services)]
}

const stepNames = {
  configureBroker: 'configure-broker',
  preDeploy: 'pre-deploy',
  scheduler: 'scheduler',
  preConfigure: 'pre-configure',
  maintenance: 'maintenance',
  verify: 'verify',
  hooks: 'hooks',
  postConfigure: 'post-configure',
  postDeploy: 'post-deploy',
} as const satisfies Partial<Record<keyof StepRecipes, string>>

const serviceParts = {
  fleet: 'fleet',
  traffic: 'traffic',
  version: 'version',
  healthCheck: 'health-check',
  selfTest: 'self-test',
  rollout: 'rollout',
} as const satisfies Partial<Record<keyof Service, string>>

function serviceDifferences(one: readonly Service[], other: readonly Service[]): string[] {
  const names = [...new Set([...one, ...other].map(({ name }) => name))]
  const within = names.flatMap((name) => {
    const [here, there] = [one, other].map((services) => services.find((service) => service.name === name))
    if (here === undefined || there === undefined) return [`services.${name}`]
    return (Object.keys(serviceParts) as (keyof typeof serviceParts)[])
      .filter((part) => differ(here[part], there[part]))
      .map((part) => `services.${name}.${serviceParts[part]}`)
  })
  const shared = (services: readonly Service[], others: readonly Service[]) =>
    services.map(({ name }) => name).filter((name) => others.some((service) => service.name === name))
  const reordered = differ(shared(one, other), shared(other, one))
  return reordered ? [...within, 'the order of the services'] : within
}

/** Both were read by the same reader, so that the same config has its keys in the same order. */
const differ = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other)
