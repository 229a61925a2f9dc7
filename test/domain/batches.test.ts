import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nextBatch, plannedBatches, rolloutLimits } from '../../src/domain/rolling/batches.ts'
import { aService, count, percent } from './a-plan.ts'

const limits = (total: number, rollout: Parameters<typeof aService>[2]) =>
  rolloutLimits(aService('web', total, rollout).rollout, total)

describe('the limits of a rollout', () => {
  test.each([
    ['three of ten', 10, { maxParallel: count(3) }, { width: 3, floor: 7 }],
    ['25% of ten, rounded down', 10, { maxParallel: percent(25) }, { width: 2, floor: 8 }],
    ['25% of three, but at least one', 3, { maxParallel: percent(25) }, { width: 1, floor: 2 }],
    ['100%, but never the last one', 4, { maxParallel: percent(100) }, { width: 4, floor: 1 }],
    ['more than there are', 2, { maxParallel: count(9) }, { width: 2, floor: 1 }],
    ['a floor of its own', 5, { maxParallel: count(2), minAvailable: count(4) }, { width: 2, floor: 4 }],
    ['a floor in percent', 5, { minAvailable: percent(50) }, { width: 1, floor: 2 }],
    ['a floor in percent, at least one', 3, { minAvailable: percent(10) }, { width: 1, floor: 1 }],
    ['no floor, said so', 3, { minAvailable: count(0), maxParallel: count(3) }, { width: 3, floor: 0 }],
    ['a floor above the total', 3, { minAvailable: count(5) }, { width: 1, floor: 3 }],
    ['the only one, accepted', 1, { acceptDowntime: true }, { width: 1, floor: 0 }],
    [
      'the only one, accepted, of a share',
      1,
      { acceptDowntime: true, minAvailable: percent(50) },
      { width: 1, floor: 0 },
    ],
    [
      'the only one, of which the plan asks whether it may',
      1,
      { acceptDowntime: false, minAvailable: count(1) },
      { width: 1, floor: 0 },
    ],
  ])('%s', (_title, total, rollout, expected) => {
    expect(limits(total, rollout)).toEqual(expected)
  })

  test('without a setting one instance is taken at a time WX-12', () => {
    expect(limits(6, {})).toEqual({ width: 1, floor: 5 })
  })

  test('whatever the width, one of two or more stays in traffic unless the config says otherwise CC-21', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 1, max: 200 }), (total, share) => {
        expect(limits(total, { maxParallel: percent(share) }).floor).toBeGreaterThanOrEqual(1)
      }),
    )
  })
})

describe('the next batch', () => {
  const up = (names: string, down = '') =>
    new Map([
      ...[...names].map((name) => [name, true] as const),
      ...[...down].map((name) => [name, false] as const),
    ])

  test.each([
    ['as many as the width', 'abcd', up('abcd'), { width: 2, floor: 0 }, 'ab'],
    ['no more than the floor leaves', 'abcd', up('abcd'), { width: 3, floor: 3 }, 'a'],
    ['none when the floor leaves none', 'ab', up('abc'), { width: 1, floor: 3 }, ''],
    ['one that is down already costs nothing', 'ab', up('bc', 'a'), { width: 1, floor: 2 }, 'a'],
    ['one that is down counts against the rest', 'bc', up('bc', 'a'), { width: 2, floor: 1 }, 'b'],
    [
      'a later one that is down goes before one that must stay',
      'abc',
      up('ab', 'c'),
      { width: 2, floor: 2 },
      'c',
    ],
    ['below the floor already only those that are down', 'abc', up('a', 'bc'), { width: 3, floor: 2 }, 'bc'],
    ['nothing pending, nothing taken', '', up('abc'), { width: 2, floor: 0 }, ''],
  ])('takes %s', (_title, pending, available, bounds, expected) => {
    expect(nextBatch([...pending], available, bounds)).toEqual([...expected])
  })
})

describe('the planned batches', () => {
  test('take every instance once, in order, and never more than the width WX-12', () => {
    expect(plannedBatches(['a', 'b', 'c', 'd', 'e'], { width: 2, floor: 3 })).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ])
  })

  test('are none when no instance may be taken', () => {
    expect(plannedBatches(['a', 'b'], { width: 1, floor: 2 })).toEqual([])
  })

  test('leave the floor standing, for any number and any limits CC-21', () => {
    const bounds = fc.record({ width: fc.integer({ min: 1, max: 20 }), floor: fc.nat({ max: 20 }) })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), bounds, (total, { width, floor }) => {
        const names = Array.from({ length: total }, (_, at) => `i${at}`)
        const batches = plannedBatches(names, { width, floor })
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(width)
          expect(total - batch.length).toBeGreaterThanOrEqual(floor)
        }
        expect(batches.flat()).toEqual(floor < total ? names : [])
      }),
    )
  })
})
