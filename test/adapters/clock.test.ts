import { expect, test } from 'vitest'
import { createClock } from '../../src/adapters/clock.ts'
import { clockContract } from '../contracts/clock.contract.ts'

clockContract('the platform', createClock)

test('a sleep beyond the longest timer does not end at once', async () => {
  const abort = new AbortController()
  const clock = createClock()
  const first = await Promise.race([
    clock.sleep(Number.POSITIVE_INFINITY, abort.signal).then(() => 'the long one'),
    // Long enough for a timer that overflowed to end first.
    clock.sleep(20).then(() => 'the short one'),
  ])
  abort.abort()
  expect(first).toBe('the short one')
})
