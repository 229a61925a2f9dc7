import type * as z from 'zod/mini'
import type { KubernetesDoor } from '../../../domain/config/detour-recipe.ts'
import { type DetourSide, sides } from '../../../domain/detour/side.ts'
import { MANAGER } from '../../engine/kubernetes/change.ts'
import { whyOf } from '../../engine/kubernetes/failures.ts'
import type { Kubectl } from '../../engine/kubernetes/kubectl.ts'
import type { PatchOperation } from '../../engine/kubernetes/operation.ts'
import { selecting } from '../../engine/kubernetes/reader.ts'
import { shaped } from '../../engine/kubernetes/shapes.ts'
import type { Calling } from '../../engine/tool.ts'
import { DoorTrouble } from '../haproxy/trouble.ts'
import { endpointSlices, type ServiceObject, serviceObject, sidePods } from './shapes.ts'

/** The means to read and change the Service of a door. */
export interface ServiceMeans {
  readonly recipe: KubernetesDoor
  readonly kubectl: Kubectl
}

/** A pod that the Service may choose. */
export interface SidePod {
  readonly name: string
  readonly side: DetourSide
  readonly ready: boolean
}

export const inWords = ({ service, namespace }: KubernetesDoor): string =>
  `the Service ${service} in ${namespace}`

/** One look at a Service and at all that its selector may choose. */
export interface SelectedService {
  readonly service: ServiceObject
  readonly endpoints: readonly Endpoint[]
  /** The pods of both sides that the Service chooses once its selector says their side. */
  readonly pods: readonly SidePod[]
}

/** A pod behind a Service by its name, as the EndpointSlices have it. */
interface Endpoint {
  readonly pod: string
  readonly ready: boolean
}

/** Reads everything at the same time: visitors may wait for the end of a switch. */
export async function readService(means: ServiceMeans, calling: Calling): Promise<SelectedService> {
  const { recipe } = means
  const [service, endpoints, labelled] = await Promise.all([
    read(means, ['get', 'services', recipe.service], serviceObject, calling),
    readEndpoints(means, calling),
    readPods(means, calling),
  ])
  const { [recipe.label]: _side, ...others } = service.spec.selector ?? {}
  const isChosen = ({ labels }: LabelledPod) =>
    Object.entries(others).every(([name, value]) => labels[name] === value)
  return { service, endpoints, pods: labelled.filter(isChosen) }
}

async function readEndpoints(means: ServiceMeans, calling: Calling): Promise<readonly Endpoint[]> {
  const words = ['get', 'endpointslices.discovery.k8s.io']
  const own = ['-l', `kubernetes.io/service-name=${means.recipe.service}`]
  const { items } = await read(means, [...words, ...own], endpointSlices, calling)
  return items.flatMap(({ endpoints }) =>
    (endpoints ?? []).map(({ conditions, targetRef }) => ({
      pod: targetRef?.name ?? 'an address without a pod',
      // Left out means ready, by the rules of Kubernetes.
      ready: conditions?.ready !== false,
    })),
  )
}

interface LabelledPod extends SidePod {
  readonly labels: Readonly<Record<string, string>>
}

/** Reads the pods of the namespace whose label tells a side, those of other services among them. */
async function readPods(means: ServiceMeans, calling: Calling): Promise<readonly LabelledPod[]> {
  const { label, values } = means.recipe
  const either = { key: label, operator: 'In', values: sides.map((side) => values[side]) }
  const words = ['get', 'pods', '-l', selecting({ matchExpressions: [either] })]
  const { items } = await read(means, words, sidePods, calling)
  return items.flatMap(({ metadata, status }) => {
    const { name, labels = {}, deletionTimestamp } = metadata
    const side = sides.find((one) => values[one] === labels[label])
    const ready =
      status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false
    return side === undefined ? [] : [{ name, labels, side, ready: ready && deletionTimestamp === undefined }]
  })
}

/**
 * Has the selector of the Service name a side. The API server refuses it where another program has changed the Service since
 * it was read. Returns the version of the Service after it.
 */
export async function chooseSide(
  { recipe, kubectl }: ServiceMeans,
  { metadata }: ServiceObject,
  side: DetourSide,
  calling: Calling,
): Promise<string> {
  const path = `/spec/selector/${recipe.label.replaceAll('~', '~0').replaceAll('/', '~1')}`
  const operations: readonly PatchOperation[] = [
    { op: 'test', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
    { op: 'add', path, value: recipe.values[side] },
  ]
  const how = ['--type=json', `--field-manager=${MANAGER}`, '--patch', JSON.stringify(operations)]
  const answer = await kubectl.ask(['patch', 'services', recipe.service, ...how, '-o', 'json'], calling)
  const after = answer.kind === 'answered' ? shaped(serviceObject, answer.text) : null
  if (after === null)
    throw new DoorTrouble(`The selector of ${inWords(recipe)} was not changed: ${whyOf(answer)}.`)
  return after.metadata.resourceVersion
}

async function read<T>(
  { recipe, kubectl }: ServiceMeans,
  words: readonly string[],
  shape: z.ZodMiniType<T>,
  calling: Calling,
): Promise<T> {
  const answer = await kubectl.ask([...words, '-o', 'json'], calling)
  const found = answer.kind === 'answered' ? shaped(shape, answer.text) : null
  if (found === null)
    throw new DoorTrouble(`Kubernetes did not tell of ${inWords(recipe)}: ${whyOf(answer)}.`)
  return found
}
