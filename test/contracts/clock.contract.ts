import { describe, expect, test } from 'vitest'
import type { Clock } from '../../src/pipeline/ports.ts'

/** Milliseconds by which a timer of the platform may seem early, since clocks are read in whole milliseconds. */
const ROUNDING = 1

/** The clock itself is held here: its sleeps are what a test waits for, and short where they run to their end. */
export function clockContract(name: string, makeClock: () => Clock): void {
  describe(`the clock contract, by ${name}`, () => {
    test('after a sleep so much time has passed', async () => {
      const clock = makeClock()
      const before = clock.now().getTime()
      await clock.sleep(20)
      expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(20 - ROUNDING)
    })

    test('the shorter sleep ends first', async () => {
      const clock = makeClock()
      const awake: string[] = []
      await Promise.all([
        clock.sleep(40).then(() => awake.push('long')),
        clock.sleep(5).then(() => awake.push('short')),
      ])
      expect(awake).toEqual(['short', 'long'])
    })

    test('an abort ends a sleep, without an error', async () => {
      const clock = makeClock()
      const abort = new AbortController()
      const sleep = clock.sleep(3_600_000, abort.signal)
      abort.abort()
      await expect(sleep).resolves.toBeUndefined()
    })

    test('under a signal that is aborted already nobody sleeps', async () => {
      const clock = makeClock()
      const before = clock.now().getTime()
      await clock.sleep(3_600_000, AbortSignal.abort())
      expect(clock.now().getTime() - before).toBeLessThan(1000)
    })

    test('a sleep of no time, or less, ends', async () => {
      const clock = makeClock()
      await expect(Promise.all([clock.sleep(0), clock.sleep(-5)])).resolves.toHaveLength(2)
    })
  })
}
