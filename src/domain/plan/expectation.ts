import type { Event } from '../journal/journal.ts'
import { handedOn } from '../ledger/handed-on.ts'
import { type Ledger, nextNumber, remember } from '../ledger/ledger.ts'
import type { HandedOn, Underway } from '../ledger/underway.ts'
import { checkStep } from '../step/steps-in.ts'
import type { Plan } from './plan.ts'

/** A future deployment, and the parts that its release hands on. */
export interface Coming extends HandedOn {
  readonly plan: Plan
  /** The planned start: ISO time in UTC. */
  readonly at: string
  readonly by: string
  /** The run of the request. */
  readonly run: string
}

/**
 * Returns the ledger as it will be if the whole plan succeeds. It is never written: later schedules are
 * planned from it.
 */
export function asThoughDone(ledger: Ledger, coming: Coming): Ledger {
  const { plan, at, by, run } = coming
  const number = nextNumber(ledger)
  // Checks that have not run prove nothing, so their events are left out.
  const checks = checkStep(plan.steps)
  const deployment: Underway = {
    ...{ number, plan, journal: [], holder: null, record: null },
    ...handedOn(coming),
  }
  const events: readonly Event[] = [
    { at, kind: 'opened', number, run: { id: 0, attempt: 1, url: run }, by: [by] },
    ...plan.steps
      .filter((step) => step !== checks)
      .flatMap(({ id: step }): Event[] => [
        { at, kind: 'step-started', step },
        { at, kind: 'step-succeeded', step },
      ]),
    {
      at,
      kind: 'ended',
      outcome: { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null },
    },
  ]
  return events.reduce(remember, { ...ledger, deployment })
}
