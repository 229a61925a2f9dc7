import { createInterface } from 'node:readline/promises'
import type { AskUser } from '../../../init/questions.ts'
import { harmless } from '../shown.ts'

/** A person at a terminal. */
export interface Person {
  readonly put: AskUser
  confirm(text: string): Promise<boolean>
  close(): void
}

/** Asks at the terminal of this process. The end of the input ends every question. */
export function personAtTerminal(): Person {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  const closed = new Promise<null>((resolve) => terminal.once('close', () => resolve(null)))
  const line = (text: string): Promise<string | null> =>
    Promise.race([terminal.question(harmless(text)), closed])
  return {
    put: ({ text, usual }, wrong) => line(`${wrong === null ? '' : `  ${wrong}\n`}${text} [${usual}] `),
    confirm: async (text) => /^y(?:es)?$/i.test(((await line(`${text} [y/N] `)) ?? '').trim()),
    close: () => terminal.close(),
  }
}
