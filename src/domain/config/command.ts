import type { Retry } from './commands/retry.ts'
import type { Place } from './place.ts'

/** A command of the user's. Values reach it only as environment variables. */
export interface Command {
  readonly run: string
  /** As GitHub's own `shell`: `bash`, `sh`, or a template holding `{0}`. */
  readonly shell: string
  readonly env: Readonly<Record<string, string>>
  readonly workingDirectory: string
  readonly timeout: number
  /** True if the command destroys data for good: such a command needs a confirmation. */
  readonly destructive?: true
  /** Further tries; left out for none. */
  readonly retry?: Retry
  /** Left out: a command of an instance runs where the instance lives, any other on the runner. */
  readonly on?: Place
}

/** A question with a yes or a no: an HTTP address that answers 200, or a command that exits with 0. */
export type Probe =
  | { readonly kind: 'http'; readonly url: string; readonly timeout: number }
  | { readonly kind: 'run'; readonly command: Command }

/** The exit code by which a command says that it could not find out: `EX_TEMPFAIL` of sysexits. */
export const couldNotAsk = 75

/** `3`, or `25%` of a whole: rounded down, never below one. */
export type Count =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'percent'; readonly value: number }

/** Returns the part of `whole` that a count means. */
export function resolveCount(count: Count, whole: number): number {
  if (count.kind === 'number') return Math.min(count.value, whole)
  return Math.max(1, Math.floor((whole * count.value) / 100))
}
