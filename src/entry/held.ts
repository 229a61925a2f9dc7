import { saveState } from '@actions/core'

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
