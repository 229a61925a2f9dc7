import { terminalPage } from '../../report/terminal/page.ts'
import { masked, masker } from '../run/wire.ts'
import type { CommandWords, Terminal } from './command.ts'

/** The page of a command, and its result: what a job shows as its summary and its output. */
export interface Paper {
  readonly page: string
  readonly result: unknown
}

/** Prints the page for the terminal, or the result as JSON. */
export function print({ page, result }: Paper, asked: CommandWords, terminal: Terminal): void {
  const { columns, colours } = terminal
  const text = asked.has('json')
    ? `${JSON.stringify(masked(result), null, 2)}\n`
    : terminalPage(masker.mask(page), { columns, colours, unfolded: asked.has('full') })
  terminal.write(text)
}
