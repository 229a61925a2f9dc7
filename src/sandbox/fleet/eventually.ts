import { setTimeout as delay } from 'node:timers/promises'

/**
 * Polls every 10 ms until the condition holds; rejects, with its name, after `longest` milliseconds. A minute
 * allows for a busy machine: a test that passes is not slower for it.
 */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  longest = 60_000,
): Promise<void> {
  const deadline = Date.now() + longest
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Not within ${longest} ms: ${what}`)
    await delay(10)
  }
}
