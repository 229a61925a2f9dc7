import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../src/domain/journal/outcome.ts'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Underway } from '../../src/domain/ledger/underway.ts'
import {
  outcomeState,
  type RequestState,
  scheduleState,
  underwayState,
} from '../../src/domain/schedule/request-state.ts'
import {
  dueAt,
  findSchedule,
  type Schedule,
  type ScheduleEnd,
  withEnd,
  withSchedule,
} from '../../src/domain/schedule/schedule.ts'
import { aPast } from './a-ledger.ts'
import { aPlan, newer } from './a-plan.ts'
import { anEnded, aSchedule } from './a-schedule.ts'

const end: ScheduleEnd = { kind: 'withdrawn', at: '2026-11-21T12:00:00.000Z', by: 'nora', reason: 'no' }
const empty = emptyLedger('shop', 'production')

/** A schedule without an ID. */
function wanted(change: Partial<Schedule> = {}): Omit<Schedule, 'id'> {
  const { id: _none, ...rest } = aSchedule(change)
  return rest
}

/** Asks for schedules and withdraws each at once. */
function withdrawn(times: number, before: Ledger = empty): Ledger {
  let ledger = before
  for (let left = times; left > 0; left--) {
    const [next, { id }] = withSchedule(ledger, wanted())
    ledger = withEnd(next, id, end)
  }
  return ledger
}

describe('schedules in a ledger', () => {
  test('the last fifty that have ended, and no id a second time, even when the highest is forgotten', () => {
    const [kept] = withSchedule(withdrawn(55), wanted())
    expect(kept.schedules).toMatchObject({ last: 56, pending: [{ id: 's56' }] })
    expect(kept.schedules?.ended.map(({ id }) => id)).toEqual(
      Array.from({ length: 50 }, (_, back) => `s${55 - back}`),
    )
    expect(findSchedule(kept, 's5')).toBeNull()
    expect(findSchedule(kept, 's6')).toMatchObject({ end: { kind: 'withdrawn' } })
  })

  test('one that does not wait is not ended again', () => {
    const ledger = withdrawn(1)
    expect(withEnd(ledger, 's1', { kind: 'missed', at: '', late: 1 })).toBe(ledger)
  })

  test('the earlier one waits first, and of two at the same time the one that was asked for first', () => {
    const at = (hour: string) => ({
      at: { at: `2026-12-01T${hour}:00:00.000Z`, local: `2026-12-01 ${hour}:00 UTC` },
    })
    const ledger = ['09', '08', '09', '07'].reduce(
      (before, hour) => withSchedule(before, wanted(at(hour)))[0],
      empty,
    )
    expect(ledger.schedules?.pending.map(({ id }) => id)).toEqual(['s4', 's2', 's1', 's3'])
  })
})

test.each([
  ['2026-12-01T07:59:59.999Z', 'early'],
  ['2026-12-01T08:00:00.000Z', 'due'],
  ['2026-12-01T09:00:00.000Z', 'due'],
  ['2026-12-01T09:00:00.001Z', 'late'],
])('at %s a schedule for eight is %s CC-14 CC-17', (now, expected) => {
  expect(dueAt(aSchedule(), new Date(now))).toBe(expected)
})

describe('the state of a request is one of seven words CC-27', () => {
  const underway = (record: number | null): Underway => ({
    ...{
      number: 7,
      plan: aPlan(),
      journal: [],
      holder: null,
      preDeploy: null,
      build: null,
      checkCompatibility: null,
    },
    record,
  })
  const failed: Outcome = { kind: 'failed', failure: { code: 'x', what: 'x', tail: [] }, stays: [] }
  const good: Outcome = { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null }
  const started: ScheduleEnd = { kind: 'started', at: '', deployment: 7, late: 0 }
  const problem = { code: 'frozen', what: '', why: '', next: '' } as const
  const nothing = { deployment: null, history: [] }
  const run = { id: 1, attempt: 1, url: '' }

  test.each<[string, RequestState, RequestState]>([
    ['waits', scheduleState(aSchedule(), nothing), 'scheduled'],
    ['was handed to a run', scheduleState(aSchedule({ handed: run }), nothing), 'submitted'],
    ['was withdrawn', scheduleState(anEnded(end), nothing), 'cancelled'],
    ['was missed', scheduleState(anEnded({ kind: 'missed', at: '', late: 1 }), nothing), 'missed'],
    ['was refused', scheduleState(anEnded({ kind: 'refused', at: '', problem }), nothing), 'failed'],
    [
      'began, and waits',
      scheduleState(anEnded(started), { ...nothing, deployment: underway(null) }),
      'submitted',
    ],
    [
      'began to change',
      scheduleState(anEnded(started), { ...nothing, deployment: underway(5) }),
      'in-progress',
    ],
    [
      'began, and succeeded',
      scheduleState(anEnded(started), { ...nothing, history: [aPast(newer, { number: 7, outcome: good })] }),
      'completed',
    ],
    [
      'began, and failed',
      scheduleState(anEnded(started), {
        ...nothing,
        history: [aPast(newer, { number: 7, outcome: failed })],
      }),
      'failed',
    ],
    ['is a deployment that asks to be approved', underwayState(underway(null)), 'submitted'],
    [
      'is a deployment that was taken back',
      outcomeState({ kind: 'rolled-back', failure: null, forced: [], excluded: [] }),
      'failed',
    ],
    ['is one that was rejected', outcomeState({ kind: 'rejected', by: '', reason: '' }), 'cancelled'],
    ['is one that was cancelled', outcomeState({ kind: 'cancelled', why: '', stays: [] }), 'cancelled'],
  ])('one that %s is %s', (_what, state, expected) => {
    expect(state).toBe(expected)
  })
})
