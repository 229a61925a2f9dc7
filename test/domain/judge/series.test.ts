import { describe, expect, test } from 'vitest'
import { isSeries, readSeries } from '../../../src/domain/judge/series.ts'

const at = '2026-11-30T12:00:00Z'
const then = Date.parse(at)

describe('figures that a probe answers with', () => {
  test.each([
    ['an object is a reading of now', '{"p95": 120, "name": "web"}', [{ at: null, figures: { p95: 120 } }]],
    [
      'a rate comes with its count',
      '{"errors": {"count": 3, "of": 500}, "lost": {"count": 2}, "bad": {"count": 1, "total": 9}}',
      [
        {
          at: null,
          figures: { bad: { count: 1, of: 9 }, errors: { count: 3, of: 500 }, lost: { count: 2, of: 1 } },
        },
      ],
    ],
    [
      'an array is a series in the order of its times',
      `[{"at": ${then / 1000 + 60}, "p95": 2}, {"at": "${at}", "p95": 1}]`,
      [
        { at: then, figures: { p95: 1 } },
        { at: then + 60_000, figures: { p95: 2 } },
      ],
    ],
    [
      'an object a line is a series',
      `{"at": "${at}", "p95": 1}\n\n{"at": "${at}", "p95": 2}\n`,
      [
        { at: then, figures: { p95: 1 } },
        { at: then, figures: { p95: 2 } },
      ],
    ],
    ['a reading of a series without a time is left out', '[{"p95": 1}]', null],
    ['a line that is no JSON spoils the series', `{"at": "${at}", "p95": 1}\n{"at"`, null],
    ['a rate among none is no figure', '{"errors": {"count": 0, "of": 0}}', null],
    ['a negative count is no figure', '{"errors": {"count": -1, "of": 5}}', null],
    ['a number without end is no figure', '{"p95": 1e999}', null],
    ['an empty series is no figure', '[]', null],
    ['a page is no figure', '<html>', null],
    ['nothing is no figure', '', null],
  ])('%s', (_title, text, readings) => {
    expect(readSeries(text)).toEqual(readings)
  })

  test('a series is told from a single reading', () => {
    expect(isSeries(readSeries(`[{"at": "${at}", "p95": 1}]`) ?? [])).toBe(true)
    expect(isSeries(readSeries('{"p95": 1}') ?? [])).toBe(false)
  })
})
