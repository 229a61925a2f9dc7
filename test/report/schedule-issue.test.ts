import { expect, test } from 'vitest'
import type { ScheduleEnd } from '../../src/domain/schedule/schedule.ts'
import {
  type NotBegunView,
  notBegunKey,
  notBegunText,
  notBegunTitle,
} from '../../src/report/schedule/issue.ts'
import { mention } from '../../src/report/text/mention.ts'
import { aRun } from '../domain/a-journal.ts'
import { anEnded, aSchedule } from '../domain/a-schedule.ts'
import { servingOlder } from './scenario.ts'

const at = '2026-12-01T10:01:00.000Z'
const missed: ScheduleEnd = { kind: 'missed', at, late: 7_260_000 }
const frozen: ScheduleEnd = {
  kind: 'refused',
  at,
  problem: {
    code: 'frozen',
    what: 'production is frozen: year-end until 2027-01-04 00:00 Europe/Berlin (2027-01-03 23:00 UTC).',
    why: 'The freeze holds every deploy.',
    next: 'Deploy after that.',
  },
}

const aView = (end: ScheduleEnd, change: Parameters<typeof anEnded>[1] = {}): NotBegunView => ({
  schedule: anEnded(end, change),
  ledger: servingOlder,
  run: aRun(99).url,
})

test('a missed schedule mentions its requester, with the planned time, the lateness, and the next step CC-17', async () => {
  const view = aView(missed)
  const page = notBegunText(view)
  expect(notBegunTitle(view)).toBe('shop: scheduled deploy of v1.4.0 to production was missed')
  expect(page).toContain('@rhea, you asked for it.')
  expect(page).toContain('is 2 h 1 min late')
  expect(page).toContain('2026-12-01 09:00 Europe/Berlin (2026-12-01 08:00 UTC), at most 1 h late')
  await expect(page).toMatchFileSnapshot('golden/issue-missed.md')
})

test('a refused schedule has its reason CC-20', async () => {
  const view = aView(frozen, { handed: aRun(98) })
  expect(notBegunTitle(view)).toBe('shop: scheduled deploy of v1.4.0 to production was refused')
  await expect(notBegunText(view)).toMatchFileSnapshot('golden/issue-refused.md')
})

test('a schedule missed by its run has other reasons than one that no run got CC-17', () => {
  expect(notBegunText(aView(missed))).toContain('the dispatch workflow did not run')
  expect(notBegunText(aView(missed, { handed: aRun(98) }))).toContain('was not approved in time')
})

test('it warns of what was to follow CC-20', () => {
  const next = aSchedule({ id: 's5', after: 's3', release: { tag: 'v1.5.0', sha: '5'.repeat(40) } })
  const ledger = { ...servingOlder, schedules: { last: 5, pending: [next], ended: [] } }
  expect(notBegunText({ ...aView(missed), ledger })).toContain('`s5` (v1.5.0) was planned for v1.3.0')
})

test('one schedule has one key, whatever found it so; another one has another', () => {
  const key = notBegunKey(aView(missed))
  expect(notBegunKey({ ...aView(missed), run: aRun(100).url })).toBe(key)
  const others = [aView(missed, { id: 's4' }), aView(frozen), aView(missed, { asked: at })].map(notBegunKey)
  expect(new Set([key, ...others]).size).toBe(4)
})

test('text of people stays text, and mentions no one else', () => {
  const page = notBegunText(aView(missed, { reason: 'ask @nora | <b>now</b>', by: 'github-actions[bot]' }))
  expect(page).not.toMatch(/@nora|<b>|@github/)
})

test('a login of an enterprise has a short name after it, and is called as well', () => {
  expect(mention('rhea_acme')).toBe('@rhea_acme')
})
