import type { EcsEngine } from '../../../domain/config/engine-recipe.ts'
import type { EngineSeen } from '../../../domain/engine/engine-seen.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import { found } from '../../../domain/reading.ts'
import type { Clock, EngineControl, Shell, Variables, Watch } from '../../../pipeline/ports.ts'
import type { ReleaseFiles } from '../release-files.ts'
import type { Calling } from '../tool.ts'
import { ableToRoll } from './able.ts'
import { createAws } from './aws.ts'
import { type EcsHand, handOverImages, restartService } from './hand-over.ts'
import { jobsOf } from './jobs.ts'
import { createLogs, type EcsLogs, endedContainer } from './logs.ts'
import { createReader, type EcsSeen } from './look.ts'
import { engineSeen } from './seen.ts'
import { shortName } from './trouble.ts'

interface EcsOptions {
  readonly shell: Shell
  readonly clock: Clock
  readonly files: ReleaseFiles
}

/** Rolls a service of Amazon ECS, by the aws CLI. */
export function createEcs(recipe: EcsEngine, { shell, clock, files }: EcsOptions): EngineControl {
  const aws = createAws(recipe, shell)
  const logs = createLogs(recipe, shell)
  const means = { aws, recipe, files, reader: createReader(aws, recipe) }
  const hand = (variables: Variables, watch: Watch): EcsHand => ({ ...means, calling: { variables, watch } })

  return {
    able: (variables, watch) => ableToRoll(hand(variables, watch)),
    async state(variables, signal) {
      const calling = { variables, watch: { line: () => {}, signal } }
      const seen = await means.reader.look(calling)
      if (seen.kind !== 'found') return seen
      return found(await withLines(engineSeen(seen.value, recipe.images), seen.value, logs, calling))
    },
    handOver: ({ images }, variables, watch) => handOverImages(hand(variables, watch), images),
    restart: (variables, watch) => restartService(hand(variables, watch)),
    stop: async () => cannotStop(recipe.service),
    testBed: null,
    jobs: jobsOf({ ...means, logs, clock }),
  }
}

/** Tasks whose lines are read: those of further ones say the same. */
const MOST_TAILS = 2

/** Adds the last lines of tasks that have ended. */
async function withLines(
  now: EngineSeen,
  { definition, tasks }: EcsSeen,
  logs: EcsLogs,
  calling: Calling,
): Promise<EngineSeen> {
  const troubles = now.troubles.map(async (trouble, at) => {
    const task = tasks.find(({ taskArn }) => shortName(taskArn) === trouble.replica)
    if (task === undefined || at >= MOST_TAILS) return trouble
    return { ...trouble, tail: await logs.of(endedContainer(definition, task), task.taskArn, calling) }
  })
  return { ...now, troubles: await Promise.all(troubles) }
}

const cannotStop = (service: string): Failure => ({
  code: 'engine-refused',
  what: `ECS cannot stop a deployment of ${service} without another one: it stops by itself once its circuit breaker trips.`,
  tail: [],
  next: 'Hand the images from before over, or wait for its end.',
})
