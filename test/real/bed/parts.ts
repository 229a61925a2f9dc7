import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

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
  const folders = [...inPath(), '/usr/sbin', '/sbin', ...postgresFolders()]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}

/**
 * Returns the folders of programs of every PostgreSQL here. The first is that of all beds: the one that
 * `ROLLGATE_POSTGRES_BIN` names, else that in the path, else Debian's newest, which lies in none. `.ci/setup` brings another version.
 */
export function postgresFolders(): string[] {
  const debian = '/usr/lib/postgresql'
  const other = '/usr/local/lib/rollgate'
  const all = [
    process.env.ROLLGATE_POSTGRES_BIN ?? '',
    ...inPath().flatMap((folder) => realFolder(join(folder, 'initdb'))),
    ...foldersIn(debian)
      .sort((one, another) => Number(another) - Number(one))
      .map((version) => join(debian, version, 'bin')),
    ...foldersIn(other)
      .filter((name) => name.startsWith('postgresql-'))
      .map((name) => join(other, name, 'embedded_postgres/pginstall/bin')),
  ].filter((folder) => existsSync(join(folder, 'initdb')))
  return [...new Set(all)]
}

/** The folder of a file, past all links to it; empty where there is none. */
const realFolder = (file: string): string[] => (existsSync(file) ? [dirname(realpathSync(file))] : [])

const inPath = (): string[] => (process.env.PATH ?? '').split(delimiter)

const foldersIn = (path: string): string[] => (existsSync(path) ? readdirSync(path) : [])
