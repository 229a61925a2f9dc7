import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks every 10 ms until the condition holds; rejects, naming what was awaited, after `longest` milliseconds. A minute
 * is for machines that have other work: nothing is slower for it that goes well.
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
