import { type Call, notFound, ok, param } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'

export type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read'

/** Users, collaborators and teams. A user exists as soon as it is named. */
export interface People {
  user(login: string): ReturnType<typeof simpleUser>
  team(slug: string): ReturnType<typeof fullTeam>
  addCollaborator(login: string, role: Role): void
  /** Names the team's members, all of them. */
  setTeam(slug: string, members: readonly string[]): void
  roleOf(login: string): Role | undefined
  isMember(slug: string, login: string): boolean
}

const actionsBot = { login: 'github-actions[bot]', id: 41_898_282 }

export function people(site: Site): People {
  const userId = numbering(1000)
  const teamId = numbering(1)
  const teams = new Map<string, readonly string[]>()
  const roles = new Map<string, Role>()
  return {
    user: (login) => simpleUser(site, login, login === actionsBot.login ? actionsBot.id : userId(login)),
    team: (slug) => fullTeam(site, slug, teamId(slug)),
    addCollaborator: (login, role) => void roles.set(login, role),
    setTeam: (slug, members) => void teams.set(slug, members),
    roleOf: (login) => roles.get(login),
    isMember: (slug, login) => teams.get(slug)?.includes(login) ?? false,
  }
}

/** Numbers names in the order in which they are first asked for. */
function numbering(first: number): (name: string) => number {
  const numbers = new Map<string, number>()
  return (name) => {
    const number = numbers.get(name) ?? first + numbers.size
    numbers.set(name, number)
    return number
  }
}

export function peopleAnswers(site: Site, known: People) {
  return {
    'repos/get-collaborator-permission-level': (call: Call) => {
      const login = param(call, 'username')
      const role = known.roleOf(login)
      const user = {
        ...known.user(login),
        role_name: role ?? 'none',
        permissions: permissionFlags(role),
      }
      return ok({ permission: permissionOf(role), role_name: role ?? 'none', user })
    },
    'teams/get-membership-for-user-in-org': (call: Call) => {
      const [slug, login] = [param(call, 'team_slug'), param(call, 'username')]
      if (!known.isMember(slug, login)) throw notFound()
      const url = site.api(`orgs/${site.repository.owner}/teams/${slug}/memberships/${login}`)
      return ok({ url, role: 'member', state: 'active' })
    },
  }
}

/** The older, coarser word that GitHub still leads with: maintain counts as write, triage as read. */
function permissionOf(role: Role | undefined): string {
  if (role === undefined) return 'none'
  if (role === 'maintain') return 'write'
  return role === 'triage' ? 'read' : role
}

const ladder: readonly Role[] = ['read', 'triage', 'write', 'maintain', 'admin']

function permissionFlags(role: Role | undefined) {
  const level = role === undefined ? -1 : ladder.indexOf(role)
  return { pull: level >= 0, triage: level >= 1, push: level >= 2, maintain: level >= 3, admin: level >= 4 }
}

function simpleUser(site: Site, login: string, id: number) {
  const url = site.api(`users/${encodeURIComponent(login)}`)
  return {
    login,
    id,
    node_id: nodeId('User', id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `https://github.com/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: login.endsWith('[bot]') ? 'Bot' : 'User',
    site_admin: false,
  }
}

function fullTeam(site: Site, slug: string, id: number) {
  const url = site.api(`orgs/${site.repository.owner}/teams/${slug}`)
  return {
    id,
    node_id: nodeId('Team', id),
    name: slug,
    slug,
    description: null,
    privacy: 'closed',
    permission: 'push',
    type: 'organization',
    parent: null,
    url,
    html_url: `https://github.com/orgs/${site.repository.owner}/teams/${slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
  }
}
