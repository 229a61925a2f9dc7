import { Problem, type ProblemWords } from './problem.ts'

/**
 * The result of one look at the world. *Absent* is an answer: the thing was looked for where it would be, and it is not
 * there. *Unknown* is no answer, and never stands for absent, for done or for good.
 */
export type Reading<T> =
  | { readonly kind: 'found'; readonly value: T }
  | { readonly kind: 'absent' }
  /** `why`: what was asked, what came instead of an answer, and what to do. */
  | { readonly kind: 'unknown'; readonly why: ProblemWords }

export const found = <T>(value: T): Reading<T> => ({ kind: 'found', value })

export const absent: Reading<never> = { kind: 'absent' }

export const unknown = (why: ProblemWords): Reading<never> => ({ kind: 'unknown', why })

/** Found, or absent where there is no value. */
export const readingOf = <T>(value: T | null | undefined): Reading<T> =>
  value === null || value === undefined ? absent : found(value)

/** The value, or null where the thing is absent. Throws the problem of what is unknown. */
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

/** The reading of another value; absent and unknown stay what they are. */
export const mapped = <T, U>(reading: Reading<T>, change: (value: T) => U): Reading<U> =>
  reading.kind === 'found' ? found(change(reading.value)) : reading

const problemOf = ({ code, ...words }: ProblemWords): Problem => new Problem(code, words)
