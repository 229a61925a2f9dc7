import { Problem } from '../../domain/problem.ts'
import type { CommandName } from '../../inputs/definitions.ts'
import { readInputs } from '../../inputs/read-inputs.ts'
import { type RemoteRepository, remoteRepository, repositoryAt } from '../../inputs/remote-repository.ts'
import type { Runner } from '../../inputs/runner.ts'
import type { Hands } from '../run/hands.ts'
import { readRemotes, readTokenOfGh, wireTerminal } from '../run/wire.ts'
import type { CommandOption, CommandWords, Terminal } from './command.ts'

/** The options of every command that asks GitHub. */
export const gitHubOptions: Readonly<Record<string, CommandOption>> = {
  repo: { value: 'OWNER/NAME', does: "the repository; default: the checkout's remote origin" },
  config: { value: 'FILE', does: 'the config in the repository; default: .github/rollgate.yml' },
  json: { does: 'print the result as JSON' },
  full: { does: 'show what the page folds away' },
}

/** Returns hands that read GitHub with the person's own token. Throws a Problem without a repository or a token. */
export async function terminalHands<Command extends CommandName>(
  command: Command,
  given: Readonly<Record<string, string>>,
  { value }: CommandWords,
  { folder, env }: Terminal,
): Promise<Hands<Command>> {
  const place = await placeOf(value('repo'), folder, env)
  const token = await tokenFor(place, folder, env)
  const config = value('config')
  const asked = { command, token, ...given, ...(config === null ? {} : { config }) }
  const inputs = readInputs(
    Object.fromEntries(Object.entries(asked).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, text])),
  )
  const never = new AbortController().signal
  // The inputs that were just read are those of the command.
  return wireTerminal(inputs, personAt(place, folder), {
    asked: never,
    forced: never,
  }) as Hands<CommandName> as Hands<Command>
}

/** A person at a terminal has no run. */
const personAt = ({ repository, apiUrl, serverUrl }: RemoteRepository, folder: string): Runner => ({
  repository,
  apiUrl,
  serverUrl,
  run: { id: 0, attempt: 1, url: `${serverUrl}/${repository}/actions` },
  workflow: null,
  by: ['you'],
  actor: 'you',
  workspace: folder,
  temp: null,
})

async function placeOf(
  named: string | null,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<RemoteRepository> {
  const own = named === null ? await remoteOf(folder, env) : repositoryAt(hostOf(env), named)
  if (own === null) throw noRepository(named)
  // A job names the address of its API, which may be behind a proxy.
  const { GITHUB_API_URL: apiUrl, GITHUB_SERVER_URL: serverUrl } = env
  return apiUrl === undefined || apiUrl === ''
    ? own
    : { ...own, apiUrl, serverUrl: serverUrl || own.serverUrl }
}

const hostOf = ({ GH_HOST }: NodeJS.ProcessEnv): string =>
  GH_HOST === undefined || GH_HOST === '' ? 'github.com' : GH_HOST

async function remoteOf(folder: string, env: NodeJS.ProcessEnv): Promise<RemoteRepository | null> {
  const read = await readRemotes(folder, env)
  if (read.kind === 'unread') return null
  const [only, ...more] = read.remotes.values()
  const address = read.remotes.get('origin') ?? (more.length === 0 ? only : undefined)
  return address === undefined ? null : remoteRepository(address)
}

function noRepository(named: string | null): Problem {
  return new Problem('input-invalid', {
    what:
      named === null
        ? 'This folder has no remote origin that is a repository at GitHub.'
        : `--repo is ${named}, which is no name of a repository.`,
    why: 'The ledger and the config are read from the repository at GitHub.',
    next: 'Name it: --repo owner/name. For another host than github.com set GH_HOST.',
  })
}

/**
 * A token goes only to the host that it is for: a remote may lead anywhere. A variable does not say which server of GitHub
 * Enterprise its token is for, so that another one has to; gh knows it of each login.
 */
async function tokenFor({ host }: RemoteRepository, folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const { GITHUB_TOKEN, GH_TOKEN, GH_ENTERPRISE_TOKEN, GITHUB_ENTERPRISE_TOKEN } = env
  const isOurs = host === 'github.com' || host.endsWith('.ghe.com') || isSet(env.GITHUB_API_URL)
  const enterprise = hostOf(env).toLowerCase() === host ? [GH_ENTERPRISE_TOKEN, GITHUB_ENTERPRISE_TOKEN] : []
  const given = isOurs ? [GITHUB_TOKEN, GH_TOKEN] : enterprise
  const token = given.find(isSet) ?? (await readTokenOfGh(folder, env, host))
  if (token !== null) return token
  throw new Problem('permission-missing', {
    what: `There is no token for ${host}.`,
    why: `It is taken from ${isOurs ? 'GITHUB_TOKEN or GH_TOKEN' : `GH_ENTERPRISE_TOKEN if GH_HOST is ${host}`}, or asked of gh.`,
    next: `Run gh auth login --hostname ${host}, or set the variable${isOurs ? '' : 's'}. Reading the repository is enough.`,
  })
}

const isSet = (value: string | undefined): value is string => value !== undefined && value !== ''
