import type { Move } from '../journal/move.ts'
import { modes } from '../plan/modes.ts'
import type { Plan } from '../plan/plan.ts'
import type { Step } from '../step/step.ts'
import { traitsOf } from '../step/traits.ts'

/** True if open signals hold what the plan brings forward: it does not go back, and no person has overridden them. */
export const isHeldBySignals = ({ mode, overriddenHalt }: Pick<Plan, 'mode' | 'overriddenHalt'>): boolean =>
  modes[mode].heldBy === 'signals' && overriddenHalt === null

/**
 * Returns the step that a move would begin or carry on, where a signal may hold it; null for every other move. Going
 * back is never held, and neither is a step that gives back a lease: a scheduler must not stay suspended for an alarm.
 */
export function heldStep({ mode }: Pick<Plan, 'mode'>, move: Move): Step | null {
  if (modes[mode].heldBy === 'nothing') return null
  switch (move.kind) {
    case 'run':
      return traitsOf(move.step).impact && !closesLease(move.step) ? move.step : null
    case 'roll':
      return move.direction.to === 'new' ? move.step : null
    case 'bake':
      return move.over === null ? null : move.step
    case 'observe':
    case 'finish':
    case 'undo':
    case 'turn-back':
    case 'give-up':
    case 'pause':
    case 'leave':
    case 'end':
      return null
  }
}

const closesLease = (step: Step): boolean => traitsOf(step).brackets.some(({ part }) => part === 'closes')
