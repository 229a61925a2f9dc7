import { isOwn } from './driver.ts'

/** A request to the driver to run a command. */
export interface RunRequest {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Relative to the home of the login. */
  readonly folder: string
  /** Text of the driver's script file, which `argv` may name. */
  readonly script: string
  /** True if no request is expected soon after it, so that no process gets ready for one. */
  readonly last: boolean
  /** True for a question: its stderr comes after the reply `aside`. */
  readonly apart: boolean
}

/** Starts the driver; its replies carry the nonce from then on. */
export const beginning = (driver: string, nonce: string): string => `${driver}serve ${nonce}\n`

/**
 * Requests a command. Words, variables and folder are sent only if they differ from the last request: a shell
 * reads byte by byte, and the driver has kept them.
 */
export function createRequests(): (request: RunRequest) => string {
  let before = ''
  return ({ argv, env, folder, script, last, apart }) => {
    const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`)
    const plain = pairs.map((pair) => `with ${pair}\n`)
    if (isOwn(script) && !pairs.some((pair) => pair.includes('\n'))) return `${plain.join('')}own\n`
    const words = [...pairs, ...argv].map((word) => `arg ${encode(word)}\n`)
    const around = `anew\n${apart ? 'apart\n' : ''}folder ${encode(enterable(folder))}\n${words.join('')}`
    const news = around === before ? '' : around
    before = around
    return `${news}script ${encode(script)}\n${last ? 'last' : 'run'}\n`
  }
}

/** Ends the running command with its whole group, within two seconds. */
export const endRequest = 'end\n'

/** Stops reading from a process that still holds the output of a command that has ended. */
export const hushRequest = 'hush\n'

/** Encodes a value as one line, from which `printf %b` restores it. */
const encode = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

/** `cd -` would mean another folder than the one of that name. */
const enterable = (folder: string): string => (folder.startsWith('/') ? folder : `./${folder}`)
