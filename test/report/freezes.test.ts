import { expect, test } from 'vitest'
import { freezingOf, type Timetable } from '../../src/domain/schedule/freeze.ts'
import { overriding } from '../../src/domain/schedule/freeze-words.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import { overriddenOf, overriddenThen } from '../../src/report/outcome/overridden-output.ts'
import { planSummary } from '../../src/report/plan/plan-summary.ts'
import { historyTable } from '../../src/report/status/history.ts'
import { planOf, play, policy, servingOlder } from './scenario.ts'

const timetable: Timetable = {
  now: '2026-12-20T12:00:00.000Z',
  freezes: [
    {
      name: 'year-end',
      allow: ['rollback'],
      spans: [
        {
          from: { at: '2026-12-17T23:00:00.000Z', local: '2026-12-18 00:00 Europe/Berlin' },
          to: { at: '2027-01-03T23:00:00.000Z', local: '2027-01-04 00:00 Europe/Berlin' },
        },
      ],
    },
  ],
  windows: [],
}
const guarded = { ...policy, freezeOverride: ['nora', 'acme/releasers'] }
const reason = 'the checkout | is *broken*'
const nora = { by: 'nora', reason, may: true }
const inWords = 'nora overrides the freeze year-end: the checkout &#124; is \\*broken\\*'

test('a plan that a freeze holds says which, until when, what comes next, and who may override CC-19', async () => {
  const page = planSummary(planOf({ timetable, policy: guarded }), { ledger: servingOlder })
  expect(page).toContain('One of nora, acme/releasers may override it')
  await expect(page).toMatchFileSnapshot('golden/plan-frozen.md')
})

test('an override is a warning of the plan, of the question for approval, and of what came of it', () => {
  const plan = planOf({ timetable, policy: guarded, override: nora })
  expect(planSummary(plan)).toContain(`> [!WARNING]\n> ${inWords}.`)
  const asked = outcomeSummary(play(plan, { atTheGate: true }))
  expect(asked.indexOf(inWords)).toBeLessThan(asked.indexOf('### What you can answer'))
  expect(asked.indexOf(inWords)).toBeGreaterThan(0)
  expect(outcomeSummary(play(plan))).toContain(`> [!WARNING]\n> ${inWords}`)
})

test('an approval that overrides a freeze is told with the outcome', () => {
  const view = play(planOf({ policy: guarded }))
  const hold = freezingOf('deploy', timetable)
  if (hold === null) throw new Error('nothing holds it')
  const overridden = overriding(hold, nora)
  const journal = view.journal.map((event) => (event.kind === 'decided' ? { ...event, overridden } : event))
  expect(outcomeSummary({ ...view, journal })).toContain(inWords)
})

test('the last deployments of an environment say which went through a freeze, and by whom', () => {
  const [past] = servingOlder.history
  if (past === undefined) throw new Error('the history is empty')
  const overridden = [{ freezes: ['year-end'], windows: ['nights'], by: 'nora', reason }]
  const rows = historyTable({ ...servingOlder, history: [{ ...past, overridden }, past] })?.split('\n') ?? []
  expect(rows.slice(2).map((row) => row.includes('succeeded, through year-end, nights by nora'))).toEqual([
    true,
    false,
  ])
})

test('the results of a deployment, and of one that has ended, name the freezes that were gone through CC-34', () => {
  const through = { freezes: ['year-end'], windows: ['nights'], by: 'nora', reason: 'the shop is down' }
  const said = [{ rule: 'freeze', names: ['year-end', 'nights'], by: 'nora', reason: 'the shop is down' }]
  const view = play(planOf())
  expect(overriddenOf({ ...view, plan: { ...view.plan, overridden: through } })).toEqual(said)
  const [past] = servingOlder.history
  if (past === undefined) throw new Error('nothing has ended yet')
  expect(overriddenThen({ ...past, overridden: [through] })).toEqual(said)
  const unrehearsed = { by: 'dora', reason: 'now' }
  expect(overriddenThen({ ...past, overrideRehearsed: unrehearsed })).toEqual([
    { rule: 'rehearsed-in', names: [], ...unrehearsed },
  ])
})
