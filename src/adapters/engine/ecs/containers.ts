import type { Images } from '../../../domain/engine/engine-seen.ts'
import type { EcsContainer, EcsDefinition } from './shapes.ts'

/**
 * Returns the container that an image of the config is for: the one of that name. A single image may go by the name of
 * Rollgate's service where the task has one container alone.
 */
export function containerOf(
  name: string,
  images: Images,
  { containerDefinitions }: EcsDefinition,
): EcsContainer | null {
  const named = containerDefinitions.find((container) => container.name === name)
  if (named !== undefined) return named
  const isAlone = Object.keys(images).length === 1 && containerDefinitions.length === 1
  return isAlone ? (containerDefinitions[0] ?? null) : null
}

/** Returns the images that a task definition names, for the containers of the config alone. */
export function imagesIn(definition: EcsDefinition, templates: Images): Images {
  const named = Object.keys(templates).flatMap((name) => {
    const container = containerOf(name, templates, definition)
    return container === null ? [] : [[name, container.image] as const]
  })
  return Object.fromEntries(named)
}

/** Returns a task definition with other images, or the names that none of its containers has. */
export function withImages(
  definition: EcsDefinition,
  images: Images,
): { readonly definition: EcsDefinition } | { readonly without: readonly string[] } {
  const chosen = Object.entries(images).map(([name, image]) => ({
    name,
    image,
    container: containerOf(name, images, definition),
  }))
  const without = chosen.flatMap(({ name, container }) => (container === null ? [name] : []))
  if (without.length > 0) return { without }
  const containerDefinitions = definition.containerDefinitions.map((container) => {
    const image = chosen.find((one) => one.container === container)?.image
    return image === undefined ? container : { ...container, image }
  })
  return { definition: { ...definition, containerDefinitions } }
}
