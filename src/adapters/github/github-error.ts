/** An error of Octokit. Without a response, GitHub could not be reached or its answer was lost. */
export interface GitHubError extends Error {
  readonly status: number
  readonly response?: {
    readonly headers: Readonly<Record<string, string | number | undefined>>
    readonly data: unknown
  }
}

/** Recognises the error by its shape: Octokit's class is not available if its toolkit is the dependency. */
export const isGitHubError = (error: unknown): error is GitHubError =>
  error instanceof Error && 'status' in error && typeof error.status === 'number'

/** A header of the answer, by its lower-case name. */
export const headerOf = ({ response }: GitHubError, name: string): string | undefined =>
  response?.headers[name]?.toString()
