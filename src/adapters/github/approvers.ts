import { Problem, type ProblemWords } from '../../domain/problem.ts'
import { absent, found, type Reading, unknown } from '../../domain/reading.ts'
import type { GitHub } from './connection.ts'
import { problemOf } from './failures.ts'
import { isGitHubError } from './github-error.ts'

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

/**
 * Absent if the login is no active member of a team that the token sees. GitHub answers 404 for "no member" and for "no
 * such team, or you may not see it", so a 404 is believed only where the team itself is shown.
 */
async function membership(github: GitHub, team: Team, login: string): Promise<Reading<'member'>> {
  try {
    const member = await foundOr404(() =>
      github.rest.teams.getMembershipForUserInOrg({ ...slugOf(team), username: login }),
    )
    if (member !== null) return member.state === 'active' ? found('member') : absent
    const shown = await foundOr404(() => github.rest.teams.getByName(slugOf(team)))
    if (shown !== null) return absent
    return unknown(unseen(`GitHub shows this token no team ${team.org}/${team.team}.`, login))
  } catch (error) {
    const doing = `read the team ${team.org}/${team.team}`
    const problem = problemOf(error, { doing, needs: 'members: read' })
    if (!(problem instanceof Problem)) throw problem
    return unknown(problem.code === 'permission-missing' ? unseen(problem.what, login) : problem.words)
  }
}

const slugOf = ({ org, team }: Team) => ({ org, team_slug: team })

/** Null where GitHub answers 404. */
async function foundOr404<T>(ask: () => Promise<{ readonly data: T }>): Promise<T | null> {
  try {
    return (await ask()).data
  } catch (error) {
    if (isGitHubError(error) && error.status === 404) return null
    throw error
  }
}

const unseen = (what: string, login: string): ProblemWords => ({
  code: 'permission-missing',
  what,
  why: `It is unknown whether ${login} is a member: there is no such team, or the token may not see it. The \`GITHUB_TOKEN\` of a workflow cannot read teams.`,
  next: 'Give `token` a token with `read:org` (for a GitHub App: `members: read`), correct the name of the team, or name the people in its place.',
})
