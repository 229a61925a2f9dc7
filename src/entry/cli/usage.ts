import type { CommandRow } from './command.ts'

const exitCodes = `Exit codes: 0 fine, or warnings alone; 1 problems found, or refused; 2 wrong usage; 3 GitHub could not be read.
`

/** Returns the help of the whole program. */
export function usageOfAll(rows: readonly CommandRow[]): string {
  const lines = aligned(rows.map((row) => [lineOf(row), row.does]))
  return `${lines}\n\nrollgate <command> --help shows its options.\n${exitCodes}`
}

/** Returns the help of one command. */
export function usageOf(row: CommandRow): string {
  const options = Object.entries(row.options).map(([name, { value, short, does }]): [string, string] => [
    `  ${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    does,
  ])
  const listed = options.length === 0 ? '' : `\n${aligned(options)}\n`
  return `${lineOf(row)}   ${row.does}\n\n${row.about}\n${listed}\n${exitCodes}`
}

const lineOf = ({ name, takes }: CommandRow): string => `rollgate ${name} ${takes}`.trimEnd()

function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `${left.padEnd(width)}   ${right}`).join('\n')
}
