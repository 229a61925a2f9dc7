import type { Happening } from '../journal/journal.ts'
import type { Plan } from '../plan/plan.ts'
import { ruleOf } from './gate.ts'
import { deadlineFrom, type Expiry, endsByTime, expiryOf, type Pause, type Question } from './pause.ts'

/** The actor of a decision by expiry. No login contains a blank. */
export const theDeadline = 'the deadline'

/** Returns a pause that begins now with the time at which it ends by itself, where it has one. */
export function withDeadline(plan: Plan, pause: Pause, now: Date): Pause {
  if (endsByTime(pause)) return pause
  return { ...pause, expires: pause.expires ?? deadlineOf(plan, pause, now) }
}

function deadlineOf(plan: Plan, question: Question, now: Date): Expiry | null {
  const source = deadlineFrom(question)
  if (source === 'approval') return deadlineOfApproval(plan, now)
  if (source === 'none') return null
  const { unanswered } = plan.environment
  // An answer that this question does not take cannot be its end either: it then waits for a person.
  if (unanswered === null || !question.options.includes(unanswered.decision)) return null
  return { at: after(now, unanswered.after), decision: unanswered.decision }
}

function deadlineOfApproval(plan: Plan, now: Date): Expiry | null {
  const rule = ruleOf(plan)
  const wait = rule.kind === 'named' ? rule.expires : undefined
  return wait === undefined ? null : { at: after(now, wait), decision: 'reject' }
}

/** True if the time of a pause is over. */
export function hasExpired(pause: Pause, now: Date): boolean {
  const expiry = expiryOf(pause)
  return expiry !== null && Date.parse(expiry.at) <= now.getTime()
}

/** Returns the event of an expired pause. */
export function lapse(pause: Pause): Extract<Happening, { kind: 'decided' | 'lapsed' }> {
  if (endsByTime(pause) || pause.expires === null) return { kind: 'lapsed', pause: pause.id }
  const { at, decision } = pause.expires
  const reason = `no answer until ${at}`
  return { kind: 'decided', pause: pause.id, decision, instances: [], by: theDeadline, reason }
}

const after = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString()
