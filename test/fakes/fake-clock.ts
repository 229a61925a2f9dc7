import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../src/pipeline/ports.ts'

export interface FakeClock extends Clock {
  /** Advances time by some milliseconds, waking every sleeper on the way, each at its time. */
  advance(ms: number): Promise<void>
  /** Sets the clock, or suspends the machine: no sleeper wakes on the way, and each sleeps for as long as it still had to. */
  jump(ms: number): void
  /** The number of sleepers now. */
  sleeping(): number
}

export interface FakeClockOptions {
  readonly start?: Date
  /** True if time advances by itself to the next sleeper once no other work is left. */
  readonly flows?: boolean
}

/**
 * Virtual time: hours pass at once, and always in the same order. A clock that flows does so between two turns of the
 * event loop, so it must not be mixed with real input and output, which would seem to take hours.
 */
export function createFakeClock({
  start = new Date('2026-03-02T09:00:00Z'),
  flows = true,
}: FakeClockOptions = {}): FakeClock {
  let time = start.getTime()
  let flowing = false
  const sleepers = new Set<{ due: number; wake(): void }>()

  const nextDue = () => Math.min(...[...sleepers].map(({ due }) => due))

  function wakeAt(due: number): void {
    time = Math.max(time, due)
    for (const sleeper of sleepers) if (sleeper.due <= time) sleeper.wake()
  }

  async function flow(): Promise<void> {
    if (flowing) return
    flowing = true
    await turn()
    while (nextDue() < Number.POSITIVE_INFINITY) {
      wakeAt(nextDue())
      await turn()
    }
    flowing = false
  }

  return {
    now: () => new Date(time),
    sleep(ms, signal) {
      if (signal?.aborted || ms <= 0) return Promise.resolve()
      return new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { due: time + ms, wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake)
        if (flows) void flow()
      })
    },
    async advance(ms) {
      const until = time + ms
      await turn()
      while (nextDue() <= until) {
        wakeAt(nextDue())
        await turn()
      }
      time = Math.max(time, until)
    },
    jump(ms) {
      time += ms
      for (const sleeper of sleepers) sleeper.due += ms
    },
    sleeping: () => sleepers.size,
  }
}
