import { randomUUID } from 'node:crypto'
import { parseArgs, styleText } from 'node:util'
import { Problem } from '../../domain/problem.ts'
import type { CheckLine } from '../../report/act/check-report.ts'
import { problemLine } from '../../report/text/problem-text.ts'
import { checkFile } from './check.ts'

/** The exit codes, which scripts may rely on. */
const exits = { fine: 0, found: 1, misused: 2 } as const

const usage = `rollgate check [file]   checks a config and the files that its commands name

file is .github/rollgate.yml if none is named. Nothing is run, nothing is changed, no network is asked.

Exit codes: 0 nothing found, or warnings alone; 1 problems found; 2 wrong usage.
`

const defaultPath = '.github/rollgate.yml'

/** The process that a command line runs in. */
export interface Terminal {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  readonly colours: boolean
  write(text: string): void
}

/**
 * Runs a command line, without the program's own name. Returns its exit code. In a job of GitHub the runner obeys lines
 * that look like its commands, and findings quote the config: there it is told to obey none of them.
 */
export async function commandLine(words: readonly string[], terminal: Terminal): Promise<number> {
  if (terminal.env.GITHUB_ACTIONS !== 'true') return obeyed(words, terminal)
  const end = randomUUID()
  terminal.write(`::stop-commands::${end}\n`)
  try {
    return await obeyed(words, terminal)
  } finally {
    terminal.write(`::${end}::\n`)
  }
}

async function obeyed(words: readonly string[], terminal: Terminal): Promise<number> {
  const asked = parsed(words)
  if (asked === null || asked.help) {
    terminal.write(usage)
    return asked === null ? exits.misused : exits.fine
  }
  try {
    const { lines, passed } = await checkFile(terminal.folder, asked.path, terminal.env)
    for (const line of lines) terminal.write(`${shown(line, terminal.colours)}\n`)
    return passed ? exits.fine : exits.found
  } catch (thrown) {
    if (!(thrown instanceof Problem)) throw thrown
    const { words } = thrown
    const text = problemLine({ ...words, what: `${words.code}: ${words.what}` })
    terminal.write(`${shown({ tone: 'problem', text }, terminal.colours)}\n`)
    return exits.found
  }
}

interface CommandWords {
  readonly help: boolean
  readonly path: string
}

/** Null for words that are no command. */
function parsed(words: readonly string[]): CommandWords | null {
  const options = { help: { type: 'boolean', short: 'h' } } as const
  try {
    const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true })
    const [command, path = defaultPath, ...more] = positionals
    if (values.help === true) return { help: true, path }
    return command === 'check' && more.length === 0 ? { help: false, path } : null
  } catch {
    return null
  }
}

const colourOf = { heading: 'bold', problem: 'red', warning: 'yellow', plain: null } as const

function shown({ tone, text }: CheckLine, colours: boolean): string {
  const colour = colourOf[tone]
  return colours && colour !== null ? styleText(colour, text, { validateStream: false }) : text
}
