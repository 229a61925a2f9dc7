import { setTimeout as delay } from 'node:timers/promises'

/** Asks every 20 ms until the answer is true; false when that was not within the given time. */
export async function until(condition, milliseconds) {
  const deadline = Date.now() + milliseconds
  while (!(await condition())) {
    if (Date.now() > deadline) return false
    await delay(20)
  }
  return true
}
