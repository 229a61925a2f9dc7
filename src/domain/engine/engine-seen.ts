import type { Reading } from '../reading.ts'

/** The digests that an engine is to run, by the name of the container, or the name of the service where it has one. */
export type Images = Readonly<Record<string, string>>

/** One look at a service on an engine, in the engine's own numbers. */
export interface EngineSeen {
  /** The engine's name of the rollout that is newest now: a revision, a deployment id, an index. */
  readonly rollout: string
  /** The images that the newest rollout is to run. */
  readonly wanted: Images
  /** True once the engine has taken notice of the newest rollout: until then its numbers are of the one before. */
  readonly noticed: boolean
  /**
   * `rolled-back`: the engine went back by itself. `failed`: it gave up and changed nothing further. `paused`: by others.
   * `held`: by Rollgate, for a halt; handing over lets it go on.
   */
  readonly phase: 'rolling' | 'settled' | 'paused' | 'held' | 'failed' | 'rolled-back'
  readonly replicas: Replicas
  /** Why a replica of the newest rollout is not ready: those of an older one are not among them. */
  readonly troubles: readonly Trouble[]
  /** The author of the newest change, as the engine tells; absent where the engine keeps no names. */
  readonly changedBy: Reading<string>
}

export interface Replicas {
  /** The number that the engine is to run now. */
  readonly wanted: number
  /** Those that run the wanted images: seen by the digest of what runs, never by a name. */
  readonly updated: number
  /** Updated ones that are ready. */
  readonly ready: number
  /** Those that run anything else, the ending ones among them: they may still serve. */
  readonly old: number
}

export interface Trouble {
  readonly replica: string
  /** The engine's own word, like `ImagePullBackOff`. */
  readonly reason: string
  readonly message: string
  /** The last lines of its log; none where it has none. */
  readonly tail: readonly string[]
  /** True if waiting does not help: the image is not there, the quota is used up, the program ends again and again. */
  readonly lasting: boolean
}
