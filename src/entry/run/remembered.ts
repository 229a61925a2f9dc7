import { saveState } from '@actions/core'
import type { Unsaid } from '../../pipeline/run/statement.ts'

/** The environment that this run may have locked. */
export interface RememberedLock {
  readonly app: string
  readonly environment: string
}

/** Kept before the ledger is written: a run can be killed right after. */
export const rememberLock = (app: string, environment: string): void =>
  saveState('lock', JSON.stringify({ app, environment } satisfies RememberedLock))

/** Reads the lock that main remembered, or null if main never got that far. */
export function recallLock(env: NodeJS.ProcessEnv): RememberedLock | null {
  const lock = env.STATE_lock
  return lock === undefined || lock === '' ? null : JSON.parse(lock)
}

/** Leaves no lock to the post step: the run released it itself. */
export const forgetLock = (): void => saveState('lock', '')

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
