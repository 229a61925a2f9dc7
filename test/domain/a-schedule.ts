import type { EndedSchedule, Schedule, ScheduleEnd } from '../../src/domain/schedule/schedule.ts'
import { aRun } from './a-journal.ts'

/** A schedule for nine o'clock in Berlin on the first of December, an hour late at most. */
export const aSchedule = (change: Partial<Schedule> = {}): Schedule => ({
  id: 's3',
  release: { tag: 'v1.4.0', sha: '4'.repeat(40) },
  at: { at: '2026-12-01T08:00:00.000Z', local: '2026-12-01 09:00 Europe/Berlin' },
  maxLateness: 3_600_000,
  by: 'rhea',
  reason: 'the campaign begins',
  asked: '2026-11-20T10:00:00.000Z',
  run: aRun(40).url,
  from: { tag: 'v1.3.0', sha: '3'.repeat(40) },
  ...change,
})

export const anEnded = (end: ScheduleEnd, change: Partial<Schedule> = {}): EndedSchedule => ({
  ...aSchedule(change),
  end,
})
