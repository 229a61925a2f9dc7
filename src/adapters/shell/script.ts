import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The shells that have a name, started as GitHub starts them. */
const named: Readonly<Record<string, string>> = {
  bash: 'bash --noprofile --norc -eo pipefail {0}',
  sh: 'sh -e {0}',
}

/** A command's text as a file that only its owner can read. */
export interface Script {
  /** The words that run it; the first is the program. */
  readonly argv: readonly [string, ...string[]]
  remove(): void
}

/** Writes the text below `folder`, unchanged: no value is ever inserted. */
export function writeScript(text: string, shell: string, folder: string | undefined): Script {
  const own = mkdtempSync(join(folder || tmpdir(), 'rollgate-'))
  const file = join(own, 'script')
  writeFileSync(file, `${text}\n`, { mode: 0o600 })
  return {
    argv: argvOf(shell, file),
    remove: () => rmSync(own, { recursive: true, force: true }),
  }
}

/**
 * The words that run a script file in a shell of that name, or by a template. Divided first and filled in then, so that
 * a folder with a blank in its name stays one word.
 */
export function argvOf(shell: string, file: string): [string, ...string[]] {
  const [program = '', ...rest] = (named[shell] ?? shell).trim().split(/\s+/)
  return [program, ...rest.map((word) => word.replaceAll('{0}', file))]
}
