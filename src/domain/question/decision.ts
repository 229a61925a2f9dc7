/** A person's answer at a gate. */
export const decisions = [
  'approve',
  'reject',
  'retry',
  'force-next',
  'exclude',
  'roll-back',
  'abandon',
] as const

export type Decision = (typeof decisions)[number]

/** Why something went wrong, short enough for a record and with nothing secret in it. */
export interface Failure {
  readonly code: string
  /** One sentence. */
  readonly what: string
  /** The last lines of its output, masked. */
  readonly tail: readonly string[]
  /** What to do next, where the failure itself says it. */
  readonly next?: string
}

/** Closes a switch that must answer for every case. */
export function unreachable(value: never): never {
  throw new Error(`no case for ${JSON.stringify(value)}`)
}
