import type { StepTurn } from '../ledger/lease.ts'
import type { Step } from '../step/step.ts'
import { type DetourSide, otherSide } from './side.ts'

/** Returns the side that visitors are seen on after a turn of the step that moves them. */
export function sideAfter(before: DetourSide | null, step: Step, turn: StepTurn['kind']): DetourSide | null {
  if (!('moving' in step)) return before
  switch (turn) {
    case 'step-succeeded':
      return step.to
    case 'undo-succeeded':
      return otherSide(step.to)
    case 'step-started':
    case 'undo-started':
      return before
  }
}
