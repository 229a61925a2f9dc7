import type { Replicas } from '../../../domain/engine/engine-seen.ts'
import type { EcsSeen } from './look.ts'
import type { EcsDeployment, EcsTask } from './shapes.ts'

/** A task is of a deployment by what started it; an ECS that does not say so tells by the task definition. */
export const isOf = ({ startedBy = '', taskDefinitionArn }: EcsTask, deployment: EcsDeployment): boolean =>
  startedBy.startsWith('ecs-svc/')
    ? startedBy === deployment.id
    : taskDefinitionArn === deployment.taskDefinition

/** The states in which a task may have requests, the ending ones among them. */
const serves = new Set(['RUNNING', 'DEACTIVATING', 'STOPPING'])

/** True while a task that is to stop has not. */
export const isGoing = ({ lastStatus, desiredStatus }: EcsTask): boolean =>
  desiredStatus === 'STOPPED' && lastStatus !== 'STOPPED'

/** Counts tasks. One that runs is ready once its container is healthy, where it has a check. */
export function countTasks({ primary, definition, tasks }: EcsSeen): Replicas {
  const hasCheck = definition.containerDefinitions.some(({ healthCheck }) => healthCheck !== undefined)
  const isReady = ({ healthStatus }: EcsTask) => !hasCheck || healthStatus === 'HEALTHY'
  const newest = tasks.filter((task) => isOf(task, primary))
  const updated = newest.filter(
    ({ lastStatus, desiredStatus }) => lastStatus === 'RUNNING' && desiredStatus !== 'STOPPED',
  )
  return {
    wanted: primary.desiredCount,
    updated: updated.length,
    ready: updated.filter(isReady).length,
    old: tasks.filter((task) => serves.has(task.lastStatus) && !isOf(task, primary)).length,
  }
}
