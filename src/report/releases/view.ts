import type { EnvironmentClass } from '../../domain/config/policy.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Fitness } from '../../domain/plan/fitness.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { WayBack } from '../../domain/release/feasibility.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import type { ReleaseStanding } from '../../domain/release/release-state.ts'

/** The releases there are, for the page, the log and the output alike. */
export interface ReleasesView {
  readonly app: string
  readonly environments: readonly RememberingView[]
  /** The newest first. */
  readonly releases: readonly ListedView[]
  /** The number of known releases that are not listed. */
  readonly further: number
  readonly wanted: WantedView | null
  /** Address of the run that looked. */
  readonly run: string
  /** The time of the look: ISO time in UTC. */
  readonly now: string
}

export interface RememberingView {
  readonly name: string
  readonly class: EnvironmentClass
  readonly memory:
    | { readonly kind: 'read'; readonly ledger: Ledger }
    | { readonly kind: 'unknown'; readonly failure: Failure }
}

export interface ListedView extends ReleaseStanding {
  /** The state of its tag: same commit, moved or gone. */
  readonly tag: 'there' | 'moved' | 'gone'
  /** Null where no environment is named, or nothing can be said. */
  readonly fitness: Fitness | null
}

export interface WantedView {
  readonly environment: string
  readonly otherBase: readonly ReleaseId[]
  /** The latest first. */
  readonly waysBack: readonly WayBack[]
}
