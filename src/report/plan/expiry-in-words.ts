import type { Pause } from '../../domain/question/decision.ts'
import { moment } from '../text/durations.ts'

/** Returns the expiry of a question, in words; null without one. */
export function expiryInWords(
  { expires }: Pause,
  shown: (iso: string) => string = moment,
  named: (decision: string) => string = (decision) => decision,
): string | null {
  // A ledger of an earlier version says nothing of it.
  if (expires == null) return null
  return expires.decision === null
    ? `It ends by itself at ${shown(expires.at)}`
    : `Unanswered until ${shown(expires.at)} it counts as ${named(expires.decision)}`
}
