import type { ProblemWords } from '../problem.ts'
import { isHeldBySignals } from '../signal/held.ts'
import { describeSignal, linkOf, type Signals } from '../signal/signal.ts'
import { overridesHalt, type Undertaking } from './undertaking.ts'

/** Refuses to bring a release forward while a signal is open or unknown, unless a person lets a fix through. */
export function haltRefusal(undertaking: Undertaking, environment: string, signals: Signals): ProblemWords[] {
  const held = isHeldBySignals({ mode: undertaking.mode, overriddenHalt: overridesHalt(undertaking) })
  if (!held || signals.kind === 'quiet') return []
  const links = signals.signals.flatMap((signal) => linkOf(signal) ?? [])
  return [
    {
      code: 'halted',
      what: `${environment} is halted: ${signals.signals.map(describeSignal).join('; ')}.`,
      why:
        signals.kind === 'open'
          ? `A release that comes during an incident hides its cause, or adds to it.${links.length === 0 ? '' : ` See ${links.join(' ')}`}`
          : 'A signal that could not be read counts as a halt.',
      next: 'Start it again when that is over. A fix for it goes through with a reason in the input override-halt; a rollback is never held. A halt of a person is lifted with `do: lift-halt`.',
    },
  ]
}
