import { describe, expect, test } from 'vitest'
import { bestShare } from '../../../scripts/bench/judge/best.ts'
import { judgeRows } from '../../../scripts/bench/judge/rows.ts'
import { chanceOfCount, type EventCounts, ratioAt } from '../../../src/domain/judge/counted.ts'

const counts = (change: Partial<EventCounts> = {}): EventCounts => ({
  ...{ here: 20, there: 30, expected: Math.log(1 / 3), deviation: 0, freedom: 10 },
  ...change,
})

/** The chance of more than `count` of so many, and half of that of exactly `count`. */
function binomial(count: number, all: number, share: number): number {
  const chances = [(1 - share) ** all]
  for (let at = 1; at <= all; at += 1)
    chances.push((((chances[at - 1] ?? 0) * (all - at + 1)) / at) * (share / (1 - share)))
  return chances.slice(count + 1).reduce((sum, one) => sum + one, (chances[count] ?? 0) / 2)
}

describe('the chance of a count', () => {
  test.each([
    [5, 12],
    [9, 20],
    [20, 30],
    [60, 90],
  ])('%i here and %i there is that of the binomial distribution', (here, there) => {
    const exact = binomial(here, here + there, 1 / 4)
    expect(Math.abs(chanceOfCount(counts({ here, there }), 0) - exact)).toBeLessThan(0.03 * exact + 0.003)
  })

  test('is greater where instances differ by themselves, and where the test bed has more by nature', () => {
    const alone = chanceOfCount(counts(), 0)
    expect(chanceOfCount(counts({ deviation: 0.2 }), 0)).toBeGreaterThan(2 * alone)
    expect(chanceOfCount(counts(), Math.log(2))).toBeGreaterThan(10 * alone)
    expect(chanceOfCount(counts({ expected: Math.log(2 / 3) }), 0)).toBeCloseTo(
      chanceOfCount(counts(), Math.log(2)),
      10,
    )
  })

  test.each([0.05, 0.5, 0.95])('has a ratio at which it is %d', (chance) => {
    const spread = counts({ deviation: 0.1 })
    expect(chanceOfCount(spread, ratioAt(spread, chance))).toBeCloseTo(chance, 4)
  })
})

test('the bound of a row is that of the most powerful test, and none is where nothing stands in the way', () => {
  const bounds = judgeRows.flatMap((row) =>
    row.what.includes('fleet of 4, with the time before') &&
    row.what.includes('instances · doubled errors, 30 expected')
      ? row.goals.map((goal) => bestShare(row, goal))
      : [],
  )
  expect(bounds.map((share) => share?.toFixed(3))).toEqual(['0.947'])
  const identical = judgeRows.find(({ what }) => what.includes('identical: errors, mean 1'))
  expect(identical?.goals.map((goal) => bestShare(identical, goal))).toEqual([null])
})
