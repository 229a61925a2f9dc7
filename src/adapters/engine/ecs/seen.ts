import type { EngineSeen, Images } from '../../../domain/engine/engine-seen.ts'
import { digestOf } from '../../../domain/engine/images.ts'
import { absent } from '../../../domain/reading.ts'
import { containerOf, imagesIn } from './containers.ts'
import { countTasks, isOf } from './count.ts'
import type { EcsSeen } from './look.ts'
import { phaseOf } from './phase.ts'
import { troublesIn } from './trouble.ts'

/** Returns a look at a service. ECS keeps no name of a person with a deployment; CloudTrail has them. */
export function engineSeen(seen: EcsSeen, templates: Images): EngineSeen {
  const phase = phaseOf(seen)
  return {
    // ECS may take the deployment from before up again: it must not pass for one that was not noticed yet.
    rollout: phase === 'rolled-back' ? `${seen.primary.id} again` : seen.primary.id,
    wanted: pinned(seen, templates),
    noticed: true,
    phase,
    replicas: countTasks(seen),
    troubles: troublesIn(seen),
    changedBy: absent,
  }
}

/** An image that is named by a tag gets the digest that every running task of it was seen with: it can be gone back to. */
function pinned(seen: EcsSeen, templates: Images): Images {
  const images = imagesIn(seen.definition, templates)
  return Object.fromEntries(
    Object.entries(images).map(([name, image]) => {
      const container = containerOf(name, templates, seen.definition)
      const digest = digestOf(image) === null ? digestOfAll(seen, container?.name ?? name) : null
      return [name, digest === null ? image : `${withoutTag(image)}@${digest}`]
    }),
  )
}

function digestOfAll({ tasks, primary }: EcsSeen, container: string): string | null {
  const running = tasks.filter((task) => task.lastStatus === 'RUNNING' && isOf(task, primary))
  const digests = running.map(
    ({ containers = [] }) => containers.find(({ name }) => name === container)?.imageDigest,
  )
  const [first] = digests
  return first !== undefined && digests.every((digest) => digest === first) ? first : null
}

const withoutTag = (image: string): string => image.replace(/:[^:/@]+$/, '')
