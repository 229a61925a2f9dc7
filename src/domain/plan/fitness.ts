import { type Block, describeBlock } from '../journal/blocking.ts'
import type { Relation } from '../release/release.ts'

/** How a release suits an environment. */
export type Fitness =
  /** It can come here. `acknowledge`: only for whoever says that it is older, and wants it all the same. */
  | { readonly kind: 'suits'; readonly relation: Relation; readonly acknowledge: boolean }
  | { readonly kind: 'serves' }
  | { readonly kind: 'blocked'; readonly block: Block }
  | { readonly kind: 'other-base'; readonly base: string | null }
  /** Its config does not go with the policy of today. */
  | { readonly kind: 'unreadable'; readonly why: string }

/** What it risks to deploy it there; empty where nothing speaks against it. */
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
