import { asProblem, type ProblemWords } from '../../domain/problem.ts'

/** More runs than this never write one ledger within a moment. */
const tries = 5

/**
 * Runs an attempt that reads a ledger and writes it, and runs it again where another run has written in between: then
 * the attempt returns null. Returns null where that happens each time.
 */
export async function trySwap<T>(attempt: () => Promise<T | null>): Promise<T | null> {
  for (let left = tries; left > 0; left--) {
    const done = await attempt()
    if (done !== null) return done
  }
  return null
}

/** The same. Throws `environment-locked` where another run has written in between each time. */
export async function compareAndSwap<T>(environment: string, attempt: () => Promise<T | null>): Promise<T> {
  const done = await trySwap(attempt)
  if (done !== null) return done
  throw asProblem(writtenByOthers(environment))
}

export const writtenByOthers = (environment: string): ProblemWords => ({
  code: 'environment-locked',
  what: `The ledger of ${environment} was written by others each time.`,
  why: 'Runs at work there write it all the time.',
  next: 'Run this one again in a moment.',
})
