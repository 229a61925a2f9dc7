import { type Asking, problemOf } from './failures.ts'
import { isGitHubError } from './github-error.ts'

/** The answer's data. Whatever goes wrong becomes a problem that says what was being done. */
export async function ask<T>(asking: Asking, answer: Promise<{ data: T }>): Promise<T> {
  try {
    return (await answer).data
  } catch (error) {
    throw problemOf(error, asking)
  }
}

/** As `ask`, and null where GitHub answers that there is no such thing. */
export async function find<T>(asking: Asking, answer: Promise<{ data: T }>): Promise<T | null> {
  try {
    return (await answer).data
  } catch (error) {
    if (isGitHubError(error) && error.status === 404) return null
    throw problemOf(error, asking)
  }
}
