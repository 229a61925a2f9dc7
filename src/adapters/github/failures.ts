import { Problem } from '../../domain/problem.ts'
import { type GitHubError, headerOf, isGitHubError } from './github-error.ts'
import { type Limit, limitOf } from './rate-limit.ts'

/** The purpose of a request: `doing` follows "Could not", `needs` is the permission as a workflow writes it. */
export interface Asking {
  readonly doing: string
  readonly needs: `${string}: ${'read' | 'write'}`
}

/** Turns a failed request into a problem; any other error stays as it is. */
export function problemOf(error: unknown, asking: Asking): unknown {
  if (!isGitHubError(error)) return error
  if (error.response === undefined) return unreachable(error, asking)
  const limit = limitOf(error)
  if (limit !== null) return limited(error, asking, limit)
  if (error.status >= 500) return broken(error, asking)
  switch (error.status) {
    case 401:
      return tokenRefused(error, asking)
    case 403:
      return forbidden(error, asking)
    case 404:
      return hidden(error, asking)
    default:
      return refused(error, asking)
  }
}

const later = 'Run it again; https://www.githubstatus.com shows whether GitHub has an outage.'

const unreachable = (error: GitHubError, { doing }: Asking) =>
  new Problem(
    'github-unavailable',
    {
      what: `Could not ${doing}: GitHub did not answer (${error.message}).`,
      why: 'The connection to GitHub is disturbed, or GitHub is.',
      next: later,
    },
    error,
  )

const broken = (error: GitHubError, asking: Asking) =>
  new Problem(
    'github-unavailable',
    {
      what: `${couldNot(error, asking)} The request's id is ${headerOf(error, 'x-github-request-id') ?? 'unknown'}.`,
      why: 'GitHub had an error of its own, and repeating the request did not help.',
      next: later,
    },
    error,
  )

const limited = (error: GitHubError, asking: Asking, limit: Limit) =>
  new Problem(
    'github-unavailable',
    {
      what: `${couldNot(error, asking)} ${passesAgain(limit)}`,
      why: "A rate limit of GitHub's is used up; all runs of a repository share the one of its `GITHUB_TOKEN`.",
      next: 'Run it again later, or give `token` a token of a GitHub App, which has a limit of its own.',
    },
    error,
  )

const tokenRefused = (error: GitHubError, asking: Asking) =>
  new Problem(
    'permission-missing',
    {
      what: couldNot(error, asking),
      why: "The token is wrong or no longer valid: a job's own token ends with the job.",
      next: 'Give `token` a valid token, or leave the input out: the default is the one of the job.',
    },
    error,
  )

function forbidden(error: GitHubError, asking: Asking): Problem {
  const needed = neededPermissions(error) ?? `\`${asking.needs}\``
  return new Problem(
    'permission-missing',
    {
      what: couldNot(error, asking),
      why: `The token may not do this: it needs ${needed}.`,
      next: `Add ${needed} to the job's \`permissions\`, and to those of the job that calls it where there is one.`,
    },
    error,
  )
}

/** GitHub answers 404 for things that a token may not see, so a 404 on a thing that must exist proves little. */
const hidden = (error: GitHubError, asking: Asking) =>
  new Problem(
    'permission-missing',
    {
      what: couldNot(error, asking),
      why: `Either it does not exist, or the token may not see it: in a private repository GitHub answers 404 for both.`,
      next: `Check that it exists, and that the job's \`permissions\` have \`${asking.needs}\`.`,
    },
    error,
  )

const refused = (error: GitHubError, asking: Asking) =>
  new Problem(
    'github-refused',
    {
      what: couldNot(error, asking),
      why: "GitHub understood the request and does not allow it; a rule of the repository's is the likely reason.",
      next: "Put right what GitHub's words name, and run it again.",
    },
    error,
  )

const couldNot = (error: GitHubError, { doing }: Asking) =>
  `Could not ${doing}: GitHub answered ${error.status} (${ownWords(error)}).`

/** GitHub's own message with the reasons below it, and without the address of its manual. */
function ownWords({ message, response }: GitHubError): string {
  const data = response?.data
  if (data === null || typeof data !== 'object' || !('message' in data)) return message.trim() || 'no reason'
  const reasons = 'errors' in data && Array.isArray(data.errors) ? data.errors.map(reasonOf) : []
  return [data.message, ...reasons].join('; ')
}

const reasonOf = (reason: unknown): string =>
  reason !== null && typeof reason === 'object' && 'message' in reason
    ? String(reason.message)
    : JSON.stringify(reason)

const passesAgain = (limit: Limit) =>
  limit.kind === 'for'
    ? `It asks to wait for ${limit.seconds} seconds.`
    : `The limit is renewed at ${limit.reset.toISOString()}.`

/** The header reads `contents=write,actions=read; contents=write`: sufficient sets, separated by semicolons. */
function neededPermissions(error: GitHubError): string | undefined {
  return headerOf(error, 'x-accepted-github-permissions')
    ?.split(';')
    .map((set) => set.split(',').map(asInWorkflow).join(' and '))
    .join(', or ')
}

const asInWorkflow = (permission: string) => `\`${permission.trim().replace('=', ': ')}\``
