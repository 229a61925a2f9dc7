import type { RolloutOrder } from '../rolling/rollout-order.ts'
import type { Command, Count, Probe } from './command.ts'
import type { Fleet } from './fleet.ts'

/** The way of an instance out of traffic and into it. `is-alive`: the balancer asks the instance itself. */
export type Traffic =
  | {
      readonly kind: 'is-alive'
      /** Has the instance say that it is not alive, while it still answers. None where left out. */
      readonly leave?: Command
      /** The longest time for the balancer to notice an instance's answer. */
      readonly wait?: number
    }
  | {
      readonly kind: 'command'
      /** Returns when no request is under way there any more. */
      readonly leave: Command | null
      readonly enter: Command | null
      /** Yes when the front door sends it requests. */
      readonly serving: Probe | null
      /** The longest time for `serving` to say yes. */
      readonly timeout: number
    }
  | HaproxyTraffic

/** HAProxy, told through its runtime API. */
export interface HaproxyTraffic {
  readonly kind: 'haproxy'
  /** The addresses of the balancers' runtime APIs: a path of a socket, or `host:port`. */
  readonly sockets: readonly string[]
  readonly backend: string
  /** The server's name in the backend; `$NAME` is filled in for each instance. */
  readonly server: string
  /** The longest time for sessions to end by themselves before they are cut. */
  readonly drainTimeout: number
  /** The longest time for the balancer to see an instance up. */
  readonly upTimeout: number
}

export interface HealthCheck {
  readonly probe: Probe
  readonly interval: number
  /** The time that it must stay healthy, without a break. */
  readonly minHealthyTime: number
  /** The longest time after its start until it has been healthy that long. */
  readonly healthyDeadline: number
}

export interface SelfTest {
  readonly probe: Probe
  /** The longest time for an answer of the test, the instance's start included. */
  readonly timeout: number
  /** Further tries after a failed one. */
  readonly retries: number
}

export interface Rollout {
  readonly order: RolloutOrder
  readonly maxParallel: Count
  /** The sizes of the batches, one after another, of which the last repeats; none where all are of `maxParallel`. */
  readonly batches: readonly Count[]
  /** Milliseconds between the end of a batch and the next one, going forward; none when left out. */
  readonly pauseBetweenBatches?: number
  readonly minAvailable: Count | null
  /** Null if a rollback takes as many instances at once as a deployment. */
  readonly rollback: RollbackPace | null
  /** Instances that may fail, in the whole rollout, before it stops. */
  readonly maxFailures: number
  /** The longest time of a rollout until one more instance is healthy. */
  readonly progressDeadline: number
  readonly onFailure: 'ask' | 'roll-back'
  /** True if the config accepts that the only instance goes down while it is changed. */
  readonly acceptDowntime: boolean
}

/** The pace of going back: in a rollback, and in a deployment that turned back. */
export interface RollbackPace {
  /** Null for the batches of going forward. */
  readonly maxParallel: Count | null
  readonly minAvailable: Count | null
}

/** The first instances, changed alone and watched before the others. */
export interface TestBed {
  readonly instances:
    | { readonly kind: 'first'; readonly count: Count }
    | { readonly kind: 'named'; readonly names: readonly string[] }
    /** Named for one deployment, in place of those of the config. */
    | { readonly kind: 'chosen'; readonly names: readonly string[] }
  readonly bakeTime: number
  /** The first part of the bake, whose figures do not count: a fresh instance has nothing in its caches. */
  readonly warmUp: number
  /** `run`: the run stays for the whole bake. `clock`: beyond a minute it ends, and a later run judges. */
  readonly on: 'clock' | 'run'
  /** The sequel of a good bake: the other instances, or a question. */
  readonly onSuccess: 'go-on' | 'ask'
  readonly compare: Comparison | null
}

/** The comparison of the test bed with the instances that still serve the older release. */
export interface Comparison {
  /** Asked of every instance: figures by name, of which less is better, or their series of an interval. */
  readonly figures: Probe | null
  /** The share by which the test bed's figures may be worse: `0.1` is a tenth. */
  readonly tolerance: number
  /** The fewest readings of an instance for a verdict. */
  readonly readings: number
  /** Figures that are judged and shown, and decide nothing. */
  readonly watchedOnly: 'none' | 'all' | readonly string[]
  /** Decides in place of the tolerance: 0 is better or equal, 1 worse, any other code inconclusive. */
  readonly command: Command | null
}

export interface Service {
  readonly name: string
  readonly fleet: Fleet
  readonly traffic: Traffic
  /** The first line of its answer, or `version` or `release` in its JSON, is the release that an instance runs. */
  readonly version: Probe | null
  readonly healthCheck: HealthCheck | null
  readonly selfTest: SelfTest | null
  readonly testBed: TestBed | null
  readonly rollout: Rollout
}
