import type { Replicas } from '../../../domain/engine/engine-seen.ts'
import { digestOf } from '../../../domain/engine/images.ts'
import type { SwarmService, SwarmTask } from './service-shape.ts'

/** The tasks of a service, divided by the image of its newest template. */
export interface CountedTasks {
  readonly replicas: Replicas
  /** Tasks of the newest image, ended ones among them. */
  readonly ofNewest: readonly SwarmTask[]
  /** True if every task that is to run has the newest template: an update has nothing more to do. */
  readonly current: boolean
}

/** The states of a task whose program runs. Docker calls it running once its health check was good. */
const runs = new Set(['starting', 'running'])

/** Counts tasks by the digest that they run. An ending one still counts: it may have requests. */
export function countTasks(service: SwarmService, tasks: readonly SwarmTask[]): CountedTasks {
  const { ContainerSpec, ForceUpdate = 0 } = service.Spec.TaskTemplate
  const ofNewest = tasks.filter((task) => isSame(task.Spec.ContainerSpec.Image, ContainerSpec.Image))
  const updated = ofNewest.filter((task) => isMeant(task) && runs.has(task.Status.State))
  return {
    replicas: {
      wanted: wantedOf(service, tasks),
      updated: updated.length,
      ready: updated.filter((task) => task.Status.State === 'running').length,
      old: tasks.filter((task) => runs.has(task.Status.State) && !ofNewest.includes(task)).length,
    },
    ofNewest,
    current: tasks
      .filter((task) => isMeant(task) && !hasEnded(task))
      .every((task) => ofNewest.includes(task) && (task.Spec.ForceUpdate ?? 0) === ForceUpdate),
  }
}

/** The ends of a task. `complete`: its program ended with 0. */
const ends = new Set(['complete', 'failed', 'rejected', 'shutdown', 'orphaned', 'remove'])

export const hasEnded = ({ Status }: SwarmTask): boolean => ends.has(Status.State)

const isMeant = (task: SwarmTask): boolean => task.DesiredState === 'running'

/** A global service has one task on each node that fits: the swarm alone knows how many that are. */
function wantedOf({ Spec }: SwarmService, tasks: readonly SwarmTask[]): number {
  if (Spec.Mode.Replicated !== undefined) return Spec.Mode.Replicated.Replicas ?? 1
  const nodes = tasks.filter(isMeant).flatMap(({ NodeID }) => NodeID ?? [])
  return new Set(nodes).size
}

function isSame(one: string, other: string): boolean {
  const digest = digestOf(one)
  return digest === null ? one === other : digest === digestOf(other)
}
