import type { Trouble } from '../../../domain/engine/engine-seen.ts'
import { isOf } from './count.ts'
import type { EcsSeen } from './look.ts'
import { type EcsDeployment, type EcsTask, moment } from './shapes.ts'

/** Stops that a person asked for, or that belong to a rollout. */
const meant = new Set(['ServiceSchedulerInitiated', 'UserInitiated'])

/** Stops of an image that is not there, or may not be pulled: the next task ends the same way. */
const hopeless = /CannotPull|ImageNotFound|ResourceInitializationError|invalid image/i

const MOST = 5

/** Returns why tasks of the newest deployment, or of one that ECS gave up, have ended; and why none can be placed. */
export function troublesIn(seen: EcsSeen): readonly Trouble[] {
  const ends = seen.tasks
    .filter((task) => task.lastStatus === 'STOPPED' && !isMeant(task) && isCurrent(seen, task))
    .toSorted((one, other) => moment(other.createdAt) - moment(one.createdAt))
  const often = ends.length > 1
  return [...placing(seen), ...ends.slice(0, MOST).map((task) => troubleOf(task, often))]
}

const isMeant = ({ stopCode = '', stoppedReason = '' }: EcsTask): boolean =>
  meant.has(stopCode) && !/failed .*health checks/i.test(stoppedReason)

function isCurrent({ service, primary }: EcsSeen, task: EcsTask): boolean {
  const failed = service.deployments.filter(({ rolloutState }) => rolloutState === 'FAILED')
  const isNewer = (one: EcsDeployment) => moment(one.createdAt) >= moment(primary.createdAt)
  return [primary, ...failed.filter(isNewer)].some((one) => isOf(task, one))
}

function troubleOf(task: EcsTask, often: boolean): Trouble {
  const message = endInWords(task)
  return {
    replica: shortName(task.taskArn),
    reason: task.stopCode ?? 'STOPPED',
    message,
    tail: [],
    lasting: often || hopeless.test(message),
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

/** An event of the service is all that tells of tasks that never were. */
function placing({ service, primary }: EcsSeen): readonly Trouble[] {
  if (primary.rolloutState === 'COMPLETED') return []
  const event = (service.events ?? []).find(
    ({ message, createdAt }) => cannotPlace.test(message) && moment(createdAt) >= moment(primary.createdAt),
  )
  if (event === undefined) return []
  return [
    { replica: service.serviceName, reason: 'unplaced', message: event.message, tail: [], lasting: true },
  ]
}
