import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The Debian package that each program of a bed comes with. */
const packages = {
  caddy: 'caddy',
  cc: 'gcc',
  dash: 'dash',
  flock: 'util-linux',
  git: 'git',
  haproxy: 'haproxy',
  initdb: 'postgresql',
  jq: 'jq',
  nginx: 'nginx-light',
  shellcheck: 'shellcheck',
  sshd: 'openssh-server',
} as const

export type Part = keyof typeof packages

/**
 * Returns why tests on real parts cannot run here, or null if they can. Throws in CI, where all parts must be
 * there.
 */
export function missingParts(...parts: readonly Part[]): string | null {
  const missing = parts.filter((part) => programPath(part) === null).map((part) => packages[part])
  if (missing.length === 0) return null
  const why = `needs apt-get install ${missing.join(' ')}`
  if (process.env.CI === 'true') throw new Error(`A real bed ${why}.`)
  console.warn(`Left out, it ${why}.`)
  return why
}

/** Returns the path of a program; folders of administrators are searched too, and those of PostgreSQL's servers. */
export function programPath(name: string): string | null {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', ...postgresFolders()]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

/** Debian keeps the programs of each version of PostgreSQL in a folder that is in no path; the newest comes first. */
function postgresFolders(): string[] {
  const given = process.env.ROLLGATE_POSTGRES_BIN
  if (given !== undefined) return [given]
  const all = '/usr/lib/postgresql'
  const versions = existsSync(all) ? readdirSync(all).sort((one, other) => Number(other) - Number(one)) : []
  return versions.map((version) => join(all, version, 'bin'))
}
