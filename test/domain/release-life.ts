import type { Happening } from '../../src/domain/journal/journal.ts'
import type { Outcome } from '../../src/domain/journal/outcome.ts'
import { previousRelease } from '../../src/domain/ledger/history.ts'
import { type Ledger, nextNumber, remember } from '../../src/domain/ledger/ledger.ts'
import { planning } from '../../src/domain/plan/planning.ts'
import type { Mode } from '../../src/domain/plan/undertaking.ts'
import type { Release } from '../../src/domain/release/release.ts'
import { aFailure, aRun, aTime, done } from './a-journal.ts'
import { aPolicy, aRecipe, aWish, noSteps } from './a-plan.ts'

/** The ending of an attempt: success, or one of the failures. */
export type Ending = 'succeeds' | 'fails' | 'is rejected' | 'is taken back' | 'is abandoned'

const outcomes: Readonly<Record<Ending, Outcome>> = {
  succeeds: { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null },
  fails: { kind: 'failed', failure: aFailure(), stays: [] },
  'is rejected': { kind: 'rejected', by: 'rhea', reason: 'no' },
  'is taken back': { kind: 'rolled-back', forced: [], excluded: [], failure: aFailure() },
  'is abandoned': { kind: 'abandoned', by: 'rhea', reason: 'enough' },
}

/** Returns the ledger after a release was deployed or rolled back; the same ledger where that cannot be done. */
export function attempt(
  ledger: Ledger,
  wanted: 'deploy' | 'rollback',
  release: Release,
  ending: Ending,
): Ledger {
  const begun = begin(ledger, wanted, release)
  if (begun === null) return ledger
  const recorded = ending === 'succeeds' ? done('record-version') : []
  return events(begun, ...recorded, { kind: 'ended', outcome: outcomes[ending] })
}

/** The release that a rollback goes to, or null. */
export const targetBack = ({ history }: Ledger): Release | null => previousRelease(history)

/** Returns a ledger with a deployment that has just been opened; null if nothing would be planned. */
export function begin(ledger: Ledger, wanted: Exclude<Mode, 'redeploy'>, release: Release): Ledger | null {
  const plan = planning(
    aWish({
      wanted,
      release,
      ledger,
      relation: ledger.serving === null ? 'first' : 'ahead',
      policy: aPolicy({ name: ledger.environment, approval: { kind: 'none' } }),
      recipe: aRecipe({ steps: noSteps }),
    }),
  )
  if (plan.kind !== 'planned') return null
  const number = nextNumber(ledger)
  const deployment = {
    number,
    plan: plan.plan,
    journal: [],
    holder: null,
    record: null,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
  }
  return events({ ...ledger, deployment }, { kind: 'opened', number, run: aRun(number), by: ['alice'] })
}

/** Each a second after the one before. */
export const events = (ledger: Ledger, ...happenings: readonly Happening[]): Ledger =>
  happenings.reduce((before, happening, at) => remember(before, { at: aTime(at), ...happening }), ledger)
