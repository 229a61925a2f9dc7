import type { PostgresDetour } from '../../../../domain/config/detour-recipe.ts'
import type { DetourSide } from '../../../../domain/detour/side.ts'
import type { PostgresWork } from '../means.ts'
import { DatabaseTrouble } from '../trouble.ts'
import type { DatabaseAddress } from './session.ts'

/** The address of a side's database; the stand-in has home's user, password and database at a place of its own. */
export function addressOf(work: PostgresWork, side: DetourSide): DatabaseAddress {
  const { home, homeAt, standIn } = work.recipe
  const address = addressIn(work, home)
  const place = side === 'home' ? homeAt : standIn
  return place === undefined ? address : at(address, place)
}

function at(
  { url: before }: DatabaseAddress,
  { host, port }: Pick<PostgresDetour['standIn'], 'host' | 'port'>,
): DatabaseAddress {
  const url = new URL(before)
  url.hostname = host
  url.port = String(port)
  url.searchParams.delete('host')
  return { url, shown: shown(url) }
}

/** The address by which the stand-in's host reaches home. */
export function replicationAddress(work: PostgresWork): DatabaseAddress {
  const { home, homeAt, replication } = work.recipe
  const address = addressIn(work, replication ?? home)
  return homeAt === undefined ? address : at(address, homeAt)
}

function addressIn({ variables, env }: PostgresWork, name: string): DatabaseAddress {
  const text = variables[name] ?? env[name] ?? ''
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol))
    throw new DatabaseTrouble(
      'detour-address',
      text === ''
        ? `The variable ${name} is empty or missing.`
        : `The variable ${name} holds no postgres:// address.`,
      {
        next: `Set ${name} to postgres://user:password@host:port/database, straight to the server and past any pooler.`,
      },
    )
  return { url, shown: shown(url) }
}

const shown = (url: URL): string => `${hostOf(url)}:${url.port || '5432'}/${databaseOf(url)}`

export const databaseOf = (url: URL): string =>
  decodeURIComponent(url.pathname.slice(1)) || decodeURIComponent(url.username)

const hostOf = (url: URL): string =>
  url.searchParams.get('host') ?? decodeURIComponent(url.hostname).replace(/^\[(.*)\]$/, '$1')

/** The parts of an address for PostgreSQL's programs: never a word of a command line, which others can read. */
export function programVariables({ url }: DatabaseAddress): Record<string, string> {
  const mode = url.searchParams.get('sslmode')
  return {
    PGHOST: hostOf(url),
    PGPORT: url.port || '5432',
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: databaseOf(url),
    ...(mode === null ? {} : { PGSSLMODE: mode }),
  }
}
