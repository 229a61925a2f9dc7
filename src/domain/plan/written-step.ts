import { filled, type Sparse, spare } from '../sparse.ts'
import { isRoll, type RollStep, type Step } from './step.ts'

/** 0.1.0 knows neither `build` nor `unfinished`. */
const rollRow = { unfinished: [], build: null, restart: false } satisfies Partial<RollStep>

export type SparseStep = Exclude<Step, RollStep> | Sparse<RollStep, keyof typeof rollRow>

/** A reset has no kind of its own in 0.1.0: there it is a migration of that id, and is written so still. */
export function stepFrom(step: SparseStep): Step {
  if (step.kind === 'roll-services') return filled(rollRow, step)
  return step.kind === 'migrate' && step.id === 'reset'
    ? { kind: 'reset', id: step.id, command: step.command, phase: 'contract' }
    : step
}

export function writtenStep(step: Step): object {
  if (isRoll(step)) return spare(rollRow, step)
  return step.kind === 'reset' ? { ...step, kind: 'migrate', repeatable: false } : step
}
