import type { Failure } from '../../domain/question/decision.ts'

/** The end of a step. `skipped`: there was nothing to do. */
export type StepEnd =
  | { readonly kind: 'succeeded'; readonly note?: string }
  | { readonly kind: 'skipped'; readonly note: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
