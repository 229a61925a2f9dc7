import { styleText } from 'node:util'
import type { CheckLine } from '../../report/act/check-report.ts'
import type { Terminal } from './command.ts'

const colourOf = { heading: 'bold', problem: 'red', warning: 'yellow', plain: null } as const

/** Writes a line, coloured by its tone where the terminal shows colours. */
export function show({ colours, write }: Terminal, { tone, text }: CheckLine): void {
  const colour = colourOf[tone]
  const shown = colours && colour !== null ? styleText(colour, text, { validateStream: false }) : text
  write(`${shown}\n`)
}
