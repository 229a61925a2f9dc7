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
  /** The members of a team; undefined without such a team. */
  membersOf(slug: string): readonly string[] | undefined
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
    membersOf: (slug) => teams.get(slug),
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
    'teams/get-by-name': (call: Call) => {
      const slug = param(call, 'team_slug')
      const members = known.membersOf(slug)
      if (members === undefined || param(call, 'org') !== site.repository.owner) throw notFound()
      const [created_at, updated_at] = [founded, founded]
      const organization = fullOrganization(site)
      const counts = { members_count: members.length, repos_count: 1 }
      return ok({ ...known.team(slug), created_at, updated_at, ...counts, organization })
    },
    'teams/get-membership-for-user-in-org': (call: Call) => {
      const [slug, login] = [param(call, 'team_slug'), param(call, 'username')]
      if (param(call, 'org') !== site.repository.owner || !known.isMember(slug, login)) throw notFound()
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

/** The organisation and its teams are as old as each other. */
const founded = '2020-01-01T00:00:00Z'

function fullOrganization(site: Site) {
  const { owner: login } = site.repository
  const url = site.api(`orgs/${login}`)
  return {
    login,
    id: 1,
    node_id: nodeId('Organization', 1),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/${login}`,
    description: null,
    html_url: `https://github.com/${login}`,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 1,
    public_gists: 0,
    followers: 0,
    following: 0,
    type: 'Organization',
    created_at: founded,
    updated_at: founded,
    archived_at: null,
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
