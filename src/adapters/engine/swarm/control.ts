import type { SwarmEngine } from '../../../domain/config/engine-recipe.ts'
import type { Trouble } from '../../../domain/engine/engine-seen.ts'
import type { Failure } from '../../../domain/question/decision.ts'
import { found } from '../../../domain/reading.ts'
import type { Clock, EngineControl, Shell, Variables, Watch } from '../../../pipeline/ports.ts'
import { failureOf } from '../tool.ts'
import { ableToRoll } from './able.ts'
import { createDocker, readService, readSwarm } from './docker.ts'
import { handOverImage, restartService, type SwarmHand } from './hand-over.ts'
import { jobsOf } from './jobs.ts'
import { engineSeen, troubledTasks, troubleOf } from './seen.ts'
import { givingBack } from './settings.ts'
import { createTails } from './tails.ts'

/** Replicas whose log lines are read in one look. */
const MOST_TAILS = 3

/** Rolls a service of a Docker swarm, by the Docker CLI of a manager. */
export function createSwarm(
  recipe: SwarmEngine,
  { shell, clock }: { readonly shell: Shell; readonly clock: Clock },
): EngineControl {
  const docker = createDocker(recipe.host, shell)
  const tails = createTails(docker)
  const hand = (variables: Variables, watch: Watch): SwarmHand => ({
    docker,
    recipe,
    calling: { variables, watch },
  })
  const key = Object.keys(recipe.images)[0] ?? recipe.service

  return {
    able: (variables, watch) => ableToRoll(hand(variables, watch)),
    async state(variables, signal) {
      const calling = { variables, watch: { line: () => {}, signal } }
      const seen = await readSwarm(docker, recipe.service, calling)
      if (seen.kind !== 'found') return seen
      const troubles: Trouble[] = []
      for (const troubled of troubledTasks(seen.value)) {
        const tail = troubles.length < MOST_TAILS ? await tails.of(troubled, calling) : []
        troubles.push(troubleOf(troubled, tail))
      }
      return found({ ...engineSeen(seen.value, key), troubles })
    },
    handOver: ({ images }, variables, watch) => handOverImage(hand(variables, watch), images[key] ?? ''),
    restart: (variables, watch) => restartService(hand(variables, watch)),
    stop: async () => cannotStop(recipe.service),
    async rest(variables, watch) {
      const calling = { variables, watch }
      const service = await readService(docker, recipe.service, calling)
      const options = service.kind === 'found' ? givingBack(service.value) : []
      if (options.length === 0) return null
      const words = ['service', 'update', '--detach', '--quiet', '--no-resolve-image', ...options]
      const answer = await docker.call([...words, '--', recipe.service], calling)
      return answer.kind === 'answered'
        ? null
        : failureOf(`The swarm did not change the settings of ${recipe.service} back`, answer)
    },
    testBed: null,
    jobs: jobsOf({ docker, recipe }, clock),
  }
}

const cannotStop = (service: string): Failure => ({
  code: 'engine-refused',
  what: `A swarm cannot stop an update of ${service} that is under way: it stops by itself after a failure.`,
  tail: [],
  next: 'Hand the images from before over, or wait for its end.',
})
