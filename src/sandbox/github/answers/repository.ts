import type { RateLimit } from '../rate-limit.ts'
import { type Call, ok } from '../reply.ts'
import { nodeId, type Site } from '../site.ts'
import type { People } from './people.ts'

const repositoryId = 1

export function repositoryAnswers(site: Site, people: People, limit: (login: string) => RateLimit) {
  return {
    'repos/get': () => ok(fullRepository(site, people)),
    'rate-limit/get': ({ actor }: Call) => {
      const core = limit(actor)
      return ok({ rate: core, resources: { core, search: core } })
    },
  }
}

function fullRepository(site: Site, people: People) {
  const page = site.page('')
  return {
    ...minimalRepository(site, people),
    clone_url: `${page}.git`,
    git_url: `${page.replace('https:', 'git:')}.git`,
    ssh_url: `git@github.com:${site.repository.fullName}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    default_branch: site.repository.defaultBranch,
    visibility: isPrivate(site) ? 'private' : 'public',
    archived: false,
    disabled: false,
    ...zeroes,
    ...features,
    created_at: '2026-01-05T09:00:00Z',
    updated_at: '2026-01-05T09:00:00Z',
    pushed_at: '2026-01-05T09:00:00Z',
  }
}

const features = {
  has_issues: true,
  has_projects: false,
  has_wiki: false,
  has_pages: false,
  has_discussions: false,
}

const zeroes = {
  forks: 0,
  forks_count: 0,
  open_issues: 0,
  open_issues_count: 0,
  size: 0,
  stargazers_count: 0,
  watchers: 0,
  watchers_count: 0,
  network_count: 0,
  subscribers_count: 0,
}

const isPrivate = ({ tier }: Site): boolean => tier !== 'public'

/** The short form, as a workflow run carries it. */
export function minimalRepository(site: Site, people: People) {
  return {
    id: repositoryId,
    node_id: nodeId('Repository', repositoryId),
    name: site.repository.name,
    full_name: site.repository.fullName,
    owner: { ...people.user(site.repository.owner), type: 'Organization' },
    private: isPrivate(site),
    fork: false,
    description: null,
    html_url: site.page(''),
    url: site.repoApi(''),
    ...Object.fromEntries(
      Object.entries(addresses).map(([name, path]) => [`${name}_url`, site.repoApi(path)]),
    ),
  }
}

/** `<name>_url` → path below the repository; the braces are GitHub's own URI templates. */
const addresses = {
  archive: '{archive_format}{/ref}',
  assignees: 'assignees{/user}',
  blobs: 'git/blobs{/sha}',
  branches: 'branches{/branch}',
  collaborators: 'collaborators{/collaborator}',
  comments: 'comments{/number}',
  commits: 'commits{/sha}',
  compare: 'compare/{base}...{head}',
  contents: 'contents/{+path}',
  contributors: 'contributors',
  deployments: 'deployments',
  downloads: 'downloads',
  events: 'events',
  forks: 'forks',
  git_commits: 'git/commits{/sha}',
  git_refs: 'git/refs{/sha}',
  git_tags: 'git/tags{/sha}',
  hooks: 'hooks',
  issue_comment: 'issues/comments{/number}',
  issue_events: 'issues/events{/number}',
  issues: 'issues{/number}',
  keys: 'keys{/key_id}',
  labels: 'labels{/name}',
  languages: 'languages',
  merges: 'merges',
  milestones: 'milestones{/number}',
  notifications: 'notifications{?since,all,participating}',
  pulls: 'pulls{/number}',
  releases: 'releases{/id}',
  stargazers: 'stargazers',
  statuses: 'statuses/{sha}',
  subscribers: 'subscribers',
  subscription: 'subscription',
  tags: 'tags',
  teams: 'teams',
  trees: 'git/trees{/sha}',
}
