import type { Happening } from '../journal/journal.ts'
import type { Plan } from '../plan/plan.ts'
import type { Decision, Pause } from './decision.ts'
import { ruleOf } from './gate.ts'

/** Who decides when nobody does. No login has a blank in it. */
export const theDeadline = 'the deadline'

/** When a question that is asked now ends by itself, and how; null when it waits as long as it takes. */
export function deadlineOf(plan: Plan, pause: Pause, now: Date): Pause['expires'] {
  if (pause.expires !== null) return pause.expires
  if (pause.gate === 'approve') {
    const rule = ruleOf(plan)
    const wait = rule.kind === 'named' ? rule.expires : undefined
    return wait === undefined ? null : { at: after(now, wait), decision: 'reject' }
  }
  const { unanswered } = plan.environment
  // What this question does not take cannot be its answer either: it then waits for a person.
  if (unanswered === null || !pause.options.includes(unanswered.decision)) return null
  return { at: after(now, unanswered.after), decision: unanswered.decision }
}

export const hasExpired = ({ expires }: Pause, now: Date): boolean =>
  expires !== null && Date.parse(expires.at) <= now.getTime()

/** What happens to a question whose time is over. */
export function lapse(pause: Pause): Extract<Happening, { kind: 'decided' | 'lapsed' }> {
  const decision: Decision | null = pause.expires?.decision ?? null
  if (decision === null) return { kind: 'lapsed', pause: pause.id }
  const reason = `nobody answered until ${pause.expires?.at ?? ''}`
  return { kind: 'decided', pause: pause.id, decision, instances: [], by: theDeadline, reason }
}

const after = (now: Date, ms: number): string => new Date(now.getTime() + ms).toISOString()
