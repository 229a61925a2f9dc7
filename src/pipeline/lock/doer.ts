import type { Run } from '../../domain/release/release.ts'

/** The actors of a run, and the run. */
export interface Doer {
  readonly run: Run
  /** The logins who started the run, and who started it again. */
  readonly by: readonly string[]
  /** The id of a run that a person knows to be over, where GitHub does not show it. */
  readonly over?: number
}
