import { saveState } from '@actions/core'
import type { Unsaid } from '../../pipeline/run/statement.ts'

/** Which ledger this run may hold. */
export interface Held {
  readonly app: string
  readonly environment: string
}

/** Kept before the ledger is written: a run can be killed right after. */
export const rememberHold = (app: string, environment: string): void =>
  saveState('held', JSON.stringify({ app, environment } satisfies Held))

/** What main remembered, or null when it never got that far. */
export function recallHold(env: NodeJS.ProcessEnv): Held | null {
  const held = env.STATE_held
  return held === undefined || held === '' ? null : JSON.parse(held)
}

/** Nothing is left for a later step: the run let go by itself. */
export const forgetHold = (): void => saveState('held', '')

/** What the record should say and could not be told: the step that runs after this one tries again. */
export const rememberUnsaid = (unsaid: readonly Unsaid[]): void =>
  saveState('unsaid', unsaid.length === 0 ? '' : JSON.stringify(unsaid))

export function recallUnsaid(env: NodeJS.ProcessEnv): readonly Unsaid[] {
  const unsaid = env.STATE_unsaid
  return unsaid === undefined || unsaid === '' ? [] : JSON.parse(unsaid)
}

/** Main ended by itself on a problem: for the step that runs after it, it was not lost. */
export const rememberBreak = (): void => saveState('broke', 'true')

export const recallBreak = (env: NodeJS.ProcessEnv): boolean => env.STATE_broke === 'true'
