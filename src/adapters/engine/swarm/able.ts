import * as z from 'zod/mini'
import type { Ability } from '../../../domain/detour/deed.ts'
import { found, type Reading } from '../../../domain/reading.ts'
import { readJson } from '../read-json.ts'
import { readService, unseen } from './docker.ts'
import { missing, type SwarmHand } from './hand-over.ts'
import type { SwarmService } from './service-shape.ts'

const infoShape = z.object({ LocalNodeState: z.string(), ControlAvailable: z.boolean() })

/** Looks if a manager of a swarm answers, and if the service can be rolled. */
export async function ableToRoll({ docker, recipe, calling }: SwarmHand): Promise<Reading<Ability>> {
  const info = await docker.call(['info', '--format', '{{json .Swarm}}'], calling)
  if (info.kind !== 'answered') return unseen(recipe.service, info.words)
  const swarm = readJson(infoShape, info.text)
  if (typeof swarm === 'string') return unseen(recipe.service, swarm)
  if (!swarm.value.ControlAvailable) return found(refusing(notAManager(swarm.value.LocalNodeState)))
  const service = await readService(docker, recipe.service, calling)
  if (service.kind === 'unknown') return service
  if (service.kind === 'found') return found(abilityOf(service.value))
  return found(recipe.create === null ? refusing(sentence(missing(recipe.service))) : nothingYet)
}

const notAManager = (state: string): string =>
  `The Docker host is no manager of a swarm: its state is ${state}.`

const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`

const refusing = (refusal: string): Ability => ({ refusals: [refusal], warnings: [], facts: {} })

const nothingYet: Ability = { refusals: [], warnings: [], facts: { service: 'will be created' } }

function abilityOf({ Spec }: SwarmService): Ability {
  const { Mode, Name, UpdateConfig } = Spec
  const replicas = Mode.Replicated?.Replicas
  const order = UpdateConfig?.Order ?? 'stop-first'
  const isService = Mode.Replicated !== undefined || Mode.Global !== undefined
  const goesDown = replicas === 1 && order === 'stop-first'
  return {
    refusals: isService ? [] : [`${Name} is a job, which is not rolled.`],
    warnings: goesDown ? [`${Name} has one replica, which stops before the new one starts.`] : [],
    facts: {
      replicas: replicas === undefined ? 'one on each node' : String(replicas),
      order,
      parallelism: String(UpdateConfig?.Parallelism ?? 1),
      'failure action': `${UpdateConfig?.FailureAction ?? 'pause'}, pause while Rollgate rolls`,
    },
  }
}
