import type { AskOf } from './ask.ts'

/** The result of a person's halt in an environment, or of lifting one. */
export type HaltedThere =
  /** `deployment`: the number of the one that it holds; null for the one that comes next. */
  | { readonly kind: 'halted'; readonly deployment: number | null }
  /** The deployment ended before it could hear of it. */
  | { readonly kind: 'too-late'; readonly deployment: number }
  | { readonly kind: 'lifted'; readonly halts: readonly AskOf<'halt'>[] }
  /** No halt stands that could be lifted. `question`: the one that waits for an answer instead, if there is one. */
  | { readonly kind: 'nothing-lifted'; readonly question: string | null }
