import { randomUUID } from 'node:crypto'
import type { Command } from '../../domain/config/command.ts'
import type { EngineService } from '../../domain/config/engine-recipe.ts'
import type { OnEngine } from '../../domain/config/place.ts'
import type { Images } from '../../domain/engine/engine-seen.ts'
import { fillImages } from '../../domain/engine/images.ts'
import type { Finished, Ports, Variables, Watch } from '../ports.ts'
import { shortened } from './job-name.ts'

/** The hands of a job: the engines of the services on which commands run. */
export interface JobHands {
  readonly ports: Pick<Ports, 'engine'>
  readonly plan: { readonly engines: readonly EngineService[] }
}

/** A command that is to run as a job. */
export interface JobOrder {
  readonly command: Command
  readonly on: OnEngine
  readonly seen: Variables
  /** Null for a question, which is asked anew each time. */
  readonly name: string | null
  /** Null for those of the release whose variables the command sees. */
  readonly images: Images | null
}

/** Runs a command as a job of the engine of a service, and follows it to its end. */
export async function runJob({ ports, plan }: JobHands, order: JobOrder, watch: Watch): Promise<Finished> {
  const { on, command, seen } = order
  const service = plan.engines.find(({ name }) => name === on.service)
  if (service === undefined) return nowhere(`there is no service ${on.service} on an engine`)
  const { jobs } = ports.engine(service)
  if (jobs === null) return nowhere(`the engine of ${on.service} runs no commands`)
  const images = order.images ?? imagesIn(service, seen)
  if (typeof images === 'string') return nowhere(images)
  const name = order.name ?? shortened(`rollgate-${seen.ROLLGATE_DEPLOYMENT ?? 'x'}-${randomUUID()}`)
  const variables = { ...seen, ROLLGATE_SERVICE: on.service }
  return jobs.run({ name, command, images, container: on.container }, variables, watch)
}

/** The images of the release that the variables are of, or why a job cannot have them. */
function imagesIn({ name, engine }: EngineService, seen: Variables): Images | string {
  const filled = fillImages(engine.images, seen)
  return filled.kind === 'filled' ? filled.images : `an image of ${name} names no digest`
}

/** Ends before it has run anywhere. */
export const nowhere = (why: string): Finished => ({
  kind: 'unreachable',
  tail: [],
  failure: {
    code: 'command-nowhere',
    what: `A command has no place to run: ${why}.`,
    tail: [],
    next: 'Correct `on` of the command in the config, or the instances of the service, and make a new release or deployment.',
  },
})
