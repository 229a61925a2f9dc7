import { saveState } from '@actions/core'
import type { Unsaid } from '../../pipeline/run/statement.ts'

/** The ledger that this run may hold. */
export interface HeldLock {
  readonly app: string
  readonly environment: string
}

/** Kept before the ledger is written: a run can be killed right after. */
export const rememberHold = (app: string, environment: string): void =>
  saveState('held', JSON.stringify({ app, environment } satisfies HeldLock))

/** Reads the hold that main remembered, or null if main never got that far. */
export function recallHold(env: NodeJS.ProcessEnv): HeldLock | null {
  const held = env.STATE_held
  return held === undefined || held === '' ? null : JSON.parse(held)
}

/** Leaves no hold to the post step: the run released it itself. */
export const forgetHold = (): void => saveState('held', '')

/** Remembers the statuses that could not be written: the post step tries again. */
export const rememberUnsaid = (unsaid: readonly Unsaid[]): void =>
  saveState('unsaid', unsaid.length === 0 ? '' : JSON.stringify(unsaid))

export function recallUnsaid(env: NodeJS.ProcessEnv): readonly Unsaid[] {
  const unsaid = env.STATE_unsaid
  return unsaid === undefined || unsaid === '' ? [] : JSON.parse(unsaid)
}

/** Main ended by itself on a problem: for the step that runs after it, it was not lost. */
export const rememberBreak = (): void => saveState('broke', 'true')

export const recallBreak = (env: NodeJS.ProcessEnv): boolean => env.STATE_broke === 'true'
