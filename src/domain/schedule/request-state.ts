import type { Outcome } from '../journal/outcome.ts'
import type { Past } from '../ledger/past.ts'
import type { Underway } from '../ledger/underway.ts'
import { hasBegun } from '../ledger/underway.ts'
import type { EndedSchedule, Schedule } from './schedule.ts'

/** The state of a request, in one word for lists. */
export type RequestState =
  | 'scheduled'
  /** It was requested, and nothing has changed yet: a person or a run is awaited. */
  | 'submitted'
  | 'in-progress'
  | 'completed'
  | 'failed'
  | 'cancelled'
  | 'missed'

export const underwayState = (underway: Underway): RequestState =>
  hasBegun(underway) ? 'in-progress' : 'submitted'

export function outcomeState(outcome: Outcome): RequestState {
  switch (outcome.kind) {
    case 'succeeded':
      return 'completed'
    case 'failed':
    case 'rolled-back':
      return 'failed'
    case 'rejected':
    case 'cancelled':
    case 'abandoned':
      return 'cancelled'
  }
}

/**
 * Returns the state of a schedule. A started schedule has the state of its deployment; if the history has
 * forgotten that, only the start is known.
 */
export function scheduleState(
  schedule: Schedule | EndedSchedule,
  { deployment, history }: { readonly deployment: Underway | null; readonly history: readonly Past[] },
): RequestState {
  if (!('end' in schedule)) return schedule.handed === undefined ? 'scheduled' : 'submitted'
  const { end } = schedule
  switch (end.kind) {
    case 'started': {
      if (deployment?.number === end.deployment) return underwayState(deployment)
      const past = history.find(({ number }) => number === end.deployment)
      return past === undefined ? 'in-progress' : outcomeState(past.outcome)
    }
    case 'withdrawn':
      return 'cancelled'
    case 'missed':
      return 'missed'
    case 'refused':
      return 'failed'
  }
}
