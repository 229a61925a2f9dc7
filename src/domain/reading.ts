import { Problem, type ProblemWords } from './problem.ts'

/**
 * The result of one look at the world. *Absent* is an answer: the thing was looked for in its place, and is
 * not there. *Unknown* is no answer, and never stands for absent, for done or for good.
 */
export type Reading<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'absent' }
  /** `why`: the request, the result in place of an answer, and the next action. */
  | { readonly kind: 'unknown'; readonly why: ProblemWords }

export const found = <T>(value: T): Reading<T> => ({ kind: 'found', value })

export const absent: Reading<never> = { kind: 'absent' }

export const unknown = (why: ProblemWords): Reading<never> => ({ kind: 'unknown', why })

/** Found, or absent where there is no value. */
export const readingOf = <T>(value: T | null | undefined): Reading<T> =>
  value === null || value === undefined ? absent : found(value)

/** Returns the value, or null if absent. Throws the problem of an unknown reading. */
export function known<T>(reading: Reading<T>): T | null {
  switch (reading.kind) {
    case 'found':
      return reading.value
    case 'absent':
      return null
    case 'unknown':
      throw problemOf(reading.why)
  }
}

/** Changes the value of a reading; absent and unknown stay. */
export const mapped = <T, U>(reading: Reading<T>, change: (value: T) => U): Reading<U> =>
  reading.kind === 'found' ? found(change(reading.value)) : reading

const problemOf = ({ code, ...words }: ProblemWords): Problem => new Problem(code, words)
