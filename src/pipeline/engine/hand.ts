import type { HandOverStep } from '../../domain/step/step.ts'
import type { EngineControl, Variables } from '../ports.ts'

/** The means of one step: its engine, and the variables that name what it is about. */
export interface Hand {
  readonly step: HandOverStep
  readonly engine: EngineControl
  readonly seen: Variables
}
