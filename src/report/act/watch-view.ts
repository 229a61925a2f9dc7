import type { Outcome } from '../../domain/journal/outcome.ts'
import type { Duty } from '../../domain/ledger/duty.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { ProblemWords } from '../../domain/problem.ts'
import type { Pause } from '../../domain/question/pause.ts'

/** An environment after a watch. */
export interface WatchView {
  readonly environment: string
  /** Null where it could not be read. */
  readonly ledger: Ledger | null
  /** True if a run works on it. */
  readonly live: boolean
  readonly deeds: readonly DeedView[]
  /** The duty that is left, because it needs the commands of a release. */
  readonly due: { readonly duty: Duty; readonly release: { readonly tag: string } } | null
  /** Records that were corrected, in words. */
  readonly corrected: readonly string[]
  readonly problem: Pick<ProblemWords, 'what'> | null
}

export interface DeedView {
  readonly duty: Duty
  /** Null where it had nothing to do with a deployment. */
  readonly concluded: { readonly ending: EndingView } | null
}

type EndingView =
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  | { readonly kind: 'waiting'; readonly pause: Pause }
  | { readonly kind: 'interrupted'; readonly problem: Pick<ProblemWords, 'what'> | null }
