import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  nextBatch,
  type Pace,
  plannedBatches,
  rolloutLimits,
  sizeAfter,
} from '../../src/domain/rolling/batches.ts'
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
    [
      'batches of their own sizes',
      8,
      { batches: [count(1), percent(25), percent(100)] },
      { width: 8, sizes: [1, 2, 8], floor: 1 },
    ],
    [
      'batches that never leave more than three',
      8,
      { batches: [percent(1), count(3)] },
      { width: 3, sizes: [1, 3], floor: 5 },
    ],
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
    expect(limits(total, rollout)).toEqual({ sizes: [], ...expected })
  })

  test('without a setting one instance is taken at a time WX-12', () => {
    expect(limits(6, {})).toEqual({ width: 1, sizes: [], floor: 5 })
  })

  test('whatever the width, one of two or more stays in traffic unless the config says otherwise CC-21', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 50 }), fc.integer({ min: 1, max: 200 }), (total, share) => {
        expect(limits(total, { maxParallel: percent(share) }).floor).toBeGreaterThanOrEqual(1)
      }),
    )
  })
})

describe('the size of the next batch', () => {
  const pace = { width: 10, sizes: [1, 3, 10], floor: 0 }

  test.each([
    [0, 1],
    [1, 3],
    [2, 3],
    [3, 3],
    [4, 10],
    [13, 10],
    [90, 10],
  ])('with %i done is %i at most', (done, size) => {
    expect(sizeAfter(done, pace)).toBe(size)
  })

  test('is the width where no sizes are set', () => {
    expect(sizeAfter(7, { width: 4, sizes: [], floor: 0 })).toBe(4)
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
    expect(plannedBatches(['a', 'b', 'c', 'd', 'e'], { width: 2, sizes: [], floor: 3 })).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ])
  })

  test('are none when no instance may be taken', () => {
    expect(plannedBatches(['a', 'b'], { width: 1, sizes: [], floor: 2 })).toEqual([])
  })

  test('grow as their sizes say, and the last size repeats', () => {
    const sizes = (total: number, floor: number) =>
      plannedBatches(namesOf(total), { width: 4, sizes: [1, 2, 4], floor }).map(({ length }) => length)
    expect(sizes(12, 0)).toEqual([1, 2, 4, 4, 1])
    expect(sizes(12, 9)).toEqual([1, 2, 3, 3, 3])
  })

  test('never mix two zones, and take instances without one apart', () => {
    const zones = new Map(Object.entries({ a: 'x', b: 'y', c: 'x', d: 'y', f: 'x' }))
    const taking = { keepsTraffic: false, zones }
    expect(plannedBatches([...'abcdef'], { width: 2, sizes: [], floor: 0 }, [], taking)).toEqual([
      ['a', 'c'],
      ['b', 'd'],
      ['e'],
      ['f'],
    ])
  })

  test('hold every instance once, keep to their sizes, mix no zones, and leave the floor standing CC-21', () => {
    fc.assert(
      fc.property(placed, paces, fc.boolean(), ({ names, zones, first }, pace, keepsTraffic) => {
        const batches = plannedBatches(names, pace, first, { keepsTraffic, zones })
        let done = 0
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(sizeAfter(done, pace))
          expect(new Set(batch.map((name) => zones.get(name))).size).toBe(1)
          if (!keepsTraffic) expect(names.length - batch.length).toBeGreaterThanOrEqual(pace.floor)
          done += batch.length
        }
        const roomy = keepsTraffic ? pace.floor <= names.length : pace.floor < names.length
        expect(batches.flat().toSorted()).toEqual(roomy ? names.toSorted() : [])
      }),
    )
  })
})

/** Instances, perhaps in zones, some of which are the test bed. */
const placed = fc
  .array(fc.record({ zone: fc.constantFrom('', 'a', 'b', 'c'), bed: fc.boolean() }), {
    minLength: 1,
    maxLength: 30,
  })
  .map((made) => {
    const named = made.map((one, at) => ({ ...one, name: `i${at}` }))
    return {
      names: named.map(({ name }) => name),
      zones: new Map(named.filter(({ zone }) => zone !== '').map(({ name, zone }) => [name, zone] as const)),
      first: named.filter(({ bed }) => bed).map(({ name }) => name),
    }
  })

const namesOf = (total: number): string[] => Array.from({ length: total }, (_, at) => `i${at}`)

const paces: fc.Arbitrary<Pace> = fc
  .record({
    width: fc.integer({ min: 1, max: 20 }),
    sizes: fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 4 }),
    floor: fc.nat({ max: 20 }),
  })
  .map(({ width, sizes, floor }) => ({ width: Math.max(width, ...sizes), sizes, floor }))
