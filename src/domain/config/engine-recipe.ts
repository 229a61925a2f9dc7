import type { Command } from './command.ts'

/** A service that lives on an engine, which rolls by itself. */
export interface EngineService {
  readonly name: string
  readonly engine: EngineRecipe
  /** The time that every replica must stay ready, without a break, until it counts as done. */
  readonly minHealthyTime: number
  /** The longest time of a rollout. */
  readonly deadline: number
  readonly onFailure: 'ask' | 'roll-back'
  /** Null where nothing is tried out before. */
  readonly testBed: EngineTestBed | null
}

/** One replica beside the others, with the same traffic, that is watched before the others change. */
export interface EngineTestBed {
  readonly bakeTime: number
}

/** An engine that the schema offers: each has an adapter. */
export type EngineRecipe = KubernetesEngine | SwarmEngine | EcsEngine | CommandEngine

/** True if the engine is asked by a command of the release, so that its files are needed. */
export const isAskedByCommand = ({ kind }: EngineRecipe): boolean => kind === 'command'

/** Returns the files of a release that an engine applies; none where only images are handed over. */
export function manifestsOn(engine: EngineRecipe): readonly string[] {
  switch (engine.kind) {
    case 'kubernetes':
      return engine.manifests
    case 'swarm':
    case 'ecs':
    case 'command':
      return []
  }
}

/** Returns the place in which an engine starts jobs by the clock; null where commands suspend them. */
export function timedJobsOn(engine: EngineRecipe): Pick<KubernetesEngine, 'namespace' | 'context'> | null {
  switch (engine.kind) {
    case 'kubernetes':
      return { namespace: engine.namespace, context: engine.context }
    case 'swarm':
    case 'ecs':
    case 'command':
      return null
  }
}

/** True if an engine can be told to run no replica of a service, and later as many as before. */
export function isScalable(engine: EngineRecipe): boolean {
  switch (engine.kind) {
    case 'kubernetes':
      return engine.workload.kind !== 'daemonset'
    case 'command':
      return engine.scale !== undefined
    case 'swarm':
    case 'ecs':
      return false
  }
}

/** Returns the place of a service on its engine: two services with the same one are the same. */
export function placeOn(engine: EngineRecipe): string {
  switch (engine.kind) {
    case 'kubernetes':
      return JSON.stringify([engine.context, engine.namespace, engine.workload.kind, engine.workload.name])
    case 'swarm':
      return JSON.stringify([engine.host, engine.service])
    case 'ecs':
      return JSON.stringify([engine.endpoint, engine.region, engine.cluster, engine.service])
    case 'command':
      return JSON.stringify([engine.state, engine.handOver])
  }
}

/**
 * Returns an engine whose workload is made like that of another one, where it is not there yet; as it is where the two are
 * not beside each other, or where manifests make it.
 */
export function madeLike(
  engine: EngineRecipe,
  other: EngineRecipe,
  mark: Omit<WorkloadLike, 'name'>,
): EngineRecipe {
  switch (engine.kind) {
    case 'kubernetes': {
      const isBeside =
        'workload' in other &&
        engine.namespace === other.namespace &&
        engine.workload.kind === other.workload.kind
      if (!isBeside || engine.manifests.length > 0) return engine
      return { ...engine, like: { name: other.workload.name, ...mark } }
    }
    case 'swarm':
    case 'ecs':
    case 'command':
      return engine
  }
}

/** Images by container, like `ghcr.io/acme/api@$DIGEST`; `$NAME` from the outputs of the build and the variables. */
type ImageTemplates = Readonly<Record<string, string>>

export interface KubernetesEngine {
  readonly kind: 'kubernetes'
  readonly workload: { readonly kind: 'deployment' | 'statefulset' | 'daemonset'; readonly name: string }
  readonly namespace: string
  /** The context that must be the current one; null for any. */
  readonly context: string | null
  readonly images: ImageTemplates
  /** Files of the release that are applied server-side; none where only images are set. */
  readonly manifests: readonly string[]
  /** The workload that one which is not there yet is made like, with a label of its own; left out where none is made. */
  readonly like?: WorkloadLike
}

/** The workload of the other side, and the label by which the pods of this side are told from those. */
export interface WorkloadLike {
  readonly name: string
  readonly label: string
  readonly value: string
  /**
   * Variables of a workload that stands in for the other one, in place of those there. It is made anew whenever it runs no
   * replica, as the other one may have changed since. Left out between two sides that both stay.
   */
  readonly standsIn?: Readonly<Record<string, string>>
}

export interface SwarmEngine {
  readonly kind: 'swarm'
  /** One image, by the name of Rollgate's service. */
  readonly images: ImageTemplates
  /** The name of the service in the swarm. */
  readonly service: string
  /** The context of the Docker CLI, or the address of its host; null for its own setting. */
  readonly host: string | null
  /** The options of `docker service create`, for a service that is not there yet; null where that is refused. */
  readonly create: readonly string[] | null
  /** True if the login of this machine to the registry is handed to the swarm. */
  readonly registryAuth: boolean
  /** The settings of an update; null for those of the service. */
  readonly order: 'start-first' | 'stop-first' | null
  readonly parallelism: number | null
  /** Milliseconds after the start of a replica in which its end counts as a failure. */
  readonly monitor: number | null
}

export interface EcsEngine {
  readonly kind: 'ecs'
  /** By the names of the containers; one image may go by the name of Rollgate's service. */
  readonly images: ImageTemplates
  readonly cluster: string
  readonly service: string
  readonly region: string | null
  /** A file of the release with a task definition; null to take the serving one with new images. */
  readonly taskDefinition: string | null
  /** A file of the release for `aws ecs create-service`, for a service that is not there yet; null where that is refused. */
  readonly create: string | null
  /** The address of the API, for others than AWS's own. */
  readonly endpoint: string | null
}

/** Anything else. `state` prints JSON, and that is what is believed. */
export interface CommandEngine {
  readonly kind: 'command'
  readonly images: ImageTemplates
  readonly able: Command | null
  readonly state: Command
  readonly handOver: Command
  /** Replaces every replica; null where the engine cannot. */
  readonly restart: Command | null
  /** Has the engine run another number of replicas; left out where it cannot. */
  readonly scale?: Command
  readonly stop: Command | null
  /** Takes the images from before; null to hand them over like any others. */
  readonly reverse: Command | null
}
