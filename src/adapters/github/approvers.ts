import { Problem } from '../../domain/problem.ts'
import type { GitHub } from './connection.ts'
import { problemOf } from './failures.ts'
import { type GitHubError, headerOf, isGitHubError } from './github-error.ts'

/**
 * Returns true if a login is among `login` and `org/team` entries. Logins are compared first: they cost no
 * request.
 */
export async function mayApprove(github: GitHub, login: string, from: readonly string[]): Promise<boolean> {
  if (from.some((name) => name.toLowerCase() === login.toLowerCase())) return true
  for (const name of from) {
    const [org, team] = name.split('/')
    if (org && team && (await isMember(github, { org, team }, login))) return true
  }
  return false
}

interface Team {
  readonly org: string
  readonly team: string
}

async function isMember(github: GitHub, { org, team }: Team, login: string): Promise<boolean> {
  const asked = { org, team_slug: team, username: login }
  try {
    const { data } = await github.rest.teams.getMembershipForUserInOrg(asked)
    return data.state === 'active'
  } catch (error) {
    if (isGitHubError(error) && error.status === 404 && !seesNoTeams(error)) return false
    const problem = problemOf(error, { doing: `read the team ${org}/${team}`, needs: 'members: read' })
    throw problem instanceof Problem && problem.code === 'permission-missing'
      ? teamsUnreadable(problem, login)
      : problem
  }
}

/** 404 stands for "no member" and for "no scope"; only a classic token's answer lists the scopes it has. */
function seesNoTeams(error: GitHubError): boolean {
  const scopes = headerOf(error, 'x-oauth-scopes')
  return scopes !== undefined && !/\b(?:read|write|admin):org\b/.test(scopes)
}

const teamsUnreadable = (problem: Problem, login: string) =>
  new Problem(
    'permission-missing',
    {
      what: problem.what,
      why: `Whether ${login} is a member could not be asked: the \`GITHUB_TOKEN\` of a workflow cannot read teams.`,
      next: 'Give `token` a token with `read:org` (for a GitHub App: `members: read`), or name the people in place of the team.',
    },
    problem.cause,
  )
