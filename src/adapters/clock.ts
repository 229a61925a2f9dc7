import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../pipeline/ports.ts'

/** The longest a timer of the platform can be set for; beyond it a timer fires at once. About 24 days. */
export const LONGEST_TIMER = 2 ** 31 - 1

export function createClock(): Clock {
  return {
    now: () => new Date(),
    async sleep(ms, signal) {
      const time = Math.min(Math.max(ms, 0), LONGEST_TIMER)
      await delay(time, undefined, signal && { signal }).catch(ignoreAbort)
    },
  }
}

/** An abort is the only reason for which a timer rejects, and it means: awake. */
function ignoreAbort(): void {}
