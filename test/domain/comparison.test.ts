import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareFigures, readFigures } from '../../src/domain/rolling/comparison.ts'

describe('figures', () => {
  test.each([
    ['{"p95": 120, "errors": 0, "name": "web"}', { p95: 120, errors: 0 }],
    ['{"name": "web"}', null],
    ['[1, 2]', null],
    ['null', null],
    ['1', null],
    ['<html>', null],
    ['{"p95": 1e999}', null],
  ])('%s are %j', (text, figures) => {
    expect(readFigures(text)).toEqual(figures)
  })
})

describe('the test bed against the others', () => {
  test.each([
    [110, 100, 0.1, 'better-or-equal'],
    [111, 100, 0.1, 'worse'],
    [0, 0, 0.1, 'better-or-equal'],
    [1, 0, 0.1, 'worse'],
    [-1, -2, 0.1, 'worse'],
    [5, 100, 0, 'better-or-equal'],
  ])('%f against %f with %f of tolerance is %s', (here, there, tolerance, kind) => {
    expect(compareFigures([{ it: here }], [{ it: there }], tolerance).kind).toBe(kind)
  })

  test('means are compared, figure by figure, and all of them are shown', () => {
    const verdict = compareFigures(
      [
        { p95: 100, errors: 2 },
        { p95: 140, errors: 4 },
      ],
      [{ p95: 120, errors: 1, only: 1 }],
      0.1,
    )
    expect(verdict).toEqual({
      kind: 'worse',
      what: 'The test bed is worse: errors is 3, the others have 1.',
      tail: ['p95: 120, the others 120', 'errors: 3, the others 1'],
    })
  })

  test('against itself nothing is ever worse', () => {
    const some = fc.array(fc.dictionary(fc.constantFrom('a', 'b'), fc.integer()), {
      minLength: 1,
      maxLength: 5,
    })
    fc.assert(
      fc.property(some, fc.double({ min: 0, max: 1, noNaN: true }), (figures, tolerance) => {
        expect(compareFigures(figures, figures, tolerance).kind).not.toBe('worse')
      }),
    )
  })
})
