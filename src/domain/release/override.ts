/** The person who overrides a proof, and the reason. */
export interface Override {
  readonly by: string
  readonly reason: string
}

type ProofOrOverride =
  | { readonly kind: 'verified' | 'soaking' | 'unverified' | 'rehearsed' | 'unrehearsed' }
  | ({ readonly kind: 'overridden' } & Override)

/** Returns the override in a plan in place of a proof; null without one. */
export const overrideIn = (proof: ProofOrOverride | null): Override | null =>
  proof?.kind === 'overridden' ? { by: proof.by, reason: proof.reason } : null
