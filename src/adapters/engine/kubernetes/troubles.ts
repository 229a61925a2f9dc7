import type { Trouble } from '../../../domain/engine/engine-seen.ts'
import { isAvailable, isDeleted, isEnding, isNewest, isNoticed, isReady, type WorkloadLook } from './look.ts'
import { otherImages } from './running-images.ts'
import type { ContainerStatus, PodObject } from './shapes.ts'

/** A trouble, and the log that may tell more of it. */
export interface TroubleSeen {
  readonly trouble: Omit<Trouble, 'tail'>
  readonly log: LogOf | null
}

export interface LogOf {
  readonly pod: string
  readonly container: string
  /** True if the program that ended is meant, and not the one that was started after it. */
  readonly previous: boolean
}

/** A replica that is not ready this long after its start is worth a word. */
const START_MS = 5_000

/** Returns the troubles of the newest revision's pods, and of those that cannot be made. */
export function troublesIn(look: WorkloadLook, now: Date): readonly TroubleSeen[] {
  const newest = look.pods.filter((pod) => isNewest(look, pod))
  return [
    ...deleting(look),
    ...unmade(look, now),
    ...newest.flatMap((pod) => (isReady(pod) ? rewritten(look, pod) : (troubleOf(pod, now) ?? []))),
  ]
}

function deleting(look: WorkloadLook): TroubleSeen[] {
  if (!isDeleted(look)) return []
  const { name } = look.workload.metadata
  return [alone({ replica: name, reason: 'Deleting', message: 'it is being deleted', lasting: true })]
}

/**
 * Pods that are refused: by a quota, a policy, or a webhook. One that is ending makes room, and so does one that gets ready:
 * an older one ends for it.
 */
function unmade(look: WorkloadLook, now: Date): TroubleSeen[] {
  const { metadata, status } = look.workload
  const failure = status.conditions?.find(
    ({ type, status: is }) => type === 'ReplicaFailure' && is === 'True',
  )
  if (failure === undefined) return []
  const { reason = 'ReplicaFailure', message = '' } = failure
  const makesRoom = look.pods.some(
    (pod) => isEnding(pod) || (isNewest(look, pod) && !isAvailable(look, pod, now)),
  )
  return [alone({ replica: metadata.name, reason, message, lasting: !makesRoom })]
}

/** A pod that is well, and has not the images of its workload. Before a change is noticed, that is how all of them are. */
function rewritten(look: WorkloadLook, pod: PodObject): TroubleSeen[] {
  if (!isNoticed(look)) return []
  return otherImages(look, pod).map(({ container, wanted, given }) =>
    alone({
      replica: pod.metadata.name,
      reason: 'OtherImage',
      message: `${container} was given ${given}, and the workload names ${wanted}: an admission webhook may have changed it`,
      lasting: true,
    }),
  )
}

export function troubleOf(pod: PodObject, now: Date): TroubleSeen | null {
  const { conditions = [], initContainerStatuses = [], containerStatuses = [] } = pod.status
  const unplaced = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False')
  if (unplaced !== undefined)
    return alone({
      replica: pod.metadata.name,
      reason: unplaced.reason ?? 'Unschedulable',
      message: unplaced.message ?? '',
      lasting: false,
    })
  const ending = new Set(
    (pod.spec.initContainers ?? []).flatMap(({ name, restartPolicy }) =>
      restartPolicy === 'Always' ? [] : [name],
    ),
  )
  for (const status of [...initContainerStatuses, ...containerStatuses]) {
    const trouble = ofContainer(pod.metadata.name, status, now, ending.has(status.name))
    if (trouble !== null) return trouble
  }
  return gated(pod)
}

/** A gate is a condition that another program sets, like the one of a load balancer. */
function gated({ metadata, status }: PodObject): TroubleSeen | null {
  const ready = status.conditions?.find(({ type, status: is }) => type === 'Ready' && is === 'False')
  if (ready?.reason !== 'ReadinessGatesNotReady') return null
  const { reason, message = '' } = ready
  return alone({ replica: metadata.name, reason, message, lasting: false })
}

const alone = (trouble: TroubleSeen['trouble']): TroubleSeen => ({ trouble, log: null })

/** `ends`: true for an init container, which is to end before the others begin. */
function ofContainer(pod: string, status: ContainerStatus, now: Date, ends: boolean): TroubleSeen | null {
  if (status.ready) return null
  const { waiting, running, terminated } = status.state ?? {}
  if (waiting !== undefined && !quiet.has(waiting.reason ?? '')) return waitingFor(pod, status)
  if (terminated?.exitCode === 0) return null
  if (terminated !== undefined || status.restartCount >= ENDS_AGAIN) return ended(pod, status)
  return running !== undefined && isLate(running.startedAt, now) ? unready(pod, status, ends) : null
}

/** The words of a container that is about to start. */
const quiet = new Set(['', 'ContainerCreating', 'PodInitializing'])

/** So many restarts are no accident. */
const ENDS_AGAIN = 2

/** The words of Kubernetes that time does not mend. */
const lasting = new Set([
  'InvalidImageName',
  'ErrImageNeverPull',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
])

const isLate = (startedAt: string | undefined, now: Date): boolean =>
  startedAt !== undefined && now.getTime() - Date.parse(startedAt) > START_MS

function waitingFor(pod: string, status: ContainerStatus): TroubleSeen {
  const { reason = '', message = '' } = status.state?.waiting ?? {}
  if (reason === 'CrashLoopBackOff') return ended(pod, status)
  const words = { replica: pod, reason, message }
  const lasts = lasting.has(reason) || isRefusedPull(reason, message)
  return alone({ ...words, lasting: lasts && !tookTooLong.test(message) })
}

/** The words for what the node could not get in time: it tries again. */
const tookTooLong = /timed? ?out|deadline exceeded|failed to sync/i

const isRefusedPull = (reason: string, message: string): boolean =>
  /ImagePull/.test(reason) &&
  /not found|manifest unknown|unauthorized|denied|forbidden|invalid reference|no match for platform/i.test(
    message,
  )

function ended(pod: string, status: ContainerStatus): TroubleSeen {
  const { waiting, terminated, running } = status.state ?? {}
  const last = terminated ?? status.lastState?.terminated
  const code = last?.exitCode === undefined ? '' : `exit code ${last.exitCode}`
  const why = last?.reason === undefined || last.reason === 'Error' ? '' : last.reason
  const times = status.restartCount === 0 ? '' : `restarted ${status.restartCount} times`
  return {
    trouble: {
      replica: pod,
      reason: waiting?.reason ?? last?.reason ?? 'Error',
      message: [`${status.name} ended`, why, code, times].filter((word) => word !== '').join(', '),
      lasting: status.restartCount >= ENDS_AGAIN || (waiting !== undefined && status.restartCount > 0),
    },
    log: {
      pod,
      container: status.name,
      previous: terminated === undefined && (running !== undefined || waiting !== undefined),
    },
  }
}

const unready = (pod: string, status: ContainerStatus, ends: boolean): TroubleSeen => ({
  trouble: { replica: pod, reason: 'NotReady', message: unreadyInWords(status, ends), lasting: false },
  log: { pod, container: status.name, previous: false },
})

function unreadyInWords({ name, started }: ContainerStatus, ends: boolean): string {
  if (ends) return `the init container ${name} still runs, and the others wait for its end`
  return `${name} runs, and its ${started === false ? 'startup' : 'readiness'} probe does not succeed`
}
