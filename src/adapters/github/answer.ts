import { Problem } from '../../domain/problem.ts'
import { absent, found, type Reading, unknown } from '../../domain/reading.ts'
import type { GitHub } from './connection.ts'
import { type Asking, problemOf } from './failures.ts'
import { isGitHubError } from './github-error.ts'
import { maySee, noteSeen } from './seeing.ts'

/** Returns the answer's data. Every failure becomes a problem that names the request. */
export async function ask<T>(asking: Asking, answer: Promise<{ data: T }>): Promise<T> {
  try {
    return (await answer).data
  } catch (error) {
    throw problemOf(error, asking)
  }
}

/** Returns the answer's data, or null if GitHub has no such thing: for changes and deletions. */
export async function find<T>(asking: Asking, answer: Promise<{ data: T }>): Promise<T | null> {
  try {
    return (await answer).data
  } catch (error) {
    if (isGitHubError(error) && error.status === 404) return null
    throw problemOf(error, asking)
  }
}

/**
 * Returns a reading. GitHub answers 404 for a missing thing, and for one that the token may not see: absent
 * is only a thing that this token could see. Every other failure is unknown.
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

/** Turns a failed request into a reading; any other error is thrown on. */
export function unclear(error: unknown, asking: Asking): Reading<never> {
  const problem = problemOf(error, asking)
  if (problem instanceof Problem) return unknown(problem.words)
  throw problem
}
