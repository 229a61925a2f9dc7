import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'
import { goProgram } from './compiled.ts'

/** A command that may stand in a script as it is: words, and nothing that a shell takes for more. */
const plainCommand = /^[\w@%+=:,./$"{}[\]() -]+$/
const hidden = /\$\(|`|\\/

/** A process that makes files anew as soon as a developer changes a source: the others are a developer's too. */
const watching = /^[\w-]+:.*\bwatch\b/m

/**
 * Returns the command of a Procfile's process; null where it has none, or one that is more than a plain command,
 * or where the file is for developers.
 */
export function processOf(folder: FolderSeen, name: string): string | null {
  const text = folder.text('Procfile') ?? ''
  if (watching.test(text)) return null
  const line = text.split('\n').find((one) => one.startsWith(`${name}:`))
  const command = line?.slice(name.length + 1).trim() ?? ''
  const quotes = command.split('"').length - 1
  const usable = plainCommand.test(command) && !hidden.test(command) && quotes % 2 === 0
  return usable && command.length <= 300 && balanced(command) ? command : null
}

const balanced = (command: string): boolean =>
  !/[()]/.test(command) && command.split('{').length === command.split('}').length

/** Gives an app that another kind recognised the commands of its Procfile, which say more than a guess. */
export function withProcfile(folder: FolderSeen, seen: Sketch): Sketch {
  const web = processOf(folder, 'web')
  const release = processOf(folder, 'release')
  if (web === null || (seen.running.kind !== 'process' && seen.running.kind !== 'unknown')) return seen
  const here = (command: string): string => inEnvironment(seen, builtHere(seen, command))
  return {
    ...seen,
    because: 'Procfile',
    running: { kind: 'process', start: here(web) },
    migrate: release === null ? seen.migrate : here(release),
    missing: [],
  }
}

const inEnvironment = ({ build }: Sketch, command: string): string =>
  build.some((line) => /\.venv/.test(line) || /^uv sync/.test(line))
    ? `PATH="$PWD/.venv/bin:$PATH" ${command}`
    : command

/** Heroku puts the program of a Go app into the search path under the name of its module; here it is built by us. */
const builtHere = ({ running }: Sketch, command: string): string =>
  running.kind === 'process' && running.start === goProgram
    ? command.replace(/^(?:\.?\/?bin\/)?[\w.-]+(?=\s|$)/, goProgram)
    : command

/** An app of which the Procfile alone is known. */
export function procfile(folder: FolderSeen): Sketch | null {
  const web = processOf(folder, 'web')
  if (web === null) return null
  return sketch({
    title: 'Procfile',
    because: 'Procfile',
    running: { kind: 'process', start: web },
    port: 5000,
  })
}
