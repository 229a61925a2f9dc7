import type { SshFleet, Way } from '../../domain/config.ts'

/** One host, and how ssh gets there. */
export interface Destination extends Way, Pick<SshFleet, 'settings' | 'hostKeys' | 'connectTimeout'> {
  /** A name, an address, or a `Host` of ssh's settings. */
  readonly host: string
}

export type Argv = readonly [program: string, ...words: string[]]

/** Opens the connection that all others to this host share, through `socket`; a shell there reads what is sent. */
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

/** The first word that ssh might take for an option of its own; whoever wrote it meant no host and no user. */
export function wordLikeAnOption({ host, user, jump }: Destination): string | null {
  const hops = jump?.split(',').flatMap((hop) => [hop, hop.slice(hop.lastIndexOf('@') + 1)]) ?? []
  return [host, user ?? '', ...hops].find((word) => word.trim().startsWith('-')) ?? null
}

/** Only what a run without a person needs; everything else is left to the user's own settings. */
const connecting = ({ hostKeys, connectTimeout }: Destination): Record<string, string> => ({
  BatchMode: 'yes',
  ConnectTimeout: String(Math.ceil(connectTimeout / 1000)),
  StrictHostKeyChecking: hostKeys === 'known' ? 'yes' : 'accept-new',
  ServerAliveInterval: '5',
  ServerAliveCountMax: '3',
  RequestTTY: 'no',
  RemoteCommand: 'none',
  // What ssh says is read for why it failed: errors must be among it, and a host's banner must not.
  LogLevel: 'ERROR',
})

const options = (values: Record<string, string>): string[] =>
  Object.entries(values).flatMap(([name, value]) => ['-o', `${name}=${value}`])

const way = ({ settings, user, port, jump }: Destination): string[] => [
  ...(settings === null ? [] : ['-F', settings]),
  ...(user === null ? [] : ['-l', user]),
  ...(port === null ? [] : ['-p', String(port)]),
  ...(jump === null ? [] : ['-J', jump]),
]

/** In a path `%` would begin one of ssh's own abbreviations. */
const literal = (path: string): string => path.replaceAll('%', '%%')
