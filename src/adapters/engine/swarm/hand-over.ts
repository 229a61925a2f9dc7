import type { SwarmEngine } from '../../../domain/config/engine-recipe.ts'
import { digestOf } from '../../../domain/engine/images.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import type { HandedOver } from '../../../pipeline/ports.ts'
import { fill } from '../../filling.ts'
import { type Calling, failureOf, type Tool } from '../tool.ts'
import { countTasks } from './count.ts'
import { readService, readSwarm, type SwarmSeen } from './docker.ts'
import { imageThere } from './image-there.ts'
import { phaseOf } from './phase.ts'
import { rolloutOf } from './rollout.ts'
import type { SwarmService } from './service-shape.ts'
import { settingOptions } from './settings.ts'

/** The means to change one service. */
export interface SwarmHand {
  readonly docker: Tool
  readonly recipe: SwarmEngine
  readonly calling: Calling
}

/** Has the swarm roll to an image. An image that its registry does not have is refused before anything is changed. */
export async function handOverImage(hand: SwarmHand, image: string): Promise<HandedOver | Failure> {
  const { docker, recipe, calling } = hand
  if (digestOf(image) === null) return refused(`${image} names no digest`)
  const seen = await readSwarm(docker, recipe.service, calling)
  if (seen.kind === 'unknown')
    return { code: seen.why.code, what: seen.why.what, tail: [], next: seen.why.next }
  const chosen = seen.kind === 'absent' ? 'create' : wayTo(seen.value, image)
  if (seen.kind === 'found' && chosen === 'watch') return named(seen.value.service)
  const there = await imageThere(docker, image, calling)
  if (there.kind === 'missing') return refused(`${image} is not in its registry: ${there.words}`)
  if (there.kind === 'unknown')
    calling.watch.line(`${image} was not looked for in its registry: ${there.words}`)
  if (seen.kind === 'absent') return create(hand, image)
  return update(hand, seen.value.service, ['--image', image, ...(chosen === 'force' ? ['--force'] : [])])
}

/** Replaces every replica with the image as it is. */
export async function restartService(hand: SwarmHand): Promise<HandedOver | Failure> {
  const { docker, recipe, calling } = hand
  const service = await readService(docker, recipe.service, calling)
  if (service.kind === 'unknown') return { code: service.why.code, what: service.why.what, tail: [] }
  if (service.kind === 'absent') return refused(`the swarm has no service ${recipe.service}`)
  return update(hand, service.value, ['--force'])
}

/**
 * Chooses the way to an image. Any change of a service resumes a rollout that has given up: the swarm then stops the old
 * replica in each place where a new one tries to start. A forced rollout starts a new one there, and waits for it.
 */
function wayTo({ service, tasks }: SwarmSeen, image: string): 'watch' | 'update' | 'force' {
  const wantsIt = digestOf(service.Spec.TaskTemplate.ContainerSpec.Image) === digestOf(image)
  if (!wantsIt) return 'update'
  const { phase } = phaseOf(service, countTasks(service, tasks))
  if (phase === 'failed') return 'force'
  // After its own rollback to this image the update clears the status, and replaces nothing.
  return phase === 'rolled-back' ? 'update' : 'watch'
}

async function update(
  hand: SwarmHand,
  service: SwarmService,
  options: readonly string[],
): Promise<HandedOver | Failure> {
  const { recipe, docker, calling } = hand
  const settings = settingOptions(recipe, service)
  const words = [
    'service',
    'update',
    '--detach',
    '--quiet',
    '--no-resolve-image',
    ...login(recipe),
    ...settings,
  ]
  const answer = await docker.call([...words, ...options, '--', recipe.service], calling)
  if (answer.kind !== 'answered') return failureOf(`The swarm did not change ${recipe.service}`, answer)
  return namedNow(hand)
}

async function create(hand: SwarmHand, image: string): Promise<HandedOver | Failure> {
  const { recipe, docker, calling } = hand
  if (recipe.create === null) return refused(missing(recipe.service))
  const filled = recipe.create.map((word) => fill(word, calling.variables))
  const without = filled.flatMap((word) => word.missing)
  if (without.length > 0) return refused(`the options to create ${recipe.service} need ${without.join(', ')}`)
  const options = filled.map(({ text }) => text)
  const own = ['--detach', '--quiet', '--no-resolve-image', '--name', recipe.service, ...login(recipe)]
  const answer = await docker.call(['service', 'create', ...own, ...options, '--', image], calling)
  if (answer.kind !== 'answered') return failureOf(`The swarm did not create ${recipe.service}`, answer)
  return namedNow(hand)
}

const login = ({ registryAuth }: SwarmEngine): readonly string[] =>
  registryAuth ? ['--with-registry-auth'] : []

export const missing = (service: string): string =>
  `the swarm has no service ${service}, and the config has no \`create\` with the options to make it`

async function namedNow({ docker, recipe, calling }: SwarmHand): Promise<HandedOver | Failure> {
  const service = await readService(docker, recipe.service, calling)
  if (service.kind === 'found') return named(service.value)
  const what = service.kind === 'unknown' ? service.why.what : `The service ${recipe.service} is gone again.`
  return { code: 'engine-unknown', what, tail: [] }
}

const named = ({ Spec }: SwarmService): HandedOver => ({ rollout: rolloutOf(Spec.TaskTemplate) })

const refused = (why: string): Failure => ({
  code: 'engine-refused',
  what: `Nothing was handed over to the swarm: ${why}.`,
  tail: [],
})
