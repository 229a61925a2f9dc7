import './builtins-of-2024.ts'
import { randomUUID } from 'node:crypto'
import { Problem } from '../../domain/problem.ts'
import { problemLine } from '../../report/text/problem-text.ts'
import { type CommandRow, type ExitCode, exits, type Terminal } from './command.ts'
import { commandRows } from './commands.ts'
import { parseLine } from './parse.ts'
import { show } from './shown.ts'
import { usageOf, usageOfAll } from './usage.ts'

/**
 * Runs a command line, without the program's own name. Returns its exit code. In a job of GitHub the runner obeys lines
 * that look like its commands, and findings quote the config: there it is told to obey none of them.
 */
export async function commandLine(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  if (terminal.env.GITHUB_ACTIONS !== 'true') return obeyed(words, terminal)
  const end = randomUUID()
  terminal.write(`::stop-commands::${end}\n`)
  try {
    return await obeyed(words, terminal)
  } finally {
    terminal.write(`::${end}::\n`)
  }
}

async function obeyed(words: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const line = parseLine(words, commandRows)
  switch (line.kind) {
    case 'help':
      terminal.write(usage(line.row))
      return exits.fine
    case 'misused':
      show(terminal, { tone: 'problem', text: `${line.words}\n` })
      terminal.write(usage(line.row))
      return exits.misused
    case 'run':
      return line.row.run(line.asked, terminal).catch((thrown) => ended(thrown, terminal))
  }
}

const usage = (row: CommandRow | null): string => (row === null ? usageOfAll(commandRows) : usageOf(row))

/** GitHub did not answer, or may not: the answer is unknown, which no script may take for a finding. */
const unread: ReadonlySet<string> = new Set(['github-unavailable', 'github-refused', 'permission-missing'])

function ended(thrown: unknown, terminal: Terminal): ExitCode {
  if (!(thrown instanceof Problem)) throw thrown
  const { words } = thrown
  const text = problemLine({ ...words, what: `${words.code}: ${words.what}` })
  show(terminal, { tone: 'problem', text })
  return unread.has(words.code) ? exits.unknown : exits.found
}
