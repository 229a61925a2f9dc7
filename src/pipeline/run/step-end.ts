import type { Failure } from '../../domain/question/decision.ts'
import type { Question } from '../../domain/question/pause.ts'

/** The end of a step. `skipped`: there was nothing to do. */
export type StepEnd =
  | { readonly kind: 'succeeded'; readonly note?: string }
  | { readonly kind: 'skipped'; readonly note: string }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** Time has to pass first, for longer than a run is kept: another run takes the step up again. */
  | { readonly kind: 'waits'; readonly until: string }
  /** A person answers first. The step stays begun until then. */
  | { readonly kind: 'asks'; readonly question: Question }

/** The end of an undo: null when it is done, the failure, or the question that a person answers first. */
export type UndoEnd = Failure | { readonly question: Question } | null
