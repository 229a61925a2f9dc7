import type { Ability } from '../../../../domain/detour/deed.ts'
import { found, type Reading } from '../../../../domain/reading.ts'
import type { Calling } from '../../tool.ts'
import { imagesChange } from '../change.ts'
import { isHeldByRollgate } from '../holding.ts'
import { type KubernetesMeans, placeInWords } from '../means.ts'
import type { WorkloadObject } from '../shapes.ts'
import { workloadKinds } from '../workload-kinds.ts'
import { wrongPlace } from './place.ts'
import { missingRights } from './rights.ts'
import { type NamespaceRoom, roomIn } from './room.ts'

/** Looks if the cluster is the one that is meant, and if the workload may be changed. */
export async function ableOn(here: KubernetesMeans, calling: Calling): Promise<Reading<Ability>> {
  const elsewhere = await wrongPlace(here, calling)
  if (elsewhere.kind === 'unknown') return elsewhere
  if (elsewhere.kind === 'found') return found({ refusals: [elsewhere.value], warnings: [], facts: {} })
  const { engine, reader } = here
  const [rights, read, room] = await Promise.all([
    missingRights(here, calling),
    reader.object(engine.workload, calling.variables, calling.watch.signal),
    roomIn(here, calling),
  ])
  if (rights.kind === 'unknown') return rights
  if (read.kind === 'unknown') return read
  const lacking = rights.kind === 'found' ? rights.value : []
  return found(read.kind === 'absent' ? ofNothing(here, lacking) : abilityOf(here, read.value, lacking, room))
}

/** A workload that is not there yet comes of the manifests, or is made like that of the other side. */
const ofNothing = ({ engine }: KubernetesMeans, lacking: readonly string[]): Ability => ({
  refusals:
    engine.manifests.length > 0 || engine.like !== undefined
      ? lacking
      : [`There is no ${placeInWords(engine)}, and the config names no manifests that make one.`, ...lacking],
  warnings: [],
  facts: { replicas: 'none yet' },
})

function abilityOf(
  here: KubernetesMeans,
  workload: WorkloadObject,
  lacking: readonly string[],
  room: NamespaceRoom,
): Ability {
  return {
    refusals: [...lacking, ...refusalsOf(here, workload)],
    warnings: [...warningsOf(here, workload), ...room.warnings],
    facts: { ...factsOf(here, workload), ...room.facts },
  }
}

function refusalsOf({ engine }: KubernetesMeans, workload: WorkloadObject): string[] {
  const change = imagesChange(workload, engine.images)
  const strategy = workload.spec.updateStrategy
  const place = placeInWords(engine)
  return [
    ...(workload.metadata.deletionTimestamp === undefined ? [] : [`${place} is being deleted.`]),
    ...(change.kind === 'no-container' && engine.manifests.length === 0
      ? [`${place} has no container ${change.names.join(', ')}.`]
      : []),
    ...(workload.spec.paused === true && !isHeldByRollgate(workload) ? [`${place} is paused.`] : []),
    ...(strategy?.type === 'OnDelete' && !isHeldByRollgate(workload)
      ? [`${place} changes a pod only when it is deleted (OnDelete).`]
      : []),
    ...((strategy?.rollingUpdate?.partition ?? 0) > 0 && !isHeldByRollgate(workload)
      ? [`${place} changes no pod below its partition ${strategy?.rollingUpdate?.partition}.`]
      : []),
  ]
}

function warningsOf({ engine }: KubernetesMeans, workload: WorkloadObject): string[] {
  const replicas = workloadKinds[engine.workload.kind].replicas(workload)
  const down = workload.spec.strategy?.type === 'Recreate'
  return [
    ...(replicas === 0
      ? [`${placeInWords(engine)} is scaled to zero: a rollout of nothing proves nothing.`]
      : []),
    ...(down ? [`${placeInWords(engine)} ends every replica before it starts a new one (Recreate).`] : []),
  ]
}

function factsOf({ engine }: KubernetesMeans, { spec, ...workload }: WorkloadObject): Record<string, string> {
  const { type = 'RollingUpdate', rollingUpdate = {} } = spec.strategy ?? spec.updateStrategy ?? {}
  const { maxSurge, maxUnavailable, partition } = rollingUpdate
  const said = (words: string, value: unknown): string[] => (value === undefined ? [] : [`${words} ${value}`])
  return {
    replicas: String(workloadKinds[engine.workload.kind].replicas({ spec, ...workload })),
    strategy: [
      type,
      ...said('at most above:', maxSurge),
      ...said('at most unavailable:', maxUnavailable),
      ...said('partition:', partition),
    ].join(', '),
    ...(spec.minReadySeconds === undefined ? {} : { 'ready for': `${spec.minReadySeconds} s` }),
    ...(spec.progressDeadlineSeconds === undefined
      ? {}
      : { 'gives up after': `${spec.progressDeadlineSeconds} s without progress` }),
  }
}
