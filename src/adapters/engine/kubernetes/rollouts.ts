import type { WorkloadLike } from '../../../domain/config/engine-recipe.ts'
import type { EngineSeen, Images } from '../../../domain/engine/engine-seen.ts'
import { wants } from '../../../domain/engine/images.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import type { Reading } from '../../../domain/reading.ts'
import type { EngineOrder, HandedOver } from '../../../pipeline/ports.ts'
import type { Calling } from '../tool.ts'
import { imagesChange, patchWorkload, restarting, unchanged } from './change.ts'
import { changeBy, TRIES } from './change-by.ts'
import { engineRefused, missing, unread } from './failures.ts'
import { holding, isHeldByRollgate, lettingGo } from './holding.ts'
import { isNewest, isNoticed, isReady, type WorkloadLook } from './look.ts'
import { makeLike } from './made-like.ts'
import { applyManifests } from './manifests/apply.ts'
import { type KubernetesMeans, placeInWords } from './means.ts'
import type { PatchOperation } from './operation.ts'
import { rewrittenIn } from './rewritten.ts'
import { seenIn } from './seen.ts'
import { workloadKinds } from './workload-kinds.ts'

interface Rollouts {
  handOver(order: EngineOrder, calling: Calling): Promise<HandedOver | Failure>
  restart(calling: Calling): Promise<HandedOver | Failure>
  stop(calling: Calling): Promise<Failure | null>
}

/** The longest time until the controller of the cluster has taken notice of a change: it takes it milliseconds. */
const NOTICE_MS = 30_000
const POLL_MS = 250

/** Has workloads roll. A change is refused where another program changed the workload since it was read. */
export function rolloutsOf(here: KubernetesMeans): Rollouts {
  const { engine, reader, clock } = here
  const { workload } = engine
  const look = ({ variables, watch }: Calling) => reader.look(workload, variables, watch.signal)

  async function handOver({ images, to }: EngineOrder, calling: Calling): Promise<HandedOver | Failure> {
    if (to === 'new' && engine.manifests.length > 0) {
      const failure = await applyManifests(here, images, calling)
      if (failure !== null) return failure
    }
    const read = await lookMade(images, calling)
    if ('code' in read) return read
    if (read.kind === 'unknown') return unread(read.why)
    if (read.kind === 'absent') return missing(placeInWords(engine))
    if (isUnderWay(seenIn(read.value, images, []), images)) return named(calling)
    const failure = await give(read.value, images, calling)
    if (failure !== null) return failure
    const now = await noticed(calling)
    if ('code' in now) return now
    if (workloadKinds[workload.kind].isHeldUpByPods) await freeFromPods(calling)
    return rewrittenIn(here, now, images) ?? nameOf(now)
  }

  /** An autoscaler may change the size between the look and the change: then the order is given once more. */
  async function give(before: WorkloadLook, images: Images, calling: Calling): Promise<Failure | null> {
    let [read, failure]: [WorkloadLook, Failure | null] = [before, null]
    for (let tries = 0; tries < TRIES; tries++) {
      const change = changeTo(read, seenIn(read, images, []), images)
      if ('code' in change) return change
      failure = await patchWorkload(here, change, calling)
      if (failure?.code !== 'engine-superseded') return failure
      const now = await noticed(calling)
      if ('code' in now || now.newest?.name !== before.newest?.name) return failure
      read = now
    }
    return failure
  }

  /** Looks at the workload; one that is not there yet is made first, where it knows of what shape. */
  async function lookMade(images: Images, calling: Calling): Promise<Reading<WorkloadLook> | Failure> {
    const read = await look(calling)
    if (engine.like === undefined || !isToBeMade(read, engine.like)) return read
    return (await makeLike(here, engine.like, images, calling)) ?? look(calling)
  }

  /** One that stands in may have been made for an earlier shape of the other. It is left alone while it runs anything. */
  const isToBeMade = (read: Reading<WorkloadLook>, { standsIn }: WorkloadLike): boolean =>
    read.kind === 'absent' ||
    (read.kind === 'found' &&
      standsIn !== undefined &&
      workloadKinds[workload.kind].replicas(read.value.workload) === 0)

  /** Wanted and given up is rolled anew: the cluster itself would never begin again. Held goes on where it was. */
  function changeTo(
    look: WorkloadLook,
    seen: EngineSeen,
    images: Images,
  ): readonly PatchOperation[] | Failure {
    const { spec } = look.workload
    if (spec.paused === true && !isHeldByRollgate(look.workload)) return pausedByOthers(here, seen)
    const change = imagesChange(look.workload, images)
    if (change.kind === 'no-container') return withoutContainer(here, change.names)
    const anew =
      wants(seen.wanted, images) && seen.phase !== 'held' ? [restarting(look.workload, clock.now())] : []
    return [
      unchanged(look.workload),
      ...lettingGo(workload.kind, look.workload),
      ...change.operations,
      ...anew,
    ]
  }

  /** Returns the name of the newest rollout, once the controller has one. */
  async function named(calling: Calling): Promise<HandedOver | Failure> {
    const now = await noticed(calling)
    return 'code' in now ? now : nameOf(now)
  }

  /** Looks at the workload until its controller has taken notice of what it wants. */
  async function noticed(calling: Calling): Promise<WorkloadLook | Failure> {
    const until = clock.now().getTime() + NOTICE_MS
    for (;;) {
      const read = await look(calling)
      if (read.kind === 'found' && isNoticed(read.value)) return read.value
      if (calling.watch.signal.aborted || clock.now().getTime() > until) return unnoticed(here)
      await clock.sleep(POLL_MS, calling.watch.signal)
    }
  }

  /** A StatefulSet waits for a pod that never gets ready before it replaces it, also by one that would. */
  async function freeFromPods(calling: Calling): Promise<void> {
    const read = await look(calling)
    if (read.kind !== 'found') return
    const stuck = read.value.pods.filter((pod) => !isNewest(read.value, pod) && !isReady(pod))
    for (const { metadata } of stuck)
      await here.kubectl.ask(['delete', 'pod', metadata.name, '--wait=false', '--ignore-not-found'], calling)
  }

  return {
    handOver,
    async restart(calling) {
      const failure = await changeBy(
        here,
        (look) => [...lettingGo(workload.kind, look.workload), restarting(look.workload, clock.now())],
        calling,
      )
      return failure ?? named(calling)
    },
    stop: (calling) => changeBy(here, (look) => holding(workload.kind, look.workload), calling),
  }
}

const nameOf = ({ newest, workload }: WorkloadLook): HandedOver => ({
  rollout: newest?.name ?? `generation ${workload.metadata.generation}`,
})

const isUnderWay = ({ wanted, phase }: EngineSeen, images: Images): boolean =>
  wants(wanted, images) && (phase === 'rolling' || phase === 'settled')

const pausedByOthers = ({ engine }: KubernetesMeans, { changedBy }: EngineSeen): Failure => ({
  code: 'engine-paused',
  what: `${placeInWords(engine)} is paused${changedBy.kind === 'found' ? `; ${changedBy.value} changed it last` : ''}. Nothing was handed over.`,
  tail: [],
  next: `Resume it with kubectl rollout resume, then decide retry.`,
})

const withoutContainer = ({ engine }: KubernetesMeans, names: readonly string[]): Failure => ({
  code: 'engine-refused',
  what: `${placeInWords(engine)} has no container ${names.join(', ')}. Nothing was handed over.`,
  tail: [],
  next: 'Name the images by the containers of the workload.',
})

const unnoticed = ({ engine }: KubernetesMeans): Failure =>
  engineRefused(`${placeInWords(engine)} was changed, and its controller has not taken notice`, {
    kind: 'unheard',
    why: `no new revision within ${NOTICE_MS / 1000} s`,
  })
