import type { Block } from '../../domain/ledger/blocking.ts'
import { riskOf } from '../../domain/plan/fitness.ts'
import { describeFeasibility, type Feasibility, type WayBack } from '../../domain/release/feasibility.ts'
import type { ReleaseId } from '../../domain/release/release.ts'
import type { Flag, ReleaseState } from '../../domain/release/release-state.ts'
import { type ProvenResult, provenResult } from '../outcome/proven-output.ts'
import { commitBlocksResult } from '../text/commit-blocks.ts'
import type { ListedView, ReleasesView, RememberingView } from './view.ts'

/** The `result` output of `releases`, described in docs/releases-list.md. A change of its shape gets another `schema`. */
export interface ReleasesResult {
  readonly schema: 1
  readonly command: 'releases'
  readonly outcome: 'looked'
  readonly at: string
  readonly app: string
  readonly environments: readonly {
    readonly name: string
    readonly class: string
    /** The reason why it could not be asked; all below is then null or empty. */
    readonly unread: string | null
    readonly serving: (ReleaseId & { readonly since: string }) | null
    readonly blocked: readonly Block[]
  }[]
  readonly releases: readonly ReleaseResult[]
  readonly further: number
  /** For the named environment; null without one. */
  readonly wanted: {
    readonly environment: string
    readonly 'other-base': readonly ReleaseId[]
    readonly 'ways-back': readonly {
      readonly release: ReleaseId
      readonly feasibility: Feasibility['kind']
      readonly words: string
      /** The environment in which its own checks passed on this schema. */
      readonly proven: ProvenResult | null
      readonly blocked: boolean
    }[]
  } | null
  readonly run: string
}

export interface ReleaseResult extends ReleaseId {
  readonly state: ReleaseState
  readonly serves: readonly string[]
  readonly flags: readonly { readonly flag: Flag['kind']; readonly environment: string }[]
  /** The last rehearsal of the rollback from it: the target, and the deployments. */
  readonly rehearsed: readonly {
    readonly environment: string
    readonly to: ReleaseId
    readonly deployments: readonly [back: number, again: number]
  }[]
  /** The state of its tag: same commit, moved or gone. */
  readonly reference: 'there' | 'moved' | 'gone'
  /** The possible use in the environment, and its risk; null without a named environment. */
  readonly fitness: { readonly kind: string; readonly relation: string | null; readonly risk: string } | null
}

export const releasesResult = (view: ReleasesView): ReleasesResult => ({
  schema: 1,
  command: 'releases',
  outcome: 'looked',
  at: view.now,
  app: view.app,
  environments: view.environments.map(environmentResult),
  releases: view.releases.map(releaseResult),
  further: view.further,
  wanted:
    view.wanted === null
      ? null
      : {
          environment: view.wanted.environment,
          'other-base': view.wanted.otherBase.map(idOf),
          'ways-back': view.wanted.waysBack.map(wayBackResult),
        },
  run: view.run,
})

const idOf = ({ tag, sha }: ReleaseId): ReleaseId => ({ tag, sha })

function environmentResult({ name, class: stake, memory }: RememberingView) {
  if (memory.kind === 'unknown')
    return { name, class: stake, unread: memory.failure.what, serving: null, blocked: [] }
  const { serving, blocked } = memory.ledger
  return {
    name,
    class: stake,
    unread: null,
    serving: serving === null ? null : { ...idOf(serving.release), since: serving.since },
    blocked: blocked.map(({ tag, sha, reason, by, at }) => ({ tag, sha, reason, by, at })),
    ...commitBlocksResult(memory.ledger),
  }
}

const releaseResult = ({
  release,
  state,
  serves,
  flags,
  rehearsed,
  tag,
  fitness,
}: ListedView): ReleaseResult => ({
  ...idOf(release),
  state,
  serves,
  flags: flags.map(({ kind, environment }) => ({ flag: kind, environment })),
  rehearsed: rehearsed.map(({ environment, to, back, again }) => ({
    environment,
    to: idOf(to),
    deployments: [back, again],
  })),
  reference: tag,
  fitness:
    fitness === null
      ? null
      : {
          kind: fitness.kind,
          relation: fitness.kind === 'suits' ? fitness.relation : null,
          risk: riskOf(fitness),
        },
})

const wayBackResult = ({ release, feasibility, block }: WayBack) => ({
  release: idOf(release),
  feasibility: feasibility.kind,
  words: describeFeasibility(feasibility),
  proven: provenResult(feasibility),
  blocked: block !== null,
})
