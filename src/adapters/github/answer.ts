import { Problem } from '../../domain/problem.ts'
import { absent, found, type Reading, unknown } from '../../domain/reading.ts'
import type { GitHub } from './connection.ts'
import { type Asking, problemOf } from './failures.ts'
import { isGitHubError } from './github-error.ts'
import { maySee, noteSeen } from './seeing.ts'

/** The answer's data. Whatever goes wrong becomes a problem that says what was being done. */
export async function ask<T>(asking: Asking, answer: Promise<{ data: T }>): Promise<T> {
  try {
    return (await answer).data
  } catch (error) {
    throw problemOf(error, asking)
  }
}

/** The answer's data, or null where GitHub has no such thing: for what is changed or taken away. */
export async function find<T>(asking: Asking, answer: Promise<{ data: T }>): Promise<T | null> {
  try {
    return (await answer).data
  } catch (error) {
    if (isGitHubError(error) && error.status === 404) return null
    throw problemOf(error, asking)
  }
}

/**
 * A reading. GitHub answers 404 for what is not there, and for what the token may not see: absent is only what this
 * token would see if it were there. Every other failure is unknown.
 */
export async function look<T>(
  github: GitHub,
  asking: Asking,
  answer: Promise<{ data: T }>,
): Promise<Reading<T>> {
  try {
    const { data } = await answer
    noteSeen(github, asking)
    return found(data)
  } catch (error) {
    const missing = isGitHubError(error) && error.status === 404
    if (missing && (await maySee(github, asking))) return absent
    return unclear(error, asking)
  }
}

/** A failed request as a reading; what is no failure of a request stays thrown. */
export function unclear(error: unknown, asking: Asking): Reading<never> {
  const problem = problemOf(error, asking)
  if (problem instanceof Problem) return unknown(problem.words)
  throw problem
}
