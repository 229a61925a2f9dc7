import type { EnvironmentPolicy } from '../config/policy.ts'
import type { Failure } from '../question/decision.ts'
import type { Signals } from '../signal/signal.ts'
import type { ServiceJudged } from './drift.ts'
import type { Memory, RecordsSeen } from './sight.ts'

/** An environment as one look found it. */
export interface EnvironmentSeen extends Pick<EnvironmentPolicy, 'name' | 'class' | 'url'> {
  readonly app: string
  readonly memory: ({ readonly kind: 'read' } & Memory) | Unread
  readonly instances: EnvironmentSighting
  /** The signals that hold a release here, and the asks of people. */
  readonly signals: Signals
  readonly records: RecordsSeen
}

export type EnvironmentSighting =
  | { readonly kind: 'seen'; readonly services: readonly ServiceJudged[] }
  | { readonly kind: 'unasked'; readonly why: string }
  | Unread

/** An environment that could not be read. */
export interface Unread {
  readonly kind: 'unknown'
  readonly failure: Failure
}
