import { hasBegun } from '../journal/ledger.ts'
import type { Outcome } from '../journal/outcome.ts'
import type { Past } from '../journal/past.ts'
import type { Underway } from '../journal/underway.ts'
import type { EndedSchedule, Schedule } from './schedule.ts'

/** How a request stands, in one word for whoever keeps a list of them. */
export type RequestState =
  | 'scheduled'
  /** It is asked for, and nothing has changed yet: a person or a run is awaited. */
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

/** One that was started is as its deployment is; of one that nobody remembers any more that it began is known. */
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
