import type { Failure } from '../../domain/decision.ts'

/** Why a host could not be used, or not any more. `lines`: what ssh said, masked. */
export type Trouble =
  | { readonly kind: 'no-ssh' }
  | { readonly kind: 'unreachable'; readonly why: string; readonly lines: readonly string[] }
  /** The connection was there. */
  | { readonly kind: 'lost'; readonly why: string; readonly lines: readonly string[] }
  /** The login was let in, and no command can be run there whole. */
  | { readonly kind: 'unfit'; readonly why: string; readonly lines: readonly string[] }
  /** The login was let in, and something else than a shell answered. */
  | { readonly kind: 'no-shell'; readonly why: string; readonly lines: readonly string[] }
  | { readonly kind: 'refused'; readonly user: string | null; readonly lines: readonly string[] }
  | { readonly kind: 'key-unknown'; readonly lines: readonly string[] }
  | { readonly kind: 'key-changed'; readonly lines: readonly string[] }

/** What OpenSSH's last words mean when no session came about, `otherwise` where it had none. */
export function troubleIn(lines: readonly string[], otherwise: string): Trouble {
  const says = (words: RegExp) => lines.some((line) => words.test(line))
  if (says(/HOST IDENTIFICATION HAS CHANGED|REVOKED HOST KEY/)) return { kind: 'key-changed', lines }
  if (says(/Host key verification failed|No .* host key is known for/)) return { kind: 'key-unknown', lines }
  if (says(/Permission denied \(|Too many authentication failures/))
    return { kind: 'refused', user: userIn(lines), lines }
  return { kind: 'unreachable', why: lastWords(lines) ?? otherwise, lines }
}

/** Why a login that was let in has no shell: it ended with this code, and these were its last words. */
export function shellMissing(code: number, lines: readonly string[]): Trouble {
  return { kind: 'no-shell', why: lastWords(lines) ?? `it ended at once with ${code}`, lines }
}

/** What became of a connection that had been there. */
export function lossIn(lines: readonly string[]): Trouble {
  return { kind: 'lost', why: lastWords(lines) ?? 'ssh ended', lines }
}

/** `where`: the instance and its host, as a person knows them. */
export function failureBy(trouble: Trouble, where: string): Failure {
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
        what: `The connection to ${where} broke: ${trouble.why}. What ran there may still be at work.`,
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
        next: 'Compare the key with the one on the host itself and add it to known_hosts, or accept new keys by host-keys: accept-new.',
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

/** As in `deploy@web-1: Permission denied (publickey).` */
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
