import fc from 'fast-check'
import { test } from 'vitest'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import { dispatching, type HandedStates } from '../../src/domain/schedule/dispatching.ts'
import { dueAt, type ScheduleEnd, withEnd, withSchedule } from '../../src/domain/schedule/schedule.ts'
import { aRun } from './a-journal.ts'
import { aSchedule } from './a-schedule.ts'

/** One deed of a person; `id` names a schedule that may exist or not, `minute` a time on one morning. */
const deed = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), minute: fc.integer({ min: 0, max: 300 }) }),
  fc.record({
    kind: fc.constantFrom('start' as const, 'withdraw' as const),
    id: fc.integer({ min: 1, max: 12 }),
  }),
  fc.record({
    kind: fc.constant('dispatch' as const),
    minute: fc.integer({ min: 0, max: 300 }),
    handed: fc.constantFrom('live' as const, 'over' as const),
  }),
)

const at = (minute: number): Date => new Date(Date.parse('2026-12-01T06:00:00.000Z') + minute * 60_000)
const ended = (kind: 'start' | 'withdraw'): ScheduleEnd =>
  kind === 'start'
    ? { kind: 'started', at: at(0).toISOString(), deployment: 1, late: 0 }
    : { kind: 'withdrawn', at: at(0).toISOString(), by: 'nora', reason: 'no' }

type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never

function after(ledger: Ledger, what: Deed): Ledger {
  switch (what.kind) {
    case 'ask': {
      const { id: _none, ...wanted } = aSchedule({
        at: { at: at(what.minute).toISOString(), local: '' },
        from: null,
      })
      return withSchedule(ledger, wanted)[0]
    }
    case 'start':
    case 'withdraw':
      return withEnd(ledger, `s${what.id}`, ended(what.kind))
    case 'dispatch': {
      const now = at(what.minute)
      const states: HandedStates = new Map(
        ledger.schedules.pending.flatMap(({ id, handed }) =>
          handed === undefined ? [] : [[id, what.handed] as const],
        ),
      )
      const found = dispatching(ledger, now, aRun(20), states)
      if (found.due !== null && dueAt(found.due, now) !== 'due') throw new Error(`${found.due.id} is not due`)
      if (found.ledger.schedules.pending.some((one) => dueAt(one, now) === 'late'))
        throw new Error('what is too late still waits')
      if (found.due !== null && found.waiting.some(({ schedule }) => states.get(schedule.id) === 'live'))
        throw new Error('two are handed over at once')
      return found.ledger
    }
  }
}

test('whatever is done, every schedule is in one place, none ever comes back, and none is given the id of another CC-17 CC-18', () => {
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 40 }), (deeds) => {
      const gone = new Set<string>()
      let ledger = emptyLedger('shop', 'production')
      for (const what of deeds) {
        ledger = after(ledger, what)
        const { last, pending, ended } = ledger.schedules
        const ids = [...pending, ...ended].map(({ id }) => id)
        if (new Set(ids).size !== ids.length) throw new Error(`${ids.join(' ')} are not each in one place`)
        if (ids.some((id) => Number(id.slice(1)) > last)) throw new Error('an id was never given')
        if (pending.some(({ id }) => gone.has(id))) throw new Error('one that has ended waits again')
        for (const { id } of ended) gone.add(id)
        const times = pending.map((one) => Date.parse(one.at.at))
        if (times.some((time, place) => time < (times[place - 1] ?? 0))) throw new Error('not in order')
      }
    }),
    { numRuns: 500 },
  )
})
