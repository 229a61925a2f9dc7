import { describe, expect, test } from 'vitest'
import { createCalendar } from '../../src/adapters/calendar.ts'
import type { Times, Weekday } from '../../src/domain/config/times.ts'

const calendar = createCalendar()

const once = (timezone: string, from: string, to: string): Times => ({ kind: 'once', timezone, from, to })
const weekly = (
  timezone: string,
  days: readonly Weekday[],
  from: string,
  to: string,
  nights: number,
): Times => ({
  kind: 'weekly',
  timezone,
  days,
  from,
  to,
  nights,
})

/** `2026-03-29T00:30Z to 2026-03-29T02:00Z`, the first of them. */
function spans(times: Times, edges: 'wide' | 'narrow', from: string, most = 1): string[] {
  const minute = (at: string) => `${at.slice(0, 16)}Z`
  return calendar
    .spans(times, edges, new Date(from))
    .slice(0, most)
    .map((span) => `${minute(span.from.at)} to ${minute(span.to.at)}`)
}

interface Row {
  readonly what: string
  readonly times: Times
  readonly around: string
  readonly wide: string
  /** As the wide one where it is left out; null where it comes to nothing. */
  readonly narrow?: string | null
}

const table: Row[] = [
  {
    what: 'the end of the year in Berlin',
    times: once('Europe/Berlin', '2026-12-18T00:00', '2027-01-04T00:00'),
    around: '2026-12-01T00:00Z',
    wide: '2026-12-17T23:00Z to 2027-01-03T23:00Z',
  },
  {
    what: 'the same in UTC',
    times: once('UTC', '2026-12-18T00:00', '2027-01-04T00:00'),
    around: '2026-12-01T00:00Z',
    wide: '2026-12-18T00:00Z to 2027-01-04T00:00Z',
  },
  {
    what: 'a zone three quarters of an hour off',
    times: once('Asia/Kathmandu', '2026-12-31T18:00', '2027-01-01T06:00'),
    around: '2026-12-01T00:00Z',
    wide: '2026-12-31T12:15Z to 2027-01-01T00:15Z',
  },
  {
    what: 'a beginning that Berlin skips',
    times: once('Europe/Berlin', '2026-03-29T02:30', '2026-03-29T04:00'),
    around: '2026-03-01T00:00Z',
    wide: '2026-03-29T00:30Z to 2026-03-29T02:00Z',
    narrow: '2026-03-29T01:30Z to 2026-03-29T02:00Z',
  },
  {
    what: 'an end that Berlin skips',
    times: once('Europe/Berlin', '2026-03-29T01:00', '2026-03-29T02:30'),
    around: '2026-03-01T00:00Z',
    wide: '2026-03-29T00:00Z to 2026-03-29T01:30Z',
    narrow: '2026-03-29T00:00Z to 2026-03-29T00:30Z',
  },
  {
    what: 'wholly within what Berlin skips',
    times: once('Europe/Berlin', '2026-03-29T02:15', '2026-03-29T02:45'),
    around: '2026-03-01T00:00Z',
    wide: '2026-03-29T00:15Z to 2026-03-29T01:45Z',
    narrow: null,
  },
  {
    what: 'an hour that Berlin has twice',
    times: once('Europe/Berlin', '2026-10-25T02:15', '2026-10-25T02:45'),
    around: '2026-10-01T00:00Z',
    wide: '2026-10-25T00:15Z to 2026-10-25T01:45Z',
    narrow: null,
  },
  {
    what: 'a beginning that New York has twice',
    times: once('America/New_York', '2026-11-01T01:30', '2026-11-01T04:00'),
    around: '2026-10-01T00:00Z',
    wide: '2026-11-01T05:30Z to 2026-11-01T09:00Z',
    narrow: '2026-11-01T06:30Z to 2026-11-01T09:00Z',
  },
  {
    what: 'half an hour that Lord Howe skips',
    times: once('Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-04T03:00'),
    around: '2026-10-01T00:00Z',
    wide: '2026-10-03T15:15Z to 2026-10-03T16:00Z',
    narrow: '2026-10-03T15:45Z to 2026-10-03T16:00Z',
  },
  {
    what: 'half an hour that Lord Howe has twice',
    times: once('Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-05T03:00'),
    around: '2026-04-01T00:00Z',
    wide: '2026-04-04T14:45Z to 2026-04-04T16:30Z',
    narrow: '2026-04-04T15:15Z to 2026-04-04T16:30Z',
  },
  {
    what: 'a day that Apia skips',
    times: once('Pacific/Apia', '2011-12-30T00:00', '2011-12-31T00:00'),
    around: '2011-12-01T00:00Z',
    wide: '2011-12-29T10:00Z to 2011-12-30T10:00Z',
    narrow: null,
  },
  {
    what: 'over the day that Apia skips',
    times: once('Pacific/Apia', '2011-12-29T12:00', '2011-12-31T12:00'),
    around: '2011-12-01T00:00Z',
    wide: '2011-12-29T22:00Z to 2011-12-30T22:00Z',
  },
  {
    what: 'a night of Friday',
    times: weekly('Europe/Berlin', ['fri'], '16:00', '08:00', 1),
    around: '2026-12-14T00:00Z',
    wide: '2026-12-18T15:00Z to 2026-12-19T07:00Z',
  },
  {
    what: 'a weekend in which clocks go forward',
    times: weekly('Europe/Berlin', ['fri'], '16:00', '08:00', 3),
    around: '2026-03-25T00:00Z',
    wide: '2026-03-27T15:00Z to 2026-03-30T06:00Z',
  },
  {
    what: 'a weekend in which clocks go back',
    times: weekly('America/New_York', ['fri'], '16:00', '08:00', 3),
    around: '2026-10-28T00:00Z',
    wide: '2026-10-30T20:00Z to 2026-11-02T13:00Z',
  },
  {
    what: 'a night whose end New York skips',
    times: weekly('America/New_York', ['sat'], '22:00', '02:30', 1),
    around: '2026-03-05T00:00Z',
    wide: '2026-03-08T03:00Z to 2026-03-08T07:30Z',
    narrow: '2026-03-08T03:00Z to 2026-03-08T06:30Z',
  },
  {
    what: 'the night of the year’s end',
    times: weekly('Europe/Berlin', ['thu'], '22:00', '06:00', 1),
    around: '2026-12-30T00:00Z',
    wide: '2026-12-31T21:00Z to 2027-01-01T05:00Z',
  },
  {
    what: 'a night that has begun: yesterday there, today here',
    times: weekly('Asia/Kathmandu', ['mon'], '20:00', '06:00', 1),
    around: '2026-12-14T23:00Z',
    wide: '2026-12-14T14:15Z to 2026-12-15T00:15Z',
  },
]

test.each(table)('$what', ({ times, around, wide, narrow = wide }) => {
  expect(spans(times, 'wide', around)).toEqual([wide])
  // A span of no length is left out; a weekly rule would then give the next one.
  expect(spans(times, 'narrow', around)).toEqual(narrow === null ? [] : [narrow])
})

describe('around a moment', () => {
  const nights = weekly('Europe/Berlin', ['mon', 'tue'], '22:00', '06:00', 1)

  test('includes the span that has begun, and not the one that has just ended', () => {
    expect(spans(nights, 'wide', '2026-12-15T04:59Z', 2)).toEqual([
      '2026-12-14T21:00Z to 2026-12-15T05:00Z',
      '2026-12-15T21:00Z to 2026-12-16T05:00Z',
    ])
    expect(spans(nights, 'wide', '2026-12-15T05:00Z')).toEqual(['2026-12-15T21:00Z to 2026-12-16T05:00Z'])
  })

  test('they go on for a year, in order', () => {
    const all = calendar.spans(nights, 'wide', new Date('2026-12-14T12:00Z'))
    expect(all).toHaveLength(105)
    expect(all.at(-1)?.from.at).toBe('2027-12-13T21:00:00.000Z')
    expect(all.map(({ from }) => from.at)).toEqual(all.map(({ from }) => from.at).sort())
  })

  test('a fixed one is left out when it is over, or further away than a year', () => {
    const freeze = once('UTC', '2026-12-18T00:00', '2027-01-04T00:00')
    expect(spans(freeze, 'wide', '2027-01-04T00:00Z')).toEqual([])
    expect(spans(freeze, 'wide', '2025-12-01T00:00Z')).toEqual([])
  })

  test('a day that Apia skips takes no window with it of another week', () => {
    const fridays = weekly('Pacific/Apia', ['fri'], '16:00', '08:00', 1)
    expect(spans(fridays, 'narrow', '2011-12-29T00:00Z', 1)).toEqual([
      '2012-01-06T02:00Z to 2012-01-06T18:00Z',
    ])
    expect(spans(fridays, 'wide', '2011-12-29T00:00Z', 1)).toEqual(['2011-12-30T02:00Z to 2011-12-30T18:00Z'])
  })

  test('each end is shown as its clocks show it', () => {
    const [span] = calendar.spans(
      once('Asia/Kathmandu', '2026-12-31T18:00', '2027-01-01T06:00'),
      'wide',
      new Date('2026-12-01T00:00Z'),
    )
    expect(span).toEqual({
      from: { at: '2026-12-31T12:15:00.000Z', local: '2026-12-31 18:00 Asia/Kathmandu' },
      to: { at: '2027-01-01T00:15:00.000Z', local: '2027-01-01 06:00 Asia/Kathmandu' },
    })
  })
})
