import type { ActionName } from './actions.ts'

export interface InputDefinition {
  readonly description: string
  /** True if the input is required: by all commands that take it, or by these. */
  readonly required?: boolean | readonly ActionName[]
  /** The default in words, for commands that do not require it. */
  readonly leftOut?: string
  readonly default?: string
  /** The commands that take it. */
  readonly of: readonly ActionName[]
}

/** Defines an input that is `true` or `false`, and false unless it is given. */
export const flag = <const Of extends readonly ActionName[]>(description: string, of: Of) =>
  ({ description, default: 'false', of }) as const
