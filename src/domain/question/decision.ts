/** A person's answer at a gate. */
export const decisions = [
  'approve',
  'withdraw',
  'reject',
  'retry',
  'force-next',
  'exclude',
  'roll-back',
  'complete',
  'revert',
  'revert-code',
  'abandon',
] as const

export type Decision = (typeof decisions)[number]

/** True if a decision takes the deployment back: one person may do that alone. */
export const isWayBackDecision = (decision: Decision): boolean =>
  decision === 'roll-back' || decision === 'revert' || decision === 'revert-code'

/** A decision that ends its question. A withdrawal takes an approval back, and leaves the question open. */
export type FinalDecision = Exclude<Decision, 'withdraw'>

export const isFinal = (decision: Decision): decision is FinalDecision => decision !== 'withdraw'

/** The reason for a failure, short enough for a record and without secrets. */
export interface Failure {
  readonly code: string
  /** The failure in one sentence. */
  readonly what: string
  /** The last lines of its output, masked. */
  readonly tail: readonly string[]
  /** The next action, if the failure itself names one. */
  readonly next?: string
}

/** Closes a switch that must answer for every case. */
export function unreachable(value: never): never {
  throw new Error(`no case for ${JSON.stringify(value)}`)
}
