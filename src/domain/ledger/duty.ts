import { choose } from '../journal/next.ts'
import { advance, standing } from '../journal/standing.ts'
import { dueIn } from '../notify/notice.ts'
import type { Plan } from '../plan/plan.ts'
import { hasExpired } from '../question/deadline.ts'
import { type Decision, unreachable } from '../question/decision.ts'
import { awaits, expiryOf, type Pause } from '../question/pause.ts'
import type { ReleaseId } from '../release/release.ts'
import { keptOut, keptOutBy } from '../rolling/out-of-traffic.ts'
import { isHeldBySignals } from '../signal/held.ts'
import type { Signal } from '../signal/signal.ts'
import { bakeStep, handOverSteps, rollSteps } from '../step/steps-in.ts'
import type { Lease } from './lease.ts'
import { keptInWords } from './lease-words.ts'
import type { Ledger } from './ledger.ts'
import type { Underway } from './underway.ts'

/** The duty of a watch in an environment without a live run. */
export type Duty =
  /**
   * The run that held the environment is gone: its leftovers are corrected as far as possible, and the lock
   * is released.
   */
  | { readonly kind: 'close'; readonly underway: Underway }
  /** The time of a question is over. */
  | { readonly kind: 'lapse'; readonly underway: Underway; readonly pause: Pause }
  /** Signals are open while a release is watched without a run: the watch ends early. */
  | { readonly kind: 'halt'; readonly underway: Underway; readonly signals: readonly Signal[] }
  /** A release that is watched without a run has to be looked at. */
  | { readonly kind: 'look-after'; readonly underway: Underway }
  /** A look has found what is not well, in words: the watch of the release ends early. */
  | { readonly kind: 'unwell'; readonly underway: Underway; readonly ill: readonly string[] }
  /** A lease is over. */
  | { readonly kind: 'give-back'; readonly lease: Lease }
  /** Failed instances must stay out of traffic, which has to be observed. */
  | { readonly kind: 'keep-out'; readonly underway: Underway; readonly instances: readonly string[] }
  /** The same for instances that an ended deployment left out of traffic, in an environment that serves this release. */
  | { readonly kind: 'keep-out-since'; readonly serving: ReleaseId; readonly instances: readonly string[] }
  /** Notices that were not sent. `release`: the checkout of the job; no file of it is used. */
  | { readonly kind: 'tell'; readonly release: ReleaseId; readonly notices: number }

/** Returns one duty at a time, since each deed changes the state. `live`: a run works on the environment. */
export function dutyOf(ledger: Ledger, live: boolean, now: Date): Duty | null {
  const { deployment: underway, leases, detour } = ledger
  if (live) return null
  if (underway !== null && underway.holder !== null) return { kind: 'close', underway }
  const pause = underway === null ? null : standing(underway.plan, underway.journal).pause
  if (underway !== null && pause !== null && hasExpired(pause, now)) return { kind: 'lapse', underway, pause }
  // A scheduler that is resumed while visitors are elsewhere would write at home.
  const lease = leases.find((one) => ranOut(one, now) && keptInWords(one, detour) === null)
  return lease === undefined ? null : { kind: 'give-back', lease }
}

/** Returns the duty that remains without any other: it changes the ledger only if something is wrong. */
export function guardDuty(ledger: Ledger, live: boolean): Duty | null {
  const { deployment: underway, serving } = ledger
  if (live || (underway !== null && underway.holder !== null)) return null
  if (underway === null) {
    const left = keptOut(ledger).map(({ instance }) => instance)
    if (serving === null || left.length === 0) return null
    const { tag, sha } = serving.release
    return { kind: 'keep-out-since', serving: { tag, sha }, instances: left }
  }
  const instances = keptOutBy(underway).map(({ instance }) => instance)
  if (instances.length > 0) return { kind: 'keep-out', underway, instances }
  return isWatched(underway) ? { kind: 'look-after', underway } : null
}

/** True if a deployment waits for the end of a bake, and something can be asked how it goes. */
export function isWatched({ plan, journal }: Pick<Underway, 'plan' | 'journal'>): boolean {
  const { pause } = standing(plan, journal)
  return pause !== null && awaits(pause) === 'time' && canBeAsked(plan)
}

/** True if instances or engines say how they are, figures tell of the environment, or the policy has alarms. */
function canBeAsked(plan: Plan): boolean {
  const { steps, environment } = plan
  const alarms = isHeldBySignals(plan) ? environment.halt : null
  return (
    rollSteps(steps).some(({ service }) => service.version !== null || service.healthCheck !== null) ||
    handOverSteps(steps).length > 0 ||
    (bakeStep(steps)?.figures ?? null) !== null ||
    (alarms?.command ?? alarms?.http ?? null) !== null
  )
}

/**
 * Returns the duty to send what was not sent, which needs the secrets of the environment. A release that is not approved
 * yet is not checked out for that.
 */
export function tellDuty(ledger: Ledger, live: boolean): Duty | null {
  const due = dueIn(ledger)
  const approved = due.find((notice) => notice.approved)?.facts.release
  const { tag, sha } = ledger.serving?.release ?? approved ?? { tag: '', sha: '' }
  return live || due.length === 0 || sha === ''
    ? null
    : { kind: 'tell', release: { tag, sha }, notices: due.length }
}

export const ranOut = ({ until }: Lease, now: Date): boolean => Date.parse(until) <= now.getTime()

/** Returns the release whose commands it needs; null if it runs none. */
export function commandsOf(duty: Duty): { readonly tag: string; readonly sha: string } | null {
  switch (duty.kind) {
    case 'keep-out':
      return releaseOf(duty.underway)
    case 'keep-out-since':
      return duty.serving
    case 'halt':
    case 'look-after':
    case 'unwell':
      return releaseOf(duty.underway)
    case 'close':
      return closesWithCommands(duty.underway) ? releaseOf(duty.underway) : null
    case 'lapse': {
      const decision = expiryOf(duty.pause)?.decision ?? null
      return endsAtOnce(decision) ? null : releaseOf(duty.underway)
    }
    case 'give-back':
      return duty.lease.release
    case 'tell':
      return duty.release
    default:
      return unreachable(duty)
  }
}

const endsAtOnce = (decision: Decision | null): boolean => decision === 'reject' || decision === 'abandon'

const releaseOf = ({ plan: { release } }: Underway) => ({ tag: release.tag, sha: release.sha })

/** True if closing after a lost run needs commands. */
export function closesWithCommands({ plan, journal }: Pick<Underway, 'plan' | 'journal'>): boolean {
  const at = journal.at(-1)?.at ?? ''
  const now = advance(plan, standing(plan, journal), { at, kind: 'interrupted', cause: 'lost' })
  return choose(plan, now).kind === 'undo'
}
