import { Problem, type ProblemWords } from '../../domain/problem.ts'
import { absent, found, type Reading, unknown } from '../../domain/reading.ts'
import type { GitHub } from './connection.ts'
import { problemOf } from './failures.ts'
import { type GitHubError, headerOf, isGitHubError } from './github-error.ts'

/**
 * Returns the first of `login` and `org/team` entries that names a login. Logins are compared first: they cost no request. A
 * team that cannot be read leaves it unknown, unless another one names the login.
 */
export async function mayApprove(
  github: GitHub,
  login: string,
  from: readonly string[],
): Promise<Reading<string>> {
  const person = from.find((name) => name.toLowerCase() === login.toLowerCase())
  if (person !== undefined) return found(person)
  let reading: Reading<string> = absent
  for (const name of from) {
    const [org, team] = name.split('/')
    if (!org || !team) continue
    const member = await membership(github, { org, team }, login)
    if (member.kind === 'found') return found(name)
    if (member.kind === 'unknown') reading = member
  }
  return reading
}

interface Team {
  readonly org: string
  readonly team: string
}

/** Absent if the login is no active member. */
async function membership(github: GitHub, { org, team }: Team, login: string): Promise<Reading<'member'>> {
  const asked = { org, team_slug: team, username: login }
  try {
    const { data } = await github.rest.teams.getMembershipForUserInOrg(asked)
    return data.state === 'active' ? found('member') : absent
  } catch (error) {
    if (isGitHubError(error) && error.status === 404 && !seesNoTeams(error)) return absent
    const problem = problemOf(error, { doing: `read the team ${org}/${team}`, needs: 'members: read' })
    if (!(problem instanceof Problem)) throw problem
    return unknown(
      problem.code === 'permission-missing' ? teamsUnreadable(problem.words, login) : problem.words,
    )
  }
}

/** 404 stands for "no member" and for "no scope"; only a classic token's answer lists the scopes it has. */
function seesNoTeams(error: GitHubError): boolean {
  const scopes = headerOf(error, 'x-oauth-scopes')
  return scopes !== undefined && !/\b(?:read|write|admin):org\b/.test(scopes)
}

const teamsUnreadable = ({ what }: ProblemWords, login: string): ProblemWords => ({
  code: 'permission-missing',
  what,
  why: `Whether ${login} is a member could not be asked: the \`GITHUB_TOKEN\` of a workflow cannot read teams.`,
  next: 'Give `token` a token with `read:org` (for a GitHub App: `members: read`), or name the people in place of the team.',
})
