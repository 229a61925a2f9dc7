import { endsByTime, type Pause } from '../../domain/question/pause.ts'
import { moment } from '../text/moments.ts'

/** Returns the expiry of a question, in words; null without one. */
export function expiryInWords(
  pause: Pause,
  shown: (iso: string) => string = moment,
  named: (decision: string) => string = (decision) => decision,
): string | null {
  if (endsByTime(pause)) return `It ends by itself at ${shown(pause.until)}`
  return pause.expires === null
    ? null
    : `Unanswered until ${shown(pause.expires.at)} it counts as ${named(pause.expires.decision)}`
}
