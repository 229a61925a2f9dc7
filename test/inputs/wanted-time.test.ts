import { describe, expect, test } from 'vitest'
import { readWantedTime } from '../../src/inputs/wanted-time.ts'

describe('a time that is asked for CC-15', () => {
  test.each([
    ['2026-12-01T09:00', 'Europe/Berlin', '2026-12-01T09:00 on Europe/Berlin'],
    ['2026-12-01 09:00', 'Europe/Berlin', '2026-12-01T09:00 on Europe/Berlin'],
    ['2026-12-01T09:00:00', 'UTC', '2026-12-01T09:00 on UTC'],
    ['2026-12-01T09:00Z', '', '2026-12-01T09:00:00.000Z shown in UTC'],
    ['2026-12-01T09:00:00.000Z', '', '2026-12-01T09:00:00.000Z shown in UTC'],
    ['2026-12-01T09:00+01:00', '', '2026-12-01T08:00:00.000Z shown in +01:00'],
    ['2026-12-01T09:00 -0530', '', '2026-12-01T14:30:00.000Z shown in -05:30'],
    ['2026-12-01T09:00Z', 'Asia/Kolkata', '2026-12-01T09:00:00.000Z shown in Asia/Kolkata'],
  ])('%s in %j is %s', (at, timezone, expected) => {
    const time = readWantedTime(at, timezone)
    expect(
      time.kind === 'local' ? `${time.local} on ${time.timezone}` : `${time.at} shown in ${time.timezone}`,
    ).toBe(expected)
  })

  test.each([
    ['2026-12-01T09:00', '', '2026-12-01T09:00 says no zone.'],
    ['tomorrow', 'UTC', '"tomorrow" is no time.'],
    ['2026-02-30T09:00', 'UTC', '"2026-02-30T09:00" is no time.'],
    ['2026-12-01T24:00', 'UTC', '"2026-12-01T24:00" is no time.'],
    ['2026-12-01', 'UTC', '"2026-12-01" is no time.'],
    ['09:00', 'UTC', '"09:00" is no time.'],
    ['2026-12-01T09:00:30', 'UTC', '"2026-12-01T09:00:30" is no time.'],
    ['2026-12-01T09:00+25:00', '', '"2026-12-01T09:00+25:00" is no time.'],
    ['01.12.2026 09:00', 'Europe/Berlin', '"01.12.2026 09:00" is no time.'],
    ['2026-12-01T09:00', 'CET+1', '"CET+1" is no zone.'],
    ['2026-12-01T09:00', '+01:00', '"+01:00" is no zone.'],
    ['2026-12-01T09:00', 'Europe/Berln', '"Europe/Berln" is no zone.'],
  ])('%s in %j is refused: %s', (at, timezone, what) => {
    expect(() => readWantedTime(at, timezone)).toThrow(
      expect.objectContaining({ code: 'schedule-time-invalid', what }),
    )
  })
})
