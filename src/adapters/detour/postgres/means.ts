import type { DetourParts, PostgresDetour } from '../../../domain/config/detour-recipe.ts'
import type { Clock, Shell, Variables } from '../../../pipeline/ports.ts'
import type { HeldFences } from './fences.ts'

/** The hands of the adapter. */
export interface PostgresMeans {
  readonly clock: Clock
  /** Runs programs where the stand-in lives: on the runner, or on a host of a fleet. */
  readonly programs: Shell
  /** The variables of this run, secrets among them: addresses of databases are there. */
  readonly env: NodeJS.ProcessEnv
}

/** The parts of the detour itself that its databases depend on. */
export type DetourShape = Pick<DetourParts, 'mode' | 'revertBy' | 'copied'>

/** One verb at work: which detour, with which variables, by which hands. */
export interface PostgresWork extends PostgresMeans {
  readonly recipe: PostgresDetour
  readonly shape: DetourShape
  readonly id: string
  readonly variables: Variables
  readonly signal: AbortSignal
  /** The sessions of this process that hold a fence. */
  readonly fences: HeldFences
  say(line: string): void
}
