import type { SshFleet, SshWay } from '../../domain/config/fleet.ts'

/** One host, and the way of ssh to it. */
export interface Destination extends SshWay, Pick<SshFleet, 'settings' | 'hostKeys' | 'connectTimeout'> {
  /** A name, an address, or a `Host` of ssh's settings. */
  readonly host: string
}

export type Argv = readonly [program: string, ...words: string[]]

/** Opens the connection that all others to this host share, through `socket`; a shell there reads the input. */
export const masterCommand = (to: Destination, socket: string): Argv => [
  'ssh',
  ...options({ ...connecting(to), ControlMaster: 'yes', ControlPath: literal(socket), ControlPersist: 'no' }),
  ...way(to),
  '--',
  to.host,
  'exec sh -s',
]

/** Runs one more command over the connection that is open at `socket`. */
export const sharedCommand = (to: Destination, socket: string, remote: string): Argv => [
  'ssh',
  ...options({ ...connecting(to), ControlMaster: 'no', ControlPath: literal(socket) }),
  ...way(to),
  '--',
  to.host,
  remote,
]

/** Returns the first word that ssh might take for an option; such a word is no host and no user. */
export function wordLikeAnOption({ host, user, jump }: Destination): string | null {
  const hops = jump?.split(',').flatMap((hop) => [hop, hop.slice(hop.lastIndexOf('@') + 1)]) ?? []
  return [host, user ?? '', ...hops].find((word) => word.trim().startsWith('-')) ?? null
}

/** The options that a run without a person needs; all others are left to the user's own settings. */
const connecting = ({ hostKeys, connectTimeout }: Destination): Record<string, string> => ({
  BatchMode: 'yes',
  ConnectTimeout: String(Math.ceil(connectTimeout / 1000)),
  StrictHostKeyChecking: hostKeys === 'known' ? 'yes' : 'accept-new',
  ServerAliveInterval: '5',
  ServerAliveCountMax: '3',
  RequestTTY: 'no',
  RemoteCommand: 'none',
  // The driver parses ssh's words for the cause of a failure: errors must be among them, and a host's banner
  // must not.
  LogLevel: 'ERROR',
})

const options = (values: Record<string, string>): string[] =>
  Object.entries(values).flatMap(([name, value]) => ['-o', `${name}=${value}`])

const way = (to: Destination): string[] => [
  ...directly(to),
  ...(to.jump === null ? [] : ['-o', `ProxyCommand=${throughHops(to, to.jump.split(','))}`]),
]

const directly = ({ settings, user, port }: Pick<Destination, 'settings' | 'user' | 'port'>): string[] => [
  ...(settings === null ? [] : ['-F', settings]),
  ...(user === null ? [] : ['-l', user]),
  ...(port === null ? [] : ['-p', String(port)]),
]

/**
 * Returns the command by which ssh goes through these hosts, the nearest first. It is what `-J` does, with
 * the options of the destination: `-J` passes none of them on, so that a host on the way would neither be
 * trusted nor given up as the config says.
 */
function throughHops(to: Destination, hops: readonly string[]): string {
  const { host, ...own } = hopIn(hops.at(-1) ?? '')
  const before = hops.slice(0, -1)
  const words = [
    'ssh',
    ...options({ ...connecting(to), ControlMaster: 'no', ControlPath: 'none' }),
    ...directly({ ...own, settings: to.settings }),
    ...(before.length === 0 ? [] : ['-o', `ProxyCommand=${throughHops(to, before)}`]),
  ]
  const literally = (word: string) => literal(quoted(word))
  return [...words.map(literally), '-W', "'[%h]:%p'", '--', literally(host)].join(' ')
}

/** The parts of `[user@]host[:port]`; an IPv6 address stands in brackets. */
function hopIn(hop: string): Pick<Destination, 'host' | 'user' | 'port'> {
  const [, user, address = '', name = '', port] =
    /^(?:(.*)@)?(?:\[(.*)\]|([^:]*))(?::(\d+))?$/.exec(hop) ?? []
  return {
    user: user ?? null,
    host: address === '' ? name : address,
    port: port === undefined ? null : Number(port),
  }
}

/** Quotes one word for the shell in which ssh runs such a command. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** Elsewhere `%` would begin one of ssh's own tokens. */
const literal = (path: string): string => path.replaceAll('%', '%%')
