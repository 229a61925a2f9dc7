import { stepCommands } from '../config/runner-commands.ts'
import { duration } from '../durations.ts'
import type { Step } from './step.ts'

/** Thirty minutes. */
export const standardSlowAfter = 30 * 60_000

/** The beginning and the end of a step, as the journal has them. */
interface StepTimes {
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** Returns a warning of a step whose commands took longer than a config expects; null for any other. */
export function slowWarning(step: Step, { startedAt, endedAt }: StepTimes, slowAfter: number): string | null {
  if (startedAt === null || endedAt === null || stepCommands(step).length === 0) return null
  const took = Date.parse(endedAt) - Date.parse(startedAt)
  return took < slowAfter
    ? null
    : `${step.id} took ${duration(took)}. Move long work, like an import, out of the deployment: a failure in it is found late, and it keeps the environment.`
}
