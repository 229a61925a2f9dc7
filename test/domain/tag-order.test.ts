import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newestFirst } from '../../src/domain/release/tag-order.ts'

test.each([
  [
    ['v1.9.0', 'v1.10.0', 'v1.2.0'],
    ['v1.10.0', 'v1.9.0', 'v1.2.0'],
  ],
  [
    ['v1.2.0-rc.2', 'v1.2.0', 'v1.2.0-rc.10', 'v1.1.9'],
    ['v1.2.0', 'v1.2.0-rc.10', 'v1.2.0-rc.2', 'v1.1.9'],
  ],
  [
    ['2026-11-02', '2026-01-30', '2025-12-31'],
    ['2026-11-02', '2026-01-30', '2025-12-31'],
  ],
  [
    ['shop/v2.0.0', 'shop/v10.0.0'],
    ['shop/v10.0.0', 'shop/v2.0.0'],
  ],
])('%j is, the newest first, %j', (tags, expected) => {
  expect([...tags].sort(newestFirst)).toEqual(expected)
})

const tags = fc.array(fc.oneof(fc.stringMatching(/^v\d\.\d\d?\.\d(-rc\.\d)?$/), fc.string()), {
  maxLength: 8,
})

test('the order does not depend on how they come', () => {
  fc.assert(
    fc.property(tags, (some) => {
      const each = [...new Set(some)]
      expect([...each].reverse().sort(newestFirst)).toEqual(each.sort(newestFirst))
    }),
  )
})
