import { describe, expect, test } from 'vitest'
import type { Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Schedules } from '../../src/domain/schedule/schedule.ts'
import { historyLines } from '../../src/report/history/lines.ts'
import { historyResult } from '../../src/report/history/output.ts'
import { historySummary } from '../../src/report/history/summary.ts'
import { planSummary } from '../../src/report/plan/plan-summary.ts'
import {
  type DispatchView,
  dispatchLines,
  dispatchResult,
  dispatchSummary,
} from '../../src/report/schedule/dispatch-report.ts'
import {
  type ScheduleView,
  scheduleLine,
  scheduleResult,
  scheduleSummary,
} from '../../src/report/schedule/report.ts'
import { statusLines } from '../../src/report/status/lines.ts'
import { statusResult } from '../../src/report/status/output.ts'
import { statusSummary } from '../../src/report/status/summary.ts'
import { aRun } from '../domain/a-journal.ts'
import { anEnded, aSchedule } from '../domain/a-schedule.ts'
import { everyDeployment } from './releases-scenario.ts'
import { planOf, servingOlder } from './scenario.ts'
import { environment, view } from './status-scenario.ts'

const json = (result: object): string => `${JSON.stringify(result, null, 2)}\n`
const now = '2026-12-01T08:03:00.000Z'
const run = aRun(99).url

const next = aSchedule()
const later = aSchedule({
  id: 's5',
  by: 'nora',
  reason: 'after | the *fair*',
  at: { at: '2026-12-07T23:30:00.000Z', local: '2026-12-08 05:00 Asia/Kolkata' },
})
const missed = anEnded({ kind: 'missed', at: '2026-11-12T10:00:00.000Z', late: 7_260_000 }, { id: 's2' })
const withdrawn = anEnded(
  { kind: 'withdrawn', at: '2026-11-10T10:00:00.000Z', by: 'nora', reason: 'not before the fair' },
  { id: 's1' },
)
const refused = anEnded(
  {
    kind: 'refused',
    at: now,
    problem: {
      code: 'frozen',
      what: 'production is frozen: year-end until 2027-01-04 00:00 Europe/Berlin (2027-01-03 23:00 UTC).',
      why: 'It is.',
      next: 'Wait.',
    },
  },
  { id: 's4' },
)
const started = anEnded({ kind: 'started', at: now, deployment: 7, late: 180_000 }, { id: 's0' })

const schedules: Schedules = { last: 5, pending: [next, later], ended: [refused, missed, withdrawn, started] }
const withSchedules = (ledger: Ledger): Ledger => ({ ...ledger, schedules })

const asked: ScheduleView = {
  outcome: 'scheduled',
  schedule: next,
  ledger: withSchedules(servingOlder),
  run,
  now,
}

test('a schedule is shown with its local time, person and reason, and the way to withdraw it CC-14 CC-34', async () => {
  const takenBack: ScheduleView = {
    ...asked,
    outcome: 'withdrawn',
    schedule: withdrawn,
    ledger: withSchedules(servingOlder),
  }
  const page = [asked, takenBack].map((one) => `${scheduleSummary(one)}\n${scheduleLine(one)}\n`).join('\n')
  await expect(page).toMatchFileSnapshot('golden/schedule.md')
  await expect(json(scheduleResult(asked))).toMatchFileSnapshot('golden/result-schedule.json')
})

describe('one that follows another CC-20', () => {
  const follows = aSchedule({
    id: 's5',
    after: 's3',
    release: { tag: 'v1.5.0', sha: '5'.repeat(40) },
    from: next.release,
    at: later.at,
  })
  const ledger = { ...servingOlder, schedules: { last: 5, pending: [next, follows], ended: [] } }

  test('says which, and what it is to bring, wherever it is shown', () => {
    expect(scheduleSummary({ ...asked, schedule: follows, ledger })).toContain(
      '| in place of | v1.4.0, which `s3` is to bring |',
    )
    expect(scheduleSummary({ ...asked, ledger })).toContain('(2026-12-07 23:30 UTC), after `s3` |')
    expect(scheduleResult({ ...asked, schedule: follows, ledger }).schedule.after).toBe('s3')
  })

  test('is warned of when that is withdrawn, or when something is put between', () => {
    const words = '`s5` (v1.5.0) was planned for v1.4.0: it is refused if something else serves at its time.'
    expect(scheduleSummary({ ...asked, ledger })).not.toContain(words)
    const without = { ...ledger, schedules: { last: 5, pending: [follows], ended: [] } }
    const gone = anEnded({ kind: 'withdrawn', at: now, by: 'nora', reason: 'no' })
    expect(scheduleSummary({ ...asked, outcome: 'withdrawn', schedule: gone, ledger: without })).toContain(
      words,
    )
    const between = aSchedule({ id: 's6', after: 's3', release: { tag: 'v1.4.1', sha: '6'.repeat(40) } })
    const three = { ...ledger, schedules: { last: 6, pending: [next, between, follows], ended: [] } }
    expect(scheduleSummary({ ...asked, schedule: between, ledger: three })).toContain(words)
  })
})

const looked: DispatchView = {
  environments: [
    {
      environment: 'production',
      ledger: withSchedules(servingOlder),
      ended: [missed, refused],
      due: next,
      waiting: [{ schedule: aSchedule({ id: 's6' }), why: 's3 comes first' }],
      problem: null,
    },
    {
      environment: 'staging',
      ledger: { ...servingOlder, environment: 'staging' },
      ...{ ended: [], due: null, waiting: [], problem: null },
    },
    {
      environment: 'eu',
      ledger: null,
      ...{ ended: [], due: null, waiting: [] },
      problem: {
        code: 'ledger-newer',
        what: 'The ledger of eu has schema 2.',
        why: 'A later version.',
        next: 'Use it.',
      },
    },
  ],
  run,
  now,
}

test('a look says what is due, what waits, and calls whoever asked for what was missed CC-17', async () => {
  const page = `${dispatchSummary(looked)}\n${dispatchLines(looked).join('\n')}\n`
  expect(page).toContain('@rhea asked for it')
  await expect(page).toMatchFileSnapshot('golden/dispatch.md')
  await expect(json(dispatchResult(looked))).toMatchFileSnapshot('golden/result-dispatch.json')
})

test('a text that can be no login is not mentioned', () => {
  const odd = anEnded({ kind: 'missed', at: now, late: 1 }, { by: 'a b](http://x)' })
  const [production] = looked.environments
  if (production === undefined) throw new Error('there is one')
  const page = dispatchSummary({ ...looked, environments: [{ ...production, ended: [odd] }] })
  expect(page).not.toMatch(/@a\b/)
  expect(page).not.toContain('](http:')
})

test('a status shows what is scheduled, the next first, on the page, in the log and as JSON CC-27', () => {
  const one = view(environment('production', withSchedules(servingOlder)))
  expect(statusSummary(one)).toContain(
    '| scheduled | `s3` **v1.4.0** at 2026-12-01 09:00 Europe/Berlin (2026-12-01 08:00 UTC), of rhea<br>`s5`',
  )
  expect(statusLines(one)).toContain(
    '  scheduled s5: v1.4.0 at 2026-12-08 05:00 Asia/Kolkata (2026-12-07 23:30 UTC), asked for by nora',
  )
  const [result] = statusResult(one).environments
  expect(result?.schedules.map(({ id, state }) => `${id} ${state}`)).toEqual(['s3 scheduled', 's5 scheduled'])
})

test('a schedule in an environment without a deployment is shown as well', () => {
  const { serving: _none, ...rest } = servingOlder
  const first = withSchedules({ ...rest, serving: null, history: [], desired: null })
  expect(statusSummary(view(environment('staging', first)))).toContain('| scheduled | `s3`')
})

test('a history shows what waits, and what was missed, refused or withdrawn, with who and why CC-17 CC-18 CC-34', async () => {
  const history = everyDeployment({ ledger: withSchedules(everyDeployment().ledger) })
  const page = historySummary(history)
  expect(page).toContain('**Scheduled**')
  expect(page).toContain('| `s2` | v1.4.0 | 2026-12-01 09:00 Europe/Berlin | rhea | was missed: 2 h 1 min')
  expect(page).toContain('was withdrawn by nora: not before the fair')
  expect(page).not.toContain('`s0`')
  expect(historyLines(history).filter((line) => /schedule/.test(line))).toHaveLength(5)
  const { schedules: told } = historyResult(history)
  expect(told.map(({ id, state }) => `${id} ${state}`)).toEqual([
    's3 scheduled',
    's5 scheduled',
    's4 failed',
    's2 missed',
    's1 cancelled',
    's0 in-progress',
  ])
})

test('the plan of anything else warns of what is scheduled, and what it would come to', () => {
  const page = planSummary(planOf(), { ledger: withSchedules(servingOlder) })
  expect(page).toContain('Something is scheduled here.')
  expect(page).toContain(
    '`s5`: v1.4.0 at 2026-12-08 05:00 Asia/Kolkata (2026-12-07 23:30 UTC), asked for by nora',
  )
  expect(planSummary(planOf(), { ledger: servingOlder })).not.toContain('scheduled')
})

test('text of people stays text', () => {
  const page = scheduleSummary({ ...asked, schedule: later })
  expect(page).toContain('after &#124; the \\*fair\\*')
})
