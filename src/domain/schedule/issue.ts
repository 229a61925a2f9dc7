import type { IssueCause, IssuePolicy } from '../config/issue-policy.ts'
import type { InterruptionCause } from '../journal/journal.ts'
import { type Outcome, outcomeWord } from '../journal/outcome.ts'
import { modes } from '../plan/modes.ts'
import type { Mode } from '../plan/undertaking.ts'
import { unreachable } from '../question/decision.ts'
import { awaits, type Pause } from '../question/pause.ts'
import type { ScheduleEnd } from './schedule.ts'

/** The state of a deployment, for an issue. */
export type CameTo =
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  | { readonly kind: 'waiting'; readonly pause: Pause }
  | { readonly kind: 'interrupted'; readonly cause: InterruptionCause | 'left' }
  | { readonly kind: 'running' }

/** `follows`: a comment on an open issue, which opens none. */
export type Telling = 'opens' | 'follows' | 'closes' | 'nothing'

/** The deployment of that state: its mode, and the cause if its last run broke off. */
export interface CameFrom {
  readonly mode: Mode
  readonly interrupted: InterruptionCause | null
}

/**
 * Returns the entry for an issue. A person who cancelled, approved or rejected already knows, and nothing has
 * failed.
 */
export function tellingOf(
  came: CameTo,
  policy: Pick<IssuePolicy, 'on'>,
  { mode, interrupted }: CameFrom,
): Telling {
  const opensFor = (cause: IssueCause) => tellingOfCause(cause, policy)
  switch (came.kind) {
    case 'running':
      return 'nothing'
    case 'waiting':
      return awaits(came.pause) === 'answer' ? opensFor('waiting') : 'nothing'
    case 'interrupted':
      return came.cause === 'cancelled' ? 'nothing' : opensFor('failed')
    case 'ended':
      return ofOutcome(
        came.outcome,
        mode,
        opensFor('failed'),
        interrupted === 'lost' || interrupted === 'broke-off',
      )
    default:
      return unreachable(came)
  }
}

function ofOutcome(outcome: Outcome, mode: Mode, failed: Telling, lost: boolean): Telling {
  switch (outcome.kind) {
    case 'succeeded':
      if (outcome.afterwards !== null) return failed
      return outcomeWord(outcome) === 'succeeded' ? modes[mode].success : 'follows'
    case 'failed':
    case 'rolled-back':
      return failed
    // The person who abandoned it has seen it, and the environment is as it was left.
    case 'abandoned':
      return 'follows'
    case 'rejected':
      return 'nothing'
    // Nothing was changed; but the end of a lost run is unknown.
    case 'cancelled':
      return lost ? failed : 'nothing'
  }
}

/**
 * Returns the entry of an ended schedule for an issue. The person who withdrew it knows, and a started one is
 * told as a deployment; but a missed or refused schedule had no witness.
 */
export function tellingOfSchedule({ kind }: ScheduleEnd, policy: Pick<IssuePolicy, 'on'>): Telling {
  switch (kind) {
    case 'started':
    case 'withdrawn':
      return 'nothing'
    case 'missed':
    case 'refused':
      return tellingOfCause('failed', policy)
    default:
      return unreachable(kind)
  }
}

const tellingOfCause = (cause: IssueCause, { on }: Pick<IssuePolicy, 'on'>): Telling =>
  on.includes(cause) ? 'opens' : 'follows'
