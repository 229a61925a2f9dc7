import { describeOutcome, type Outcome, reasonOf } from '../../domain/journal/outcome.ts'
import { leasesInWords } from '../../domain/ledger/lease-words.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import { deedOf } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { endsByTime, failureOf, type Pause } from '../../domain/question/pause.ts'
import { watchedBy } from '../../domain/question/wait-words.ts'
import type { RecordState, Status } from '../ports.ts'
import type { RunEnding } from './execute.ts'

/** A suspended scheduler comes first, because a long description is cut at its end. */
export function spokenOf(
  plan: Pick<Plan, 'mode' | 'release'>,
  { leases }: Pick<Ledger, 'leases'>,
  ending: RunEnding,
): { state: RecordState; description: string } {
  const suspended = leasesInWords(leases)
    .map((words) => `, ${words}`)
    .join('')
  switch (ending.kind) {
    case 'waiting':
      return spokenOfPause(ending.pause, suspended)
    case 'interrupted':
      return {
        state: 'error',
        description: `interrupted${suspended}: ${deedOf(plan)} is not finished`,
      }
    case 'ended':
      return endOf(ending.outcome, suspended)
  }
}

/** Returns the record's status for an ended deployment. */
export function endOf(outcome: Outcome, suspended = ''): Pick<Status, 'state' | 'description'> {
  const reason = reasonOf(outcome)
  const words = describeOutcome(outcome).replace(/(?=, but afterwards|:)|$/, suspended)
  return { state: stateOf(outcome), description: `${words}${reason === '' ? '' : `: ${reason}`}` }
}

function stateOf(outcome: Outcome): RecordState {
  switch (outcome.kind) {
    case 'succeeded':
      return 'success'
    case 'failed':
    case 'rolled-back':
    case 'abandoned':
      return 'failure'
    case 'rejected':
    case 'cancelled':
      return 'error'
  }
}

const spokenOfPause = (pause: Pause, suspended: string): Pick<Status, 'state' | 'description'> =>
  endsByTime(pause)
    ? { state: 'in_progress', description: `watching ${watchedBy(pause)} until ${pause.until}${suspended}` }
    : { state: 'pending', description: `waiting${suspended}: ${asked(pause)}` }

const asked = (pause: Pause): string =>
  pause.kind === 'inspection'
    ? 'visitors are on the stand-in until a person has looked'
    : (failureOf(pause)?.what ?? pause.step)
