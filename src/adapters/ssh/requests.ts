/** What the driver is asked to run. */
export interface RunRequest {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Relative to the home of the login. */
  readonly folder: string
  /** Text of the driver's script file, which `argv` may name. */
  readonly script: string
}

/** Has the driver begin; what it says from then on carries the nonce. */
export const beginning = (driver: string, nonce: string): string => `${driver}serve ${nonce}\n`

export function runRequest({ argv, env, folder, script }: RunRequest): string {
  const pairs = Object.entries(env).map(([name, value]) => `${name}=${value}`)
  const words = [...pairs, ...argv].map((word) => `arg ${encode(word)}\n`)
  return `folder ${encode(enterable(folder))}\nscript ${encode(script)}\n${words.join('')}run\n`
}

/** Ends what runs with its whole group, within two seconds. */
export const endRequest = 'end\n'

/** Stops listening to somebody who still holds the output of a command that has ended. */
export const hushRequest = 'hush\n'

/** One line, from which `printf %b` makes the value again. */
const encode = (value: string): string => value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')

/** `cd -` would mean another folder than the one of that name. */
const enterable = (folder: string): string => (folder.startsWith('/') ? folder : `./${folder}`)
