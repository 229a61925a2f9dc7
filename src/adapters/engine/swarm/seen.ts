import type { EngineSeen, Images, Trouble } from '../../../domain/engine/engine-seen.ts'
import { absent } from '../../../domain/reading.ts'
import { countTasks } from './count.ts'
import type { SwarmSeen } from './docker.ts'
import { phaseOf } from './phase.ts'
import { rolloutOf } from './rollout.ts'
import { endInWords, type TroubledTask, troubledIn } from './trouble.ts'

/** Returns a look at a service, without the log lines of its troubles. A swarm keeps no names of its users. */
export function engineSeen({ service, tasks }: SwarmSeen, key: string): EngineSeen {
  const counted = countTasks(service, tasks)
  const { TaskTemplate } = service.Spec
  const { phase, noticed } = phaseOf(service, counted)
  const rollout = rolloutOf(TaskTemplate)
  return {
    // The template is the one from before again: it must not pass for a rollout that was not noticed yet.
    rollout: phase === 'rolled-back' ? `${rollout}-again` : rollout,
    wanted: imagesOf(key, TaskTemplate.ContainerSpec.Image),
    phase,
    noticed,
    replicas: counted.replicas,
    troubles: [],
    changedBy: absent,
  }
}

const imagesOf = (key: string, image: string): Images => ({ [key]: image })

/** Returns the replicas that have trouble. */
export const troubledTasks = ({ service, tasks }: SwarmSeen): readonly TroubledTask[] =>
  troubledIn(service, countTasks(service, tasks).ofNewest)

export const troubleOf = (troubled: TroubledTask, tail: readonly string[]): Trouble => ({
  replica: troubled.replica,
  reason: troubled.task.Status.State,
  message: endInWords(troubled.task),
  tail,
  lasting: troubled.lasting,
})
