import type { Ability } from '../../../domain/detour/deed.ts'
import { found, type Reading } from '../../../domain/reading.ts'
import type { EcsHand } from './hand-over.ts'
import type { EcsService } from './shapes.ts'

/** Looks if the service can be read, and if ECS itself rolls it. */
export async function ableToRoll({ reader, recipe, calling }: EcsHand): Promise<Reading<Ability>> {
  const service = await reader.service(calling)
  if (service.kind === 'unknown') return service
  if (service.kind === 'found') return found(abilityOf(service.value))
  const refusals =
    recipe.create === null
      ? [`The cluster ${recipe.cluster} has no service ${recipe.service}, and the config has no \`create\`.`]
      : []
  return found({ refusals, warnings: [], facts: { service: 'will be created' } })
}

function abilityOf(service: EcsService): Ability {
  const { deploymentController, deploymentConfiguration: settings = {}, desiredCount } = service
  const controller = deploymentController?.type ?? 'ECS'
  const breaker = settings.deploymentCircuitBreaker
  return {
    refusals: [
      ...(controller === 'ECS' ? [] : [`${service.serviceName} is rolled by ${controller}, not by ECS.`]),
      ...(service.status === 'ACTIVE' ? [] : [`${service.serviceName} is ${service.status}.`]),
    ],
    warnings: breaker?.enable === true ? [] : [withoutBreaker(service.serviceName)],
    facts: {
      tasks: String(desiredCount),
      'minimum healthy percent': String(settings.minimumHealthyPercent ?? 100),
      'maximum percent': String(settings.maximumPercent ?? 200),
      'circuit breaker': breakerInWords(breaker),
    },
  }
}

const withoutBreaker = (name: string): string =>
  `${name} has no deployment circuit breaker: ECS starts tasks that fail for ever, until a person rolls it back.`

function breakerInWords(breaker: { enable: boolean; rollback: boolean } | undefined): string {
  if (breaker?.enable !== true) return 'off'
  return breaker.rollback ? 'on, with rollback, which is no success' : 'on'
}
