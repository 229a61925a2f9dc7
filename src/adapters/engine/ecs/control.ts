import type { EcsEngine } from '../../../domain/config/engine-recipe.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import { mapped } from '../../../domain/reading.ts'
import type { Clock, EngineControl, Shell, Variables, Watch } from '../../../pipeline/ports.ts'
import type { ReleaseFiles } from '../release-files.ts'
import { ableToRoll } from './able.ts'
import { createAws } from './aws.ts'
import { type EcsHand, handOverImages, restartService } from './hand-over.ts'
import { jobsOf } from './jobs.ts'
import { createReader } from './look.ts'
import { engineSeen } from './seen.ts'

interface EcsOptions {
  readonly shell: Shell
  readonly clock: Clock
  readonly files: ReleaseFiles
}

/** Rolls a service of Amazon ECS, by the aws CLI. */
export function createEcs(recipe: EcsEngine, { shell, clock, files }: EcsOptions): EngineControl {
  const aws = createAws(recipe, shell)
  const means = { aws, recipe, files, reader: createReader(aws, recipe) }
  const hand = (variables: Variables, watch: Watch): EcsHand => ({ ...means, calling: { variables, watch } })

  return {
    able: (variables, watch) => ableToRoll(hand(variables, watch)),
    async state(variables, signal) {
      const seen = await means.reader.look({ variables, watch: { line: () => {}, signal } })
      return mapped(seen, (value) => engineSeen(value, recipe.images))
    },
    handOver: ({ images }, variables, watch) => handOverImages(hand(variables, watch), images),
    restart: (variables, watch) => restartService(hand(variables, watch)),
    stop: async () => cannotStop(recipe.service),
    testBed: null,
    jobs: jobsOf(means, clock),
  }
}

const cannotStop = (service: string): Failure => ({
  code: 'engine-refused',
  what: `ECS cannot stop a deployment of ${service} without another one: it stops by itself once its circuit breaker trips.`,
  tail: [],
  next: 'Hand the images from before over, or wait for its end.',
})
