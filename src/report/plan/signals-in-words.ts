import { modes } from '../../domain/plan/modes.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { isHeldBySignals } from '../../domain/signal/held.ts'
import { describeSignal, linkOf, type Signal, type Signals } from '../../domain/signal/signal.ts'
import { alert, code, link, text } from '../text/markdown.ts'

/** Shows the signals that a plan passes, and the sources that are read only after the approval. */
export function signalsInWords(plan: Plan, signals: Signals): string | null {
  const unread = unreadInWords(plan)
  if (signals.kind === 'quiet') return unread
  const passes = modes[plan.mode].heldBy === 'nothing' ? 'Going back is never held by them.' : null
  // A refusal names them already.
  if (passes === null && plan.overriddenHalt === null) return unread
  const lines = signals.signals.map((signal) => `- ${signalInWords(signal)}`)
  return alert(
    'NOTE',
    `**${signals.kind === 'open' ? 'Signals are open.' : 'Signals could not be read.'}** ${passes ?? 'They are overridden.'}`,
    ...lines,
  )
}

/** A signal as a line of a page, with its link. */
export function signalInWords(signal: Signal): string {
  const url = linkOf(signal)
  const words = text(describeSignal(signal))
  return url === null ? words : `${words}: ${link('look', url)}`
}

/** The sources that hold the plan and are not read yet. Overridden ones are never read. */
function unreadInWords(plan: Plan): string | null {
  const { halt } = plan.environment
  if (halt === null || !isHeldBySignals(plan)) return null
  const unread = [halt.command?.run, halt.http?.url].filter((one) => one !== undefined)
  return unread.length === 0
    ? null
    : `Not read before the approval, but before the first change: ${unread.map(code).join(', ')}.`
}
