import type { Command } from '../../../domain/config/command.ts'
import type { Shell, Variables } from '../../../pipeline/ports.ts'
import { askByCommand } from '../../prober.ts'
import type { Printed } from './printed.ts'

/** Has a command print JSON. Whatever it prints beside an exit code other than 0 is no answer. */
export async function printedBy(
  shell: Shell,
  command: Command,
  variables: Variables,
  signal: AbortSignal,
): Promise<Printed> {
  const answer = await askByCommand(shell.run, command, variables, signal)
  if (answer.kind === 'yes') return { kind: 'text', text: answer.text, by: command.run }
  const why = answer.kind === 'timed-out' ? `no answer within ${answer.after / 1000} s` : answer.why
  return {
    kind: 'none',
    why: {
      code: 'detour-unseen',
      what: `\`${command.run}\` did not answer: ${why}.`,
      why: 'The system that it asks is out of reach, or the command itself is broken.',
      next: 'Run it by hand. Nothing is taken for granted until it answers.',
    },
  }
}
