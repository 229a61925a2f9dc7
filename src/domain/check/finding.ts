import type { ProblemCode } from '../problem.ts'

/** The place of a finding: a key of the config, or a line of a file. Lines and columns begin at 1. */
export type FindingPlace =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'line'; readonly path: string; readonly line: number; readonly column: number }

/** A finding of a check, with its fact and the next action. */
export interface CheckFinding {
  /** `problem`: a deployment would be refused, or its command would fail. */
  readonly weight: 'problem' | 'warning'
  readonly place: FindingPlace
  /** The code that a deployment would be refused with; null where none would be. */
  readonly code: ProblemCode | null
  readonly what: string
  readonly next: string
}

/** Returns a finding about a key that a plan does not judge. */
export const found = (
  weight: CheckFinding['weight'],
  key: string,
  words: Pick<CheckFinding, 'what' | 'next'>,
): CheckFinding => ({ weight, place: { kind: 'key', key }, code: null, ...words })

/** Returns a finding about a line of a file. */
export const foundIn = (
  weight: CheckFinding['weight'],
  path: string,
  line: number,
  words: Pick<CheckFinding, 'what' | 'next'>,
): CheckFinding => ({ weight, place: { kind: 'line', path, line, column: 1 }, code: null, ...words })
