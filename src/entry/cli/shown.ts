import { styleText } from 'node:util'
import type { CheckLine } from '../../report/act/check-report.ts'
import type { Terminal } from './command.ts'

const colourOf = { heading: 'bold', problem: 'red', warning: 'yellow', plain: null } as const

/** Text for a terminal that obeys nothing in it: names and lines of a foreign repository may hold its commands. */
export const harmless = (text: string): string =>
  text.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, '\u{fffd}')

/** Writes a line, coloured by its tone where the terminal shows colours. */
export function show({ colours, write }: Terminal, line: CheckLine): void {
  const { tone, text } = { ...line, text: harmless(line.text) }
  const colour = colourOf[tone]
  const shown = colours && colour !== null ? styleText(colour, text, { validateStream: false }) : text
  write(`${shown}\n`)
}
