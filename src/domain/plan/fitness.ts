import { type Block, describeBlock } from '../ledger/blocking.ts'
import type { Relation } from '../release/release.ts'

/** The fitness of a release for an environment. */
export type Fitness =
  /** It can be deployed there. `acknowledge`: only with an acknowledgement that it is older. */
  | { readonly kind: 'suits'; readonly relation: Relation; readonly acknowledge: boolean }
  | { readonly kind: 'serves' }
  | { readonly kind: 'blocked'; readonly block: Block }
  | { readonly kind: 'other-base'; readonly base: string | null }
  /** Its config does not fit today's policy. */
  | { readonly kind: 'unreadable'; readonly why: string }

/** Returns the risk of deploying it there; empty without one. */
export function riskOf(fitness: Fitness): string {
  switch (fitness.kind) {
    case 'serves':
      return ''
    case 'blocked':
      return describeBlock(fitness.block)
    case 'other-base':
      return `made for base version ${fitness.base ?? 'none'}`
    case 'unreadable':
      return `its config cannot be read: ${fitness.why}`
    case 'suits':
      return riskOfRelation(fitness)
  }
}

function riskOfRelation({ relation, acknowledge }: Extract<Fitness, { kind: 'suits' }>): string {
  switch (relation) {
    case 'behind':
      return `older than what serves, not recommended: data of the newer one may conflict, with downtime${acknowledge ? '; wants acknowledge-older' : ''}`
    case 'diverged':
      return 'has diverged: lacks commits of what serves'
    case 'unknown':
      return `cannot be compared with what serves, because a commit is gone: it may be older${acknowledge ? '; wants acknowledge-older' : ''}`
    case 'first':
    case 'identical':
    case 'ahead':
      return ''
  }
}
