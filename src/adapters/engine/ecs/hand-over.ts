import type { EcsEngine } from '../../../domain/config/engine-recipe.ts'
import type { Images } from '../../../domain/engine/engine-seen.ts'
import { digestOf } from '../../../domain/engine/images.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import type { HandedOver } from '../../../pipeline/ports.ts'
import { readJson } from '../read-json.ts'
import type { ReleaseFiles } from '../release-files.ts'
import { type Calling, failureOf, INPUT_FILE, type Tool } from '../tool.ts'
import { refused } from './aws.ts'
import { withImages } from './containers.ts'
import { hasAll, registrable } from './definition.ts'
import type { EcsReader, EcsSeen } from './look.ts'
import { phaseOf } from './phase.ts'
import { definitionFileShape, definitionShape, type EcsDefinition, updatedShape } from './shapes.ts'

/** The means to change one service. */
export interface EcsHand {
  readonly aws: Tool
  readonly recipe: EcsEngine
  readonly reader: EcsReader
  readonly files: ReleaseFiles
  readonly calling: Calling
}

/** Has ECS roll to images: by a task definition of the release, or by the serving one with these images in it. */
export async function handOverImages(hand: EcsHand, images: Images): Promise<HandedOver | Failure> {
  const named = Object.entries(images).filter(([, image]) => digestOf(image) === null)
  if (named.length > 0) return refused(`${named.map(([, image]) => image).join(', ')} names no digest`)
  const seen = await hand.reader.look(hand.calling)
  if (seen.kind === 'unknown')
    return { code: seen.why.code, what: seen.why.what, tail: [], next: seen.why.next }
  const asked = askedDefinition(hand, seen.kind === 'found' ? seen.value : null, images)
  if (!('definition' in asked)) return asked
  if (seen.kind === 'absent') return create(hand, asked.definition)
  const { definition, primary } = seen.value
  if (hasAll(definition, asked.definition, images)) return again(hand, seen.value)
  const arn = await register(hand, asked.definition)
  if (typeof arn !== 'string') return arn
  return update(hand, ['--task-definition', arn], primary.id)
}

/** A deployment that ECS has given up is begun anew. After its own way back the explicit one takes its place. */
async function again(hand: EcsHand, seen: EcsSeen): Promise<HandedOver | Failure> {
  const phase = phaseOf(seen)
  if (phase === 'rolling' || phase === 'settled') return { rollout: seen.primary.id }
  const words = ['--task-definition', seen.primary.taskDefinition, '--force-new-deployment']
  return update(hand, words, seen.primary.id)
}

/** Replaces every task, with the task definition as it is. */
export async function restartService(hand: EcsHand): Promise<HandedOver | Failure> {
  return update(hand, ['--force-new-deployment'], null)
}

function askedDefinition(
  { recipe, files }: EcsHand,
  seen: EcsSeen | null,
  images: Images,
): { readonly definition: EcsDefinition } | Failure {
  const base = recipe.taskDefinition === null ? seen?.definition : inFile(files, recipe.taskDefinition)
  if (base === undefined)
    return refused('the service is not there, and the config names no file with its task definition')
  if (typeof base === 'string')
    return refused(`${recipe.taskDefinition} of the release cannot be used: ${base}`)
  const made = withImages(base, images)
  if ('definition' in made) return made
  return refused(`the task definition ${base.family} has no container ${made.without.join(', ')}`)
}

function inFile(files: ReleaseFiles, path: string): EcsDefinition | string {
  const file = files.read(path)
  if ('why' in file) return file.why
  const read = readJson(definitionFileShape, file.text)
  return typeof read === 'string' ? read : read.value
}

/** Registers a definition. It may hold values that no list of processes is to show: a file brings it. */
export async function register({ aws, calling }: EcsHand, asked: EcsDefinition): Promise<string | Failure> {
  const words = ['register-task-definition', '--cli-input-json', INPUT_FILE]
  const answer = await aws.call(words, { ...calling, input: JSON.stringify(registrable(asked)) })
  if (answer.kind !== 'answered') return failureOf('The task definition was not registered', answer)
  const read = readJson(definitionShape, answer.text)
  return typeof read === 'string' ? unclear(read) : read.value.taskDefinition.taskDefinitionArn
}

async function update(
  { aws, recipe, calling }: EcsHand,
  change: readonly string[],
  before: string | null,
): Promise<HandedOver | Failure> {
  const words = ['update-service', '--cluster', recipe.cluster, '--service', recipe.service, ...change]
  const answer = await aws.call(words, calling)
  if (answer.kind !== 'answered') return failureOf(`ECS did not take ${recipe.service} over`, answer)
  return rolloutIn(answer.text, before)
}

async function create(hand: EcsHand, asked: EcsDefinition): Promise<HandedOver | Failure> {
  const { aws, recipe, files, calling } = hand
  if (recipe.create === null)
    return refused(`the cluster has no service ${recipe.service}, and the config has no \`create\``)
  const file = files.read(recipe.create)
  if ('why' in file) return refused(`${recipe.create} of the release cannot be used: ${file.why}`)
  const arn = await register(hand, asked)
  if (typeof arn !== 'string') return arn
  const own = ['--cluster', recipe.cluster, '--service-name', recipe.service, '--task-definition', arn]
  const words = ['create-service', '--cli-input-json', INPUT_FILE, ...own]
  const answer = await aws.call(words, { ...calling, input: file.text })
  if (answer.kind !== 'answered') return failureOf(`${recipe.service} was not created`, answer)
  return rolloutIn(answer.text, null)
}

/** Returns this deployment by its id. One that is older was not made by the call. */
function rolloutIn(text: string, before: string | null): HandedOver | Failure {
  const read = readJson(updatedShape, text)
  if (typeof read === 'string') return unclear(read)
  const primary = read.value.service.deployments.find(({ status }) => status === 'PRIMARY')
  if (primary === undefined || primary.id === before) return unclear('ECS named no new deployment')
  return { rollout: primary.id }
}

const unclear = (why: string): Failure => ({
  code: 'engine-unknown',
  what: `The answer of ECS cannot be understood: ${why}.`,
  tail: [],
  next: 'Decide retry: the service is read first, and what it runs already is not handed over again.',
})
