import type { InForce } from '../rules/in-force.ts'
import type { Git } from './store/git.ts'

/** Now; a test may bring its own. */
export type SiteClock = () => Date

export interface RepositoryName {
  readonly owner: string
  readonly name: string
  readonly fullName: string
  readonly defaultBranch: string
}

/** The plan behind the repository: it decides which protection an environment can have. */
export type Tier = 'public' | 'private-enterprise' | 'private-team' | 'private-free'

/** The parts that every answer uses. */
export interface Site {
  readonly repository: RepositoryName
  readonly git: Git
  readonly clock: SiteClock
  readonly tier: Tier
  readonly inForce: InForce
  /** Absolute REST URL of a path below the server: `api('users/ada')`. */
  api(path: string): string
  /** Absolute REST URL of a path below the repository. */
  repoApi(path: string): string
  /** Returns the absolute address of a page of the repository. */
  page(path: string): string
}

export function siteAt(
  url: string,
  parts: Pick<Site, 'repository' | 'git' | 'clock' | 'tier' | 'inForce'>,
): Site {
  const { repository } = parts
  const repoUrl = `${url}/repos/${repository.fullName}`
  return {
    ...parts,
    api: (path) => `${url}/${path}`,
    repoApi: (path) => (path === '' ? repoUrl : `${repoUrl}/${path}`),
    page: (path) => `https://github.com/${repository.fullName}${path === '' ? '' : `/${path}`}`,
  }
}

/** Splits `acme/shop` into its parts; throws for any other text. */
export function repositoryName(fullName: string, defaultBranch: string): RepositoryName {
  const [owner, name, ...rest] = fullName.split('/')
  if (!owner || !name || rest.length > 0) throw new Error(`a repository is named owner/name, not ${fullName}`)
  return { owner, name, fullName, defaultBranch }
}

/** GitHub's opaque ids: the same thing always has the same one. */
export function nodeId(kind: string, id: number | string): string {
  return Buffer.from(`${kind}:${id}`).toString('base64url')
}
