import type { SshFleet } from '../../domain/config/fleet.ts'
import type { Failure } from '../../domain/question/decision.ts'

/**
 * The reason why a host cannot be used, or no longer. `lines`: the masked output of ssh. `hop`: the host on
 * the way that is the cause.
 */
export type HostTrouble =
  | { readonly kind: 'no-ssh' }
  | {
      readonly kind: 'unreachable'
      readonly why: string
      readonly lines: readonly string[]
      readonly hop?: string
    }
  /** The connection was there. */
  | { readonly kind: 'lost'; readonly why: string; readonly lines: readonly string[] }
  /** The login was let in, and no command can be run there whole. */
  | { readonly kind: 'unfit'; readonly why: string; readonly lines: readonly string[] }
  /** The login succeeded, but another program than a shell answered. */
  | { readonly kind: 'no-shell'; readonly why: string; readonly lines: readonly string[] }
  | {
      readonly kind: 'refused'
      readonly user: string | null
      readonly lines: readonly string[]
      readonly hop?: string
    }
  | { readonly kind: 'key-unknown'; readonly lines: readonly string[]; readonly hop?: string }
  | { readonly kind: 'key-changed'; readonly lines: readonly string[]; readonly hop?: string }

/**
 * The last words of an ssh that never saw its destination. Where the way leads through another host, all that was said before
 * is about that one; where it does not, nothing was.
 */
const NEVER_SEEN =
  /^(?:kex_exchange_identification: |ssh_exchange_identification: |Connection (?:closed by|reset by|to) UNKNOWN )/

/** Interprets OpenSSH's last words when no session was made, `otherwise` if there are none. */
export function troubleIn(lines: readonly string[], otherwise: string): HostTrouble {
  const said = lines.filter((line) => !NEVER_SEEN.test(line))
  const trouble = troubleOf(said, lines, otherwise)
  if (said.length === lines.length) return trouble
  const hop = hopIn(said) ?? (trouble.kind === 'unreachable' ? null : 'a host')
  return hop === null ? trouble : { ...trouble, hop }
}

function troubleOf(said: readonly string[], lines: readonly string[], otherwise: string) {
  const says = (words: RegExp) => said.some((line) => words.test(line))
  if (says(/HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY/)) return { kind: 'key-changed', lines } as const
  if (says(/Host key verification failed|No .* host key is known for/))
    return { kind: 'key-unknown', lines } as const
  if (says(/Permission denied \(|Too many authentication failures/))
    return { kind: 'refused', user: userIn(said), lines } as const
  if (says(/^stdio forwarding failed/))
    return { kind: 'unreachable', why: 'the host on the way there cannot reach it', lines } as const
  return { kind: 'unreachable', why: lastWords(said) ?? lastWords(lines) ?? otherwise, lines } as const
}

/** The host that such words name; null where they name none. */
function hopIn(lines: readonly string[]): string | null {
  const named =
    /host key is known for (\S+) and|Host key for (\S+) has changed|^[^@\s]+@(\S+): Permission denied|connect to host (\S+) port|Could not resolve hostname ([^:\s]+)/
  for (const line of lines) {
    const host = named.exec(line)?.slice(1).find(Boolean)
    if (host !== undefined) return host
  }
  return null
}

/** The trouble of a connection that was lost. */
export function lossIn(lines: readonly string[]): HostTrouble {
  return { kind: 'lost', why: lastWords(lines) ?? 'ssh ended', lines }
}

/** The trouble of a login without a shell: it ended with this code, and these were its last words. */
export function shellMissing(code: number, lines: readonly string[]): HostTrouble {
  return { kind: 'no-shell', why: lastWords(lines) ?? `it ended at once with ${code}`, lines }
}

/** The setting by which new keys are believed already, where that is how the fleet is reached. */
type HostKeys = SshFleet['hostKeys']

/** `destination`: the instance and its host, as a person knows them. */
export function failureBy(trouble: HostTrouble, destination: string, hostKeys: HostKeys = 'known'): Failure {
  const hop = 'hop' in trouble ? trouble.hop : undefined
  const where = hop === undefined ? destination : `${hop}, on the way to ${destination},`
  switch (trouble.kind) {
    case 'no-ssh':
      return {
        code: 'command-not-found',
        what: `${where} could not be reached: there is no ssh here.`,
        tail: [],
        next: 'Install OpenSSH on the machine that the run is on.',
      }
    case 'unreachable':
      return {
        code: 'host-unreachable',
        what: `${where} could not be reached: ${trouble.why}.`,
        tail: trouble.lines,
        next: 'See to it that the host runs and its ssh port can be reached from here, or leave it out.',
      }
    case 'lost':
      return {
        code: 'host-unreachable',
        what: `The connection to ${where} broke: ${trouble.why}. The command may still be at work there.`,
        tail: trouble.lines,
        next: 'See whether the host still runs, whether the command that ran there does, and what it has left behind.',
      }
    case 'unfit':
      return {
        code: 'host-unfit',
        what: `${where} cannot run a command: ${trouble.why}.`,
        tail: trouble.lines,
        next: 'See to it that the login can write there, or set TMPDIR for it to a folder with room; nothing of the command was run.',
      }
    case 'no-shell':
      return {
        code: 'host-unfit',
        what: `${where} let the login in and gave it no shell: ${trouble.why}.`,
        tail: trouble.lines,
        next: 'Give the login a shell that may run any command: no nologin, no restricted shell, and no ForceCommand that leaves the command out.',
      }
    case 'refused':
      return {
        code: 'host-refused',
        what: `${where} refused the login${trouble.user === null ? '' : ` of ${trouble.user}`}.`,
        tail: trouble.lines,
        next: 'See that the agent, or the settings of ssh, offer a key that this user may log in with there.',
      }
    case 'key-unknown':
      return {
        code: 'host-key-unknown',
        what: `${where} showed a host key that is not known here.`,
        tail: trouble.lines,
        next: keyAdvice(hostKeys, hop !== undefined),
      }
    case 'key-changed':
      return {
        code: 'host-key-changed',
        what: `${where} showed another host key than the one that is known here.`,
        tail: trouble.lines,
        next: 'Find out why: the host may have been set up anew, or another one may answer in its place. Only then replace its line in known_hosts.',
      }
  }
}

function keyAdvice(hostKeys: HostKeys, onTheWay: boolean): string {
  const known = 'Compare the key with the one on the host itself and add it to known_hosts'
  if (hostKeys === 'known') return `${known}, or accept new keys by host-keys: accept-new.`
  if (!onTheWay) return `${known}: ssh believed it by no setting.`
  return `${known}, or name the way by \`jump\`: host-keys is not heard by a ProxyJump or ProxyCommand of the ssh settings, which can say StrictHostKeyChecking itself.`
}

/** Matches `deploy@web-1: Permission denied (publickey).` */
function userIn(lines: readonly string[]): string | null {
  for (const line of lines) {
    const user = /^(.+)@[^@]+: Permission denied \(/.exec(line)?.[1]
    if (user !== undefined) return user
  }
  return null
}

/** The last line, as the end of a sentence. */
function lastWords(lines: readonly string[]): string | null {
  const last = lines.findLast((line) => line.trim() !== '')
  return (
    last
      ?.trim()
      .replace(/^ssh: /, '')
      .replace(/\.$/, '') ?? null
  )
}
