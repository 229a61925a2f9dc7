/** Returns true if main left anything to close: a ledger that it may hold, or statuses that are not written yet. */
export const leftOpen = ({ STATE_lock, STATE_unsaid }: NodeJS.ProcessEnv): boolean =>
  Boolean(STATE_lock) || Boolean(STATE_unsaid)
