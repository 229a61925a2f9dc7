import type { EngineRecipe, EngineService } from '../../../domain/config/engine-recipe.ts'
import { maybeCommand, toCommand } from '../commands.ts'
import type { EngineValue } from '../schema/engine.ts'
import { toEcsEngine } from './ecs.ts'
import { toKubernetesEngine } from './kubernetes.ts'
import { toSwarmEngine } from './swarm.ts'

/** Reads a service on an engine. */
export const toEngineService = (name: string, written: EngineValue): EngineService => ({
  name,
  engine: toEngine(name, written),
  minHealthyTime: written['min-healthy-time'],
  deadline: written.deadline,
  onFailure: written['on-failure'],
  testBed: written['test-bed'] === undefined ? null : { bakeTime: written['test-bed']['bake-time'] },
})

/** The schema lets exactly one kind through. */
function toEngine(name: string, { command, ecs, kubernetes, swarm }: EngineValue): EngineRecipe {
  if (kubernetes !== undefined) return toKubernetesEngine(kubernetes, toImages(name, kubernetes))
  if (swarm !== undefined) return toSwarmEngine(name, swarm)
  if (ecs !== undefined) return toEcsEngine(ecs, toImages(name, ecs))
  if (command !== undefined) return toCommandEngine(name, command)
  throw new Error(`${name} names no engine`)
}

const toCommandEngine = (name: string, written: NonNullable<EngineValue['command']>): EngineRecipe => ({
  kind: 'command',
  images: toImages(name, written),
  able: maybeCommand(written.able),
  state: toCommand(written.state),
  handOver: toCommand(written['hand-over']),
  restart: maybeCommand(written.restart),
  ...(written.scale === undefined ? {} : { scale: toCommand(written.scale) }),
  stop: maybeCommand(written.stop),
  reverse: maybeCommand(written.reverse),
})

interface ImagesWritten {
  readonly image?: string | undefined
  readonly images?: Readonly<Record<string, string>> | undefined
}

/** A single image goes by the name of its service. */
export const toImages = (name: string, { image, images }: ImagesWritten): Readonly<Record<string, string>> =>
  images ?? (image === undefined ? {} : { [name]: image })
