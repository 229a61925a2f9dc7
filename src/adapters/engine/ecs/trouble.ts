import type { Trouble } from '../../../domain/engine/engine-seen.ts'
import { countTasks, isGoing, isOf } from './count.ts'
import type { EcsSeen } from './look.ts'
import { type EcsDeployment, type EcsService, type EcsTask, moment } from './shapes.ts'

/** Stops that a person asked for, or that belong to a rollout. */
const meant = new Set(['ServiceSchedulerInitiated', 'UserInitiated'])

/** Stops of a task whose host was taken away: they say nothing of the release. */
const taken = new Set(['SpotInterruption', 'TerminationNotice'])

/** Stops of an image that is not there, or may not be pulled: the next task ends the same way. */
const hopeless = /CannotPull|ImageNotFound|ResourceInitializationError|invalid image/i

/** The words of a registry or a store that did not answer in time: it may answer the next task. */
const passing = /timed? ?out|deadline exceeded|connection (?:reset|refused)|throttl|too ?many ?requests/i

const MOST = 5

/** Returns why tasks of the newest deployment, or of one that ECS gave up, have ended; and why none can be placed. */
export function troublesIn(seen: EcsSeen): readonly Trouble[] {
  const ends = seen.tasks
    .filter((task) => task.lastStatus === 'STOPPED' && !isMeant(task) && isMissed(seen, task))
    .toSorted((one, other) => moment(other.createdAt) - moment(one.createdAt))
  const often = ends.filter((task) => !isTaken(task)).length > 1
  const told = ends.slice(0, MOST).map((task) => troubleOf(task, often && !isTaken(task)))
  return [...deleting(seen.service), ...placing(seen), ...told]
}

const isTaken = ({ stopCode = '' }: EcsTask): boolean => taken.has(stopCode)

const isMeant = ({ stopCode = '', stoppedReason = '' }: EcsTask): boolean =>
  meant.has(stopCode) && !/failed .*health checks/i.test(stoppedReason)

/** True if a task is of a deployment that was given up, or if no other runs in the place that it had in the newest one. */
function isMissed(seen: EcsSeen, task: EcsTask): boolean {
  const { service, primary } = seen
  const { wanted, ready } = countTasks(seen)
  if (isOf(task, primary)) return ready < wanted
  const isNewer = (one: EcsDeployment) => moment(one.createdAt) >= moment(primary.createdAt)
  return service.deployments.some(
    (one) => one !== primary && one.rolloutState === 'FAILED' && isNewer(one) && isOf(task, one),
  )
}

function troubleOf(task: EcsTask, often: boolean): Trouble {
  const message = endInWords(task)
  return {
    replica: shortName(task.taskArn),
    reason: task.stopCode ?? 'STOPPED',
    message,
    tail: [],
    lasting: often || (hopeless.test(message) && !passing.test(message)),
  }
}

export const shortName = (arn: string): string => arn.split('/').at(-1) ?? arn

/** Returns the end of a task: the reason of ECS, and the exit code and reason of each container that had one. */
export function endInWords({ stoppedReason, containers = [] }: EcsTask): string {
  const ends = containers.flatMap(({ name = 'container', exitCode, reason }) => {
    const code = exitCode === undefined ? [] : [`exit code ${exitCode}`]
    const why = reason === undefined || reason === '' ? [] : [reason]
    const words = [...code, ...why]
    return words.length === 0 ? [] : [`${name}: ${words.join(', ')}`]
  })
  return [...(stoppedReason ? [stoppedReason] : []), ...ends].join('; ')
}

const cannotPlace = /unable to (?:place a task|consistently start tasks)/i
const hasStarted = /has started \d+ tasks?/i

/**
 * An event of the service is all that tells of tasks that never were. A start since then says that there was a place. While
 * a task stops, its place may become free.
 */
function placing({ service, primary, tasks }: EcsSeen): readonly Trouble[] {
  if (primary.rolloutState === 'COMPLETED') return []
  const [newest] = (service.events ?? [])
    .filter(({ message }) => cannotPlace.test(message) || hasStarted.test(message))
    .toSorted((one, other) => moment(other.createdAt) - moment(one.createdAt))
  if (newest === undefined || !cannotPlace.test(newest.message)) return []
  if (moment(newest.createdAt) < moment(primary.createdAt)) return []
  return [aboutAll(service, 'unplaced', newest.message, !tasks.some(isGoing))]
}

/** A service that is being deleted keeps its deployments for a while. */
const deleting = (service: EcsService): readonly Trouble[] =>
  service.status === 'DRAINING'
    ? [aboutAll(service, service.status, 'the service is being deleted', true)]
    : []

const aboutAll = (
  { serviceName }: EcsService,
  reason: string,
  message: string,
  lasting: boolean,
): Trouble => ({ replica: serviceName, reason, message, tail: [], lasting })
