import type { Failure } from '../question/decision.ts'

/**
 * The outcome of a deployment. The counts are names of instances as `service/instance`; `forced` also names steps that a
 * person counted as done: those of the proof, and on the way back those whose undo failed.
 */
export type Outcome =
  | {
      readonly kind: 'succeeded'
      readonly forced: readonly string[]
      readonly excluded: readonly string[]
      readonly failed: readonly string[]
      /** The failure after the release was serving: of the hooks after the rollout. */
      readonly afterwards: Failure | null
    }
  | {
      readonly kind: 'rolled-back'
      readonly forced: readonly string[]
      readonly excluded: readonly string[]
      readonly failure: Failure | null
    }
  /** `stays`: the steps whose effects stay, because they cannot be undone. */
  | { readonly kind: 'failed'; readonly failure: Failure; readonly stays: readonly string[] }
  | { readonly kind: 'rejected'; readonly by: string; readonly reason: string }
  | { readonly kind: 'cancelled'; readonly why: string; readonly stays: readonly string[] }
  /** `supersededBy`: the deployment that took its place in an open detour; left out for any other. */
  | {
      readonly kind: 'abandoned'
      readonly by: string
      readonly reason: string
      readonly supersededBy?: number
    }

/** The instances that an outcome names apart from a plain success. */
export const instancesApart = ({
  forced,
  excluded,
  failed,
}: Extract<Outcome, { kind: 'succeeded' }>): string[] =>
  [...forced, ...excluded, ...failed].filter(isInstance)

/** The steps of the proof that a person counted as done. */
export const proofPassedBy = ({
  forced,
}: Pick<Extract<Outcome, { kind: 'succeeded' }>, 'forced'>): string[] =>
  forced.filter((name) => !isInstance(name))

/** No id of a step of the proof has a slash. */
const isInstance = (name: string): boolean => name.includes('/')

type OutcomeWord = Outcome['kind'] | 'converged' | 'succeeded-post-deploy-failed' | 'superseded'

/** The `outcome` output: one word for machines, which tells a plain success from one with reservations. */
export function outcomeWord(outcome: Outcome): OutcomeWord {
  if (outcome.kind === 'abandoned' && outcome.supersededBy !== undefined) return 'superseded'
  if (outcome.kind !== 'succeeded') return outcome.kind
  if (outcome.afterwards !== null) return 'succeeded-post-deploy-failed'
  return outcome.forced.length + outcome.excluded.length + outcome.failed.length === 0
    ? 'succeeded'
    : 'converged'
}

/** `converged with 1 forced, 2 excluded` */
export function describeOutcome(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'succeeded': {
      const words = withReservations('succeeded', 'converged', outcome)
      return outcome.afterwards === null ? words : `${words}, but afterwards: ${outcome.afterwards.what}`
    }
    case 'rolled-back':
      return withReservations('rolled back', 'rolled back', { ...outcome, failed: [] })
    case 'failed':
      return `failed: ${outcome.failure.what}`
    case 'rejected':
      return `rejected by ${outcome.by}`
    case 'cancelled':
      return `cancelled: ${outcome.why}`
    case 'abandoned':
      return outcome.supersededBy === undefined
        ? `abandoned by ${outcome.by}`
        : `superseded by deployment ${outcome.supersededBy}, which ${outcome.by} began in the same detour`
  }
}

/** Returns the reason for an outcome, if its description does not contain it; otherwise empty. */
export function reasonOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'rolled-back':
      return outcome.failure?.what ?? ''
    case 'rejected':
    case 'abandoned':
      return outcome.reason
    case 'succeeded':
    case 'failed':
    case 'cancelled':
      return ''
  }
}

function withReservations(
  plain: string,
  reserved: string,
  lists: Record<'forced' | 'excluded' | 'failed', readonly string[]>,
): string {
  const parts = (['forced', 'excluded', 'failed'] as const)
    .filter((name) => lists[name].length > 0)
    .map((name) => `${lists[name].length} ${name}`)
  return parts.length === 0 ? plain : `${reserved} with ${parts.join(', ')}`
}
