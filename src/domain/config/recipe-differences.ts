import { type DeclaredService, isOnEngine } from './declared-service.ts'
import type { EngineService } from './engine-recipe.ts'
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

const engineParts = {
  engine: 'engine',
  minHealthyTime: 'min-healthy-time',
  deadline: 'deadline',
  onFailure: 'on-failure',
} as const satisfies Partial<Record<keyof EngineService, string>>

const serviceParts = {
  fleet: 'fleet',
  traffic: 'traffic',
  version: 'version',
  healthCheck: 'health-check',
  selfTest: 'self-test',
  rollout: 'rollout',
} as const satisfies Partial<Record<keyof Service, string>>

type Services = readonly DeclaredService[]

/** Returns the parts in which a service differs. One that moved between a fleet and an engine differs as a whole. */
function partsThatDiffer(here: DeclaredService, there: DeclaredService): string[] | null {
  if (isOnEngine(here) && isOnEngine(there)) return differing(engineParts, here, there)
  return isOnEngine(here) || isOnEngine(there) ? null : differing(serviceParts, here, there)
}

const differing = <S extends object>(parts: Partial<Record<keyof S, string>>, here: S, there: S): string[] =>
  (Object.keys(parts) as (keyof S)[])
    .filter((part) => differ(here[part], there[part]))
    .map((part) => parts[part] ?? '')

function serviceDifferences(one: Services, other: Services): string[] {
  const names = [...new Set([...one, ...other].map(({ name }) => name))]
  const within = names.flatMap((name) => {
    const [here, there] = [one, other].map((services) => services.find((service) => service.name === name))
    const parts = here === undefined || there === undefined ? null : partsThatDiffer(here, there)
    return parts === null ? [`services.${name}`] : parts.map((part) => `services.${name}.${part}`)
  })
  const shared = (services: Services, others: Services) =>
    services.map(({ name }) => name).filter((name) => others.some((service) => service.name === name))
  const reordered = differ(shared(one, other), shared(other, one))
  return reordered ? [...within, 'the order of the services'] : within
}

/** Both were read by the same reader, so that the same config has its keys in the same order. */
const differ = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other)
