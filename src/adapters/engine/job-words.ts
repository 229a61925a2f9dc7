import type { Command } from '../../domain/config/command.ts'

/** Returns the words that run a command's text inside a container; null for a shell that wants a file. */
export function jobWords({ run, shell }: Command): readonly string[] | null {
  if (shell === 'bash') return ['bash', '--noprofile', '--norc', '-eo', 'pipefail', '-c', run]
  return shell === 'sh' ? ['sh', '-e', '-c', run] : null
}
