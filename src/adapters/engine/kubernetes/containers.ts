import type { Images } from '../../../domain/engine/engine-seen.ts'
import type { WorkloadObject } from './shapes.ts'

/** The place of a container in a workload. */
export interface ContainerPlace {
  readonly name: string
  readonly image: string
  /** The path in its pod template, for a JSON patch. */
  readonly path: string
}

export function containersOf({ spec }: WorkloadObject): ContainerPlace[] {
  const listed = (list: 'containers' | 'initContainers') =>
    (spec.template.spec[list] ?? []).map(({ name, image }, at) => ({
      name,
      image,
      path: `/spec/template/spec/${list}/${at}`,
    }))
  return [...listed('containers'), ...listed('initContainers')]
}

/**
 * Returns the container that an image is for. A single image goes by the name of its service; where the workload has a
 * single container, that is the one.
 */
export function containerFor(workload: WorkloadObject, name: string, images: Images): ContainerPlace | null {
  const all = containersOf(workload)
  const named = all.find((one) => one.name === name)
  if (named !== undefined) return named
  const isOnly = Object.keys(images).length === 1 && workload.spec.template.spec.containers.length === 1
  return isOnly ? (all[0] ?? null) : null
}
