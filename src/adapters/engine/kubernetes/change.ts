import type { KubernetesEngine } from '../../../domain/config/engine-recipe.ts'
import type { Images } from '../../../domain/engine/engine-seen.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import type { Calling } from '../tool.ts'
import { containerFor } from './containers.ts'
import { notMade } from './failures.ts'
import { type KubernetesMeans, placeInWords } from './means.ts'
import type { PatchOperation } from './operation.ts'
import type { WorkloadObject } from './shapes.ts'
import { workloadKinds } from './workload-kinds.ts'

/** The name under which Kubernetes keeps the changes of Rollgate apart from those of others. */
export const MANAGER = 'rollgate'

/** The words of kubectl that apply the objects on its stdin, over what other programs have set in them. */
export const APPLY = ['apply', '--server-side', '--force-conflicts', `--field-manager=${MANAGER}`, '-f', '-']

/**
 * Refuses the patch where the workload is no longer the one that was read: a change of another program in between makes the
 * API server refuse all of it.
 */
export const unchanged = ({ metadata }: WorkloadObject): PatchOperation => ({
  op: 'test',
  path: '/metadata/generation',
  value: metadata.generation,
})

/** The operations that set images, or the names of images for which there is no container. */
export type ImagesChange =
  | { readonly kind: 'patch'; readonly operations: readonly PatchOperation[] }
  | { readonly kind: 'no-container'; readonly names: readonly string[] }

export function imagesChange(workload: WorkloadObject, images: Images): ImagesChange {
  const names = Object.keys(images).filter((name) => containerFor(workload, name, images) === null)
  if (names.length > 0) return { kind: 'no-container', names }
  const operations = Object.entries(images).flatMap(([name, image]): PatchOperation[] => {
    const place = containerFor(workload, name, images)
    if (place === null) return []
    return [
      { op: 'test', path: `${place.path}/name`, value: place.name },
      { op: 'replace', path: `${place.path}/image`, value: image },
    ]
  })
  return { kind: 'patch', operations }
}

const RESTARTED = 'kubectl.kubernetes.io/restartedAt'

/** Replaces every pod by one with the same images, as `kubectl rollout restart` does. */
export function restarting({ spec }: WorkloadObject, at: Date): PatchOperation {
  const path = '/spec/template/metadata/annotations'
  const value = at.toISOString()
  return spec.template.metadata.annotations === undefined
    ? { op: 'add', path, value: { [RESTARTED]: value } }
    : { op: 'add', path: `${path}/kubectl.kubernetes.io~1restartedAt`, value }
}

/** Has a workload run so many replicas at least; nothing where it does already. */
export function scaling(
  kind: keyof typeof workloadKinds,
  workload: WorkloadObject,
  replicas: number,
): readonly PatchOperation[] {
  return workloadKinds[kind].replicas(workload) >= replicas
    ? []
    : [{ op: 'add', path: '/spec/replicas', value: replicas }]
}

/** Has a workload run no replica; nothing where it runs none already. */
export const emptying = (
  kind: keyof typeof workloadKinds,
  workload: WorkloadObject,
): readonly PatchOperation[] =>
  workloadKinds[kind].replicas(workload) === 0 ? [] : [{ op: 'add', path: '/spec/replicas', value: 0 }]

/** Patches the workload of a service: all operations, or none. */
export async function patchWorkload(
  { engine, kubectl }: KubernetesMeans,
  operations: readonly PatchOperation[],
  calling: Calling,
): Promise<Failure | null> {
  const { kind, name } = engine.workload
  const answer = await kubectl.ask(
    ['patch', workloadKinds[kind].resource, name, '--type=json', `--field-manager=${MANAGER}`].concat(
      '--patch',
      JSON.stringify(operations),
    ),
    calling,
  )
  if (answer.kind === 'answered') return null
  const failure = notMade(`${placeInWords(engine)} was not changed`, answer)
  return answer.kind === 'refused' && isRace(answer.said) ? { ...failure, ...raced(engine) } : failure
}

/** The words of an API server for a test of a patch that did not hold. */
const isRace = (said: string): boolean =>
  /rejected our request due to an error|testing value|test failed/i.test(said)

const raced = (engine: KubernetesEngine): Omit<Failure, 'tail'> => ({
  code: 'engine-superseded',
  what: `${placeInWords(engine)} was changed by another program between the look and the change. Nothing was handed over.`,
  next: 'Look who else deploys there, then decide retry: it is read again first.',
})
