import { describe, expect, test } from 'vitest'
import { createCalendar } from '../../src/adapters/calendar.ts'

const calendar = createCalendar()

/** `2026-12-01T08:00Z`; of two readings both, with what is written for each. */
function read(local: string, timezone: string): string {
  const found = calendar.readings(local, timezone)
  const minute = (at: string) => `${at.slice(0, 16)}Z`
  if (found.kind === 'once') return minute(found.moment.at)
  return `${found.kind}: ${found.readings.map(({ moment, written }) => `${minute(moment.at)} by ${written}`).join(', ')}`
}

interface Row {
  readonly what: string
  readonly local: string
  readonly zone: string
  readonly is: string
}

const table: Row[] = [
  {
    what: 'a morning in Berlin, in winter',
    local: '2026-12-01T09:00',
    zone: 'Europe/Berlin',
    is: '2026-12-01T08:00Z',
  },
  { what: 'the same in summer', local: '2026-07-01T09:00', zone: 'Europe/Berlin', is: '2026-07-01T07:00Z' },
  { what: 'the same in UTC', local: '2026-12-01T09:00', zone: 'UTC', is: '2026-12-01T09:00Z' },
  {
    what: 'a time that Berlin skips',
    local: '2026-03-29T02:30',
    zone: 'Europe/Berlin',
    is: 'skipped: 2026-03-29T00:30Z by 2026-03-29T01:30+01:00, 2026-03-29T01:30Z by 2026-03-29T03:30+02:00',
  },
  {
    what: 'the first minute that it skips',
    local: '2026-03-29T02:00',
    zone: 'Europe/Berlin',
    is: 'skipped: 2026-03-29T00:00Z by 2026-03-29T01:00+01:00, 2026-03-29T01:00Z by 2026-03-29T03:00+02:00',
  },
  {
    what: 'the first minute after that',
    local: '2026-03-29T03:00',
    zone: 'Europe/Berlin',
    is: '2026-03-29T01:00Z',
  },
  {
    what: 'a time that Berlin has twice',
    local: '2026-10-25T02:30',
    zone: 'Europe/Berlin',
    is: 'twice: 2026-10-25T00:30Z by 2026-10-25T02:30+02:00, 2026-10-25T01:30Z by 2026-10-25T02:30+01:00',
  },
  {
    what: 'the last minute before that',
    local: '2026-10-25T01:59',
    zone: 'Europe/Berlin',
    is: '2026-10-24T23:59Z',
  },
  {
    what: 'the first minute after it',
    local: '2026-10-25T03:00',
    zone: 'Europe/Berlin',
    is: '2026-10-25T02:00Z',
  },
  {
    what: 'a time that New York skips',
    local: '2026-03-08T02:15',
    zone: 'America/New_York',
    is: 'skipped: 2026-03-08T06:15Z by 2026-03-08T01:15-05:00, 2026-03-08T07:15Z by 2026-03-08T03:15-04:00',
  },
  {
    what: 'midnight at the end of a year',
    local: '2027-01-01T00:00',
    zone: 'Europe/Berlin',
    is: '2026-12-31T23:00Z',
  },
  {
    what: 'a midnight that Santiago skips, south of the equator',
    local: '2026-09-06T00:00',
    zone: 'America/Santiago',
    is: 'skipped: 2026-09-06T03:00Z by 2026-09-05T23:00-04:00, 2026-09-06T04:00Z by 2026-09-06T01:00-03:00',
  },
  {
    what: 'an hour before midnight that Santiago has twice',
    local: '2026-04-04T23:30',
    zone: 'America/Santiago',
    is: 'twice: 2026-04-05T02:30Z by 2026-04-04T23:30-03:00, 2026-04-05T03:30Z by 2026-04-04T23:30-04:00',
  },
  {
    what: 'a time that Sydney skips in October',
    local: '2026-10-04T02:30',
    zone: 'Australia/Sydney',
    is: 'skipped: 2026-10-03T15:30Z by 2026-10-04T01:30+10:00, 2026-10-03T16:30Z by 2026-10-04T03:30+11:00',
  },
  {
    what: 'a half hour that Lord Howe skips: its clocks go forward by half an hour',
    local: '2026-10-04T02:15',
    zone: 'Australia/Lord_Howe',
    is: 'skipped: 2026-10-03T15:15Z by 2026-10-04T01:45+10:30, 2026-10-03T15:45Z by 2026-10-04T02:45+11:00',
  },
  {
    what: 'a half hour that Lord Howe has twice',
    local: '2026-04-05T01:45',
    zone: 'Australia/Lord_Howe',
    is: 'twice: 2026-04-04T14:45Z by 2026-04-05T01:45+11:00, 2026-04-04T15:15Z by 2026-04-05T01:45+10:30',
  },
  {
    what: 'a zone half an hour off',
    local: '2026-12-01T09:00',
    zone: 'Asia/Kolkata',
    is: '2026-12-01T03:30Z',
  },
  {
    what: 'a zone three quarters of an hour off',
    local: '2026-12-01T09:00',
    zone: 'Asia/Kathmandu',
    is: '2026-12-01T03:15Z',
  },
  {
    what: 'the day before, seen from the far east',
    local: '2026-12-01T09:00',
    zone: 'Pacific/Kiritimati',
    is: '2026-11-30T19:00Z',
  },
  { what: 'the 29th of February', local: '2028-02-29T12:00', zone: 'UTC', is: '2028-02-29T12:00Z' },
]

describe('when the clocks of a zone show a time CC-15', () => {
  test.each(table)('$what', ({ local, zone, is }) => {
    expect(read(local, zone)).toBe(is)
  })

  test('either of two is written as an instant that means it alone', () => {
    for (const { local, zone } of table) {
      const found = calendar.readings(local, zone)
      if (found.kind === 'once') continue
      for (const { moment, written } of found.readings)
        expect(new Date(written).toISOString()).toBe(moment.at)
    }
  })
})

test('an instant is shown on the clocks of a zone, or of an offset', () => {
  const at = new Date('2026-12-01T08:00:00Z')
  expect(calendar.moment(at, 'Europe/Berlin')).toEqual({
    at: '2026-12-01T08:00:00.000Z',
    local: '2026-12-01 09:00 Europe/Berlin',
  })
  expect(calendar.moment(at, '+05:30').local).toBe('2026-12-01 13:30 +05:30')
  expect(calendar.moment(at, 'UTC').local).toBe('2026-12-01 08:00 UTC')
})
