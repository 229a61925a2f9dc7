import type { EngineSeen, Images, Replicas, Trouble } from '../../../domain/engine/engine-seen.ts'
import { digestOf } from '../../../domain/engine/images.ts'
import { readingOf } from '../../../domain/reading.ts'
import { containerFor } from './containers.ts'
import { isHeldByRollgate } from './holding.ts'
import { isDeleted, isEnding, isNewest, isNoticed, isReady, type WorkloadLook } from './look.ts'
import { runsItsImages } from './running-images.ts'
import type { ManagedFields, ObjectCondition, PodObject } from './shapes.ts'
import { workloadKinds } from './workload-kinds.ts'

/** Turns a look into an engine's answer. `images`: those of the recipe, whose names the answer uses. */
export function seenIn(look: WorkloadLook, images: Images, troubles: readonly Trouble[]): EngineSeen {
  const replicas = replicasIn(look)
  const { metadata } = look.workload
  return {
    rollout: look.newest?.name ?? `generation ${metadata.generation}`,
    wanted: wantedIn(look, images),
    noticed: isNoticed(look),
    phase: phaseOf(look, replicas),
    replicas,
    troubles,
    changedBy: readingOf(changedBy(metadata.managedFields ?? [])),
  }
}

function replicasIn(look: WorkloadLook): Replicas {
  const updated = look.pods.filter((pod) => isNewest(look, pod) && runsItsImages(look, pod))
  return {
    wanted: workloadKinds[look.kind].replicas(look.workload),
    updated: updated.length,
    ready: updated.filter(isReady).length,
    old: look.pods.filter((pod) => isEnding(pod) || !isNewest(look, pod)).length,
  }
}

function phaseOf(look: WorkloadLook, { wanted, updated, ready, old }: Replicas): EngineSeen['phase'] {
  const { spec, status } = look.workload
  if (isHeldByRollgate(look.workload)) return 'held'
  if (spec.paused === true) return 'paused'
  if (old > 0 && isHeldBack(look)) return 'paused'
  const progress = status.conditions?.find(({ type }) => type === 'Progressing')
  if (isNoticed(look) && hasGivenUp(look, progress)) return 'failed'
  const isComplete = progress === undefined || progress.reason === 'NewReplicaSetAvailable'
  return isNoticed(look) &&
    isComplete &&
    !isDeleted(look) &&
    updated === wanted &&
    ready === wanted &&
    old === 0
    ? 'settled'
    : 'rolling'
}

/** True if the engine gave the newest revision up. For a moment the condition is still that of the one before. */
const hasGivenUp = ({ newest }: WorkloadLook, progress: ObjectCondition | undefined): boolean =>
  progress?.reason === 'ProgressDeadlineExceeded' &&
  (progress.message ?? '').includes(`"${newest?.object ?? ''}"`)

/** True if the workload changes only pods that are deleted by hand, or from a number on. */
const isHeldBack = ({ workload: { spec } }: WorkloadLook): boolean =>
  spec.updateStrategy?.type === 'OnDelete' || (spec.updateStrategy?.rollingUpdate?.partition ?? 0) > 0

/** Returns the images that the newest rollout is to run. One that is named by a tag gets the digest that its pods run. */
function wantedIn(look: WorkloadLook, images: Images): Images {
  const found = Object.keys(images).flatMap((name) => {
    const place = containerFor(look.workload, name, images)
    return place === null ? [] : [[name, byContent(look, place.name, place.image)] as const]
  })
  return Object.fromEntries(found)
}

function byContent(look: WorkloadLook, container: string, image: string): string {
  if (digestOf(image) !== null) return image
  const run = look.pods.flatMap((pod) => (isNewest(look, pod) ? [digestRunBy(pod, container)] : []))
  const [digest, ...others] = new Set(run)
  if (digest === undefined || digest === null || others.length > 0) return image
  return `${image.replace(/:[\w.-]+$/, '')}@${digest}`
}

function digestRunBy({ status }: PodObject, container: string): string | null {
  const all = [...(status.containerStatuses ?? []), ...(status.initContainerStatuses ?? [])]
  return digestOf(all.find(({ name }) => name === container)?.imageID ?? '')
}

/** Returns the program that changed the wanted state last, by its own name. */
function changedBy(fields: readonly ManagedFields[]): string | null {
  const changes = fields.filter(
    ({ subresource, fieldsV1 }) => subresource !== 'status' && fieldsV1?.['f:spec'] !== undefined,
  )
  const last = changes.toSorted((one, other) => (other.time ?? '').localeCompare(one.time ?? ''))[0]
  return last?.manager ?? null
}
