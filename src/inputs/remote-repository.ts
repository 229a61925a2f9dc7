/** A repository, and the addresses of the GitHub that has it. */
export interface RemoteRepository {
  readonly host: string
  /** `owner/name`. */
  readonly repository: string
  readonly serverUrl: string
  readonly apiUrl: string
}

/** Reads the address of a remote: https, ssh, and the short form `git@host:owner/name`. Null for any other. */
export function remoteRepository(address: string): RemoteRepository | null {
  const short = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(address)
  if (short !== null && !/^[A-Za-z]:[\\/]/.test(address)) return at(short[1] ?? '', short[2] ?? '', null)
  if (!URL.canParse(address)) return null
  const { protocol, hostname, host, pathname } = new URL(address)
  if (protocol === 'https:') return at(hostname, pathname, `https://${host}`)
  // No token goes over an open line: the API is asked by https, whatever git itself does.
  return ['http:', 'ssh:', 'git+ssh:', 'git:'].includes(protocol) ? at(hostname, pathname, null) : null
}

/** Returns a repository by its name alone, at a host. */
export const repositoryAt = (host: string, name: string): RemoteRepository | null => at(host, name, null)

function at(name: string, path: string, server: string | null): RemoteRepository | null {
  const [, owner, repo] = /^\/?([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?$/.exec(path) ?? []
  const host = name.toLowerCase().replace(/^(?:www\.|ssh\.)(?=github\.com$)/, '')
  if (owner === undefined || repo === undefined || host === '') return null
  const serverUrl = host === 'github.com' ? 'https://github.com' : (server ?? `https://${host}`)
  return { host, repository: `${owner}/${repo}`, serverUrl, apiUrl: apiOf(host, serverUrl) }
}

/** GitHub.com and its data residency have a host for the API; GitHub Enterprise Server has a path. */
function apiOf(host: string, serverUrl: string): string {
  if (host === 'github.com' || host.endsWith('.ghe.com')) return `https://api.${host}`
  return `${serverUrl}/api/v3`
}
