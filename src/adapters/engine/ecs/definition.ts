import type { Images } from '../../../domain/engine/engine-seen.ts'
import { wants } from '../../../domain/engine/images.ts'
import { imagesIn } from './containers.ts'
import type { EcsDefinition } from './shapes.ts'

/** The fields that ECS adds to a task definition, and takes from none. */
const ofEcs = [
  ...['taskDefinitionArn', 'revision', 'status', 'requiresAttributes', 'compatibilities'],
  ...['registeredAt', 'registeredBy', 'deregisteredAt'],
]

/** Returns a task definition as it can be registered again. */
export const registrable = (definition: EcsDefinition): object =>
  Object.fromEntries(Object.entries(definition).filter(([name]) => !ofEcs.includes(name)))

/** True if a registered definition has everything that is asked for: these images, and each value of the file. */
export const hasAll = (registered: EcsDefinition, asked: EcsDefinition, images: Images): boolean =>
  wants(imagesIn(registered, images), images) && holds(registered, asked)

/** ECS fills defaults in, leaves empty lists out and sorts the environment: only what is asked for is compared. */
function holds(there: unknown, asked: unknown): boolean {
  if (Array.isArray(asked)) return asked.every((one, at) => holds(partnerOf(there, one, at), one))
  if (typeof asked === 'object' && asked !== null)
    return Object.entries(asked).every(([key, value]) =>
      holds((there as Record<string, unknown> | null | undefined)?.[key], value),
    )
  return there === asked
}

function partnerOf(there: unknown, one: unknown, at: number): unknown {
  const list: readonly unknown[] = Array.isArray(there) ? there : []
  const name = nameOf(one)
  return name === undefined ? list[at] : list.find((other) => nameOf(other) === name)
}

const nameOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null ? (value as { name?: unknown }).name : undefined
