import type { Command } from '../../src/domain/config/command.ts'
import type { Clock, Finished, Shell, Variables } from '../../src/pipeline/ports.ts'

/** One command that ran, with the environment that it saw. */
export interface Call {
  readonly command: Command
  readonly variables: Variables
}

/** The behaviour of a command. By default it is silent, takes no time and exits with 0. */
export interface Part {
  /** The lines on stdout. */
  readonly lines?: readonly string[]
  /** The lines on stderr, before those on stdout. */
  readonly errors?: readonly string[]
  /** Milliseconds of the clock; `Infinity` for a command that hangs. */
  readonly takes?: number
  /** The end of a command that hangs cannot be confirmed. */
  readonly unconfirmed?: true
  readonly ends?:
    | { readonly kind: 'exited'; readonly code: number }
    | { readonly kind: 'signalled'; readonly signal: string }
    | { readonly kind: 'not-found'; readonly name: string }
}

export interface FakeShell extends Shell {
  /** Every command that was started, in that order. */
  readonly calls: readonly Call[]
  /** Sets the behaviour of a command, by its whole `run` text. The last call counts. */
  play(run: string, part: Part | ((call: Call) => Part)): void
}

/** Runs nothing, and ends as the real shell would. */
export function createFakeShell(clock: Clock): FakeShell {
  const parts = new Map<string, (call: Call) => Part>()
  const calls: Call[] = []

  return {
    calls,
    play(run, part) {
      parts.set(run, typeof part === 'function' ? part : () => part)
    },
    async run(command, variables, watch): Promise<Finished> {
      if (watch.signal.aborted) return { kind: 'stopped', tail: [] }
      const call = { command, variables: { ...command.env, ...variables } }
      calls.push(call)
      const {
        lines = [],
        errors = [],
        takes = 0,
        unconfirmed,
        ends = { kind: 'exited', code: 0 },
      } = parts.get(command.run)?.(call) ?? {}
      for (const line of errors) watch.line(line)
      for (const line of lines) (watch.answer ?? watch.line)(line)
      const tail = [...errors, ...lines].slice(-20)

      await clock.sleep(Math.min(takes, command.timeout), watch.signal)
      if (watch.signal.aborted) return { kind: 'stopped', tail }
      if (takes > command.timeout) {
        const late = { kind: 'timed-out', after: command.timeout, tail } as const
        return unconfirmed === undefined ? late : { ...late, unconfirmed }
      }
      return { ...ends, tail }
    },
  }
}
