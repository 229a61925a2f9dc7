import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeLimits } from '../../src/domain/bake/limits.ts'
import type { Figures } from '../../src/domain/judge/series.ts'

const minute = 60_000
const stretch = { from: 0, until: 10 * minute }

/** A reading each minute. */
const each = (figures: (minute: number) => Figures, minutes = 10) =>
  Array.from({ length: minutes }, (_, at) => ({ at: (at + 1) * minute, figures: figures(at) }))

describe('the figures of a bake', () => {
  test('are within their limits, each with the worst of it', () => {
    expect(
      judgeLimits(
        each((at) => ({ p95: 100 + at })),
        { p95: 200 },
        stretch,
      ),
    ).toEqual({
      kind: 'within',
      what: 'p95 109, at most 200, in 10 readings',
      lines: ['p95 109, at most 200, in 10 readings'],
    })
  })

  test('exceed a limit by one reading of a number, also in a series with a hole', () => {
    expect(
      judgeLimits(
        each((at) => ({ p95: at === 3 ? 201 : 1 })),
        { p95: 200 },
        stretch,
      ).kind,
    ).toBe('exceeded')
    expect(judgeLimits([{ at: minute, figures: { p95: 201 } }], { p95: 200 }, stretch).kind).toBe('exceeded')
  })

  test('that are rates count together: one error among two requests of a thousand is no half', () => {
    const rate = (at: number): Figures => ({ errors: at === 0 ? { count: 1, of: 2 } : { count: 0, of: 111 } })
    expect(judgeLimits(each(rate), { errors: 0.01 }, stretch).kind).toBe('within')
    expect(
      judgeLimits(
        each(() => ({ errors: { count: 2, of: 100 } })),
        { errors: 0.01 },
        stretch,
      ).kind,
    ).toBe('exceeded')
  })

  test.each([
    ['none of them', []],
    ['a beginning alone', each(() => ({ p95: 1 }), 3)],
    ['readings of another time', [{ at: 11 * minute, figures: { p95: 1 } }]],
    ['readings of now, without a time', [{ at: null, figures: { p95: 1 } }]],
    ['another figure', each(() => ({ p99: 1 }))],
    ['the figure in the first reading alone', each((at) => (at === 0 ? { p95: 1, p99: 1 } : { p99: 1 }))],
  ])('with %s are no ground for a good verdict', (_title, readings) => {
    expect(judgeLimits(readings, { p95: 200 }, stretch).kind).toBe('inconclusive')
  })

  test('are never within where a reading of a number is above its limit, or where a fifth of the time is unseen', () => {
    const reading = fc.record({
      at: fc.integer({ min: 0, max: 10 * minute }),
      p95: fc.integer({ min: 0, max: 250 }),
    })
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 20 }), (seen) => {
        const readings = seen.map(({ at, p95 }) => ({ at, figures: { p95 } })).toSorted((a, b) => a.at - b.at)
        if (judgeLimits(readings, { p95: 200 }, stretch).kind !== 'within') return
        expect(Math.max(...seen.map(({ p95 }) => p95))).toBeLessThanOrEqual(200)
        const times = [0, ...readings.map(({ at }) => at), 10 * minute]
        expect(Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? 0)))).toBeLessThanOrEqual(
          2 * minute,
        )
      }),
    )
  })
})
