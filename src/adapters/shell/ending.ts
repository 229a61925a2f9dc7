import type { Finished } from '../../pipeline/ports.ts'
import { LONGEST_TIMER } from '../clock.ts'
import { missingCommand } from './missing-command.ts'

/** The exit codes of shells for a command that cannot be executed, or is missing. */
export const CANNOT_EXECUTE = 126
const NOT_FOUND = 127

export type CommandEnding = 'by itself' | 'timed out' | 'stopped'

/** Returns the first ending: `gone`, the timeout in milliseconds, or the abort. */
export function endingOf(
  gone: Promise<unknown>,
  timeout: number,
  signal: AbortSignal,
): Promise<CommandEnding> {
  return new Promise((resolve) => {
    const settle = (ending: CommandEnding) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      resolve(ending)
    }
    const stop = () => settle('stopped')
    const timer = setTimeout(() => settle('timed out'), Math.min(timeout, LONGEST_TIMER))
    gone.then(() => settle('by itself'))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop)
  })
}

/** Returns the exit of a command, with the words of its shell about a missing command. */
export function exitedWith(
  code: number,
  tail: readonly string[],
): Extract<Finished, { kind: 'exited' | 'not-found' }> {
  const missing = code === NOT_FOUND ? missingCommand(tail) : null
  return missing === null ? { kind: 'exited', code, tail } : { kind: 'not-found', name: missing, tail }
}
