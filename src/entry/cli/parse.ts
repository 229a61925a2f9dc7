import { parseArgs } from 'node:util'
import { code, either, nearest } from '../../inputs/config/wording.ts'
import type { CommandRow, CommandWords } from './command.ts'

/** The meaning of a command line. */
export type CommandLine =
  | { readonly kind: 'run'; readonly row: CommandRow; readonly asked: CommandWords }
  /** The row is null for the help of the whole program. */
  | { readonly kind: 'help'; readonly row: CommandRow | null }
  | { readonly kind: 'misused'; readonly row: CommandRow | null; readonly words: string }

/** Reads a command line by its table. */
export function parseLine(words: readonly string[], rows: readonly CommandRow[]): CommandLine {
  const [name = '', ...rest] = words
  if (name === '--help' || name === '-h' || name === 'help') return { kind: 'help', row: null }
  const row = rows.find((one) => one.name === name)
  if (row === undefined) return { kind: 'misused', row: null, words: unknownCommand(name, rows) }
  try {
    return parsedRow(row, rest)
  } catch (failure) {
    return { kind: 'misused', row, words: `${(failure as Error).message.split('. ')[0]}.` }
  }
}

function unknownCommand(name: string, rows: readonly CommandRow[]): string {
  const names = rows.map((row) => row.name)
  if (name === '') return 'No command is given.'
  const near = nearest(name, names)
  return `There is no command ${code(name)}; ${near === null ? `there is ${either(names)}.` : `did you mean ${code(near)}?`}`
}

/** Throws for options that the row does not have. */
function parsedRow(row: CommandRow, words: readonly string[]): CommandLine {
  const options = Object.entries(row.options).map(([name, { value, short }]) => {
    const type = value === undefined ? ('boolean' as const) : ('string' as const)
    return [name, { type, ...(short === undefined ? {} : { short }) }] as const
  })
  const { values, positionals } = parseArgs({
    args: [...words],
    options: { ...Object.fromEntries(options), help: { type: 'boolean', short: 'h' } as const },
    allowPositionals: true,
  })
  const given = new Map<string, unknown>(Object.entries(values))
  if (given.get('help') === true) return { kind: 'help', row }
  const wrong = wordsWrong(row, positionals)
  if (wrong !== null) return { kind: 'misused', row, words: wrong }
  const value = (name: string): string | null => {
    const text = given.get(name)
    return typeof text === 'string' ? text : null
  }
  return { kind: 'run', row, asked: { words: positionals, has: (name) => given.get(name) === true, value } }
}

function wordsWrong({ takes }: CommandRow, words: readonly string[]): string | null {
  const known = takes === '' ? [] : takes.split(' ')
  const missing = known.slice(words.length).find((word) => !word.startsWith('['))
  if (missing !== undefined) return `${missing} is missing.`
  const [more] = words.slice(known.length)
  return more === undefined ? null : `${code(more)} is one word too many.`
}
