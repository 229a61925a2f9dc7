import type { FolderSeen } from '../repository.ts'
import { type Sketch, sketch } from '../sketch.ts'

/** A command that may stand in a script as it is: words, and nothing that a shell takes for more. */
const plainCommand = /^[\w@%+=:,./$"{}[\]() -]+$/
const hidden = /\$\(|`|\\/

/** Returns the command of a Procfile's process; null where it has none, or one that is more than a plain command. */
export function processOf(folder: FolderSeen, name: string): string | null {
  const line = (folder.text('Procfile') ?? '').split('\n').find((one) => one.startsWith(`${name}:`))
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
  const inEnvironment = (command: string): string =>
    seen.build.some((line) => /\.venv/.test(line) || /^uv sync/.test(line))
      ? `PATH="$PWD/.venv/bin:$PATH" ${command}`
      : command
  return {
    ...seen,
    because: 'Procfile',
    running: { kind: 'process', start: inEnvironment(web) },
    migrate: release === null ? seen.migrate : inEnvironment(release),
    missing: [],
  }
}

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
