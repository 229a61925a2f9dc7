import type { Trouble } from '../../../domain/engine/engine-seen.ts'
import { isEnding, isNewest, isReady, type WorkloadLook } from './look.ts'
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
  const newest = look.pods.filter((pod) => isNewest(look, pod) && !isReady(pod))
  return [...unmade(look), ...newest.flatMap((pod) => troubleOf(pod, now) ?? [])]
}

/** Pods that are refused: by a quota, a policy, or a webhook. An ending one may still make room. */
function unmade({ workload: { metadata, status }, pods }: WorkloadLook): TroubleSeen[] {
  const failure = status.conditions?.find(
    ({ type, status: is }) => type === 'ReplicaFailure' && is === 'True',
  )
  if (failure === undefined) return []
  const { reason = 'ReplicaFailure', message = '' } = failure
  return [alone({ replica: metadata.name, reason, message, lasting: !pods.some(isEnding) })]
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
  for (const status of [...initContainerStatuses, ...containerStatuses]) {
    const trouble = ofContainer(pod.metadata.name, status, now)
    if (trouble !== null) return trouble
  }
  return null
}

const alone = (trouble: TroubleSeen['trouble']): TroubleSeen => ({ trouble, log: null })

function ofContainer(pod: string, status: ContainerStatus, now: Date): TroubleSeen | null {
  if (status.ready) return null
  const { waiting, running, terminated } = status.state ?? {}
  if (waiting !== undefined && !quiet.has(waiting.reason ?? '')) return waitingFor(pod, status)
  if (terminated?.exitCode === 0) return null
  if (terminated !== undefined || status.restartCount >= ENDS_AGAIN) return ended(pod, status)
  return running !== undefined && isLate(running.startedAt, now) ? unready(pod, status) : null
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
  return alone({ ...words, lasting: lasting.has(reason) || isRefusedPull(reason, message) })
}

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

const unready = (pod: string, { name }: ContainerStatus): TroubleSeen => ({
  trouble: {
    replica: pod,
    reason: 'NotReady',
    message: `${name} runs, and its readiness probe does not succeed`,
    lasting: false,
  },
  log: { pod, container: name, previous: false },
})
