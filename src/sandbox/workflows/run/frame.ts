import type { Contexts } from '../file/expression.ts'
import type { ActionsSite } from '../site/actions-site.ts'
import type { Grants } from '../site/grants.ts'
import type { WorkflowFile } from '../workflow-file.ts'
import type { GroupMember } from './concurrency.ts'
import type { ReviewDesk } from './review-desk.ts'
import type { RunStart } from './run-start.ts'
import type { SecretsInReach } from './secrets-in-reach.ts'

/** A run under way. */
export interface LiveRun {
  readonly site: ActionsSite
  readonly start: RunStart
  readonly cancelled: AbortSignal
  cancel(): void
  readonly desk: ReviewDesk
  /** Does one piece of work at a time, in the order in which they were asked for. */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /** The concurrency group that the run is in. */
  readonly place: { readonly group: string; readonly member: GroupMember } | null
}

/** One workflow file that a run has come into: its own, or one that it calls. */
export interface Frame {
  readonly run: LiveRun
  /** `owner/name` and ref of the file. */
  readonly repository: string
  readonly ref: string
  readonly file: WorkflowFile
  /** Before the names of its jobs: `deploy/`, or nothing. */
  readonly prefix: string
  readonly inputs: Contexts
  /** The most that its jobs may be granted. */
  readonly granted: Grants
  readonly secrets: SecretsInReach
  /** Variables of `env:` of the files above it. GitHub hands on none. */
  readonly env: Readonly<Record<string, unknown>>
}
