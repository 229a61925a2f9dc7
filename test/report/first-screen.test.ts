import { expect, test } from 'vitest'
import { expectedTime } from '../../src/domain/plan/expected-time.ts'
import { found, unknown } from '../../src/domain/reading.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import { planSummary } from '../../src/report/plan/plan-summary.ts'
import { warningsBox } from '../../src/report/text/markdown.ts'
import { onePage } from '../../src/report/text/page.ts'
import { movingOver } from '../pipeline/a-move.ts'
import { failure, older, planOf, play, recipe, service, servingOlder, wanted } from './scenario.ts'

const url = 'https://github.com/acme/shop/compare/a...b'
const titlesOf = (count: number) => Array.from({ length: count }, (_, at) => `Change ${at + 1}`)
const changed = (total: number, listed: number, paths: readonly string[] = [], whole = true) => ({
  changes: { url, between: found({ total, titles: titlesOf(listed), added: { paths, whole } }) },
})

/** The part of a page above its table of steps. */
const above = (page: string): string => page.split('### What will be done')[0] ?? ''

test('the first screen of a plan has verdict, warnings, what stays, who asks, migrations and commits, in order', () => {
  const warnings = ['One host has little room.']
  const migration = ['db/migrations/0042-order-note.sql', 'src/migrations.ts']
  const page = above(
    planSummary(
      { ...planOf(), warnings },
      { ledger: servingOlder, by: ['alice'], ...changed(12, 12, migration) },
    ),
  )
  const parts = [
    '**v1.2.0** → **v1.3.0** · 12 commits · rollback to v1.2.0 is safe · 3 steps cannot be undone',
    '> [!WARNING]\n> One host has little room.',
    '- `migrate`: a migrated database stays migrated',
    'Asked for by **alice**',
    '**Migrations** (expand), new files: `db/migrations/0042-order-note.sql`.',
    '- Change 12\n- Change 11',
  ]
  const places = parts.map((part) => page.indexOf(part))
  expect(places).not.toContain(-1)
  expect(places).toEqual(places.toSorted((one, other) => one - other))
  expect(page).not.toContain('src/migrations.ts')
})

test('a long list of commits is folded, and the page says that GitHub lists no more', () => {
  const page = above(planSummary(planOf(), changed(300, 100)))
  expect(page).toContain('**300 commits** new, oldest first')
  expect(page).toContain('<summary>94 more, of 300: GitHub lists no more than 100 at once</summary>')
  expect(page.indexOf('- Change 6\n')).toBeLessThan(page.indexOf('<details>'))
})

test('titles that could not be read are unknown, and a cut list of files says that there may be more', () => {
  const why = { code: 'permission-missing', what: 'GitHub said no.', why: '', next: '' } as const
  expect(planSummary(planOf(), { changes: { url, between: unknown(why) } })).toContain(
    'The titles of the commits are unknown',
  )
  expect(planSummary(planOf(), changed(12, 12, [], false))).toContain('so there may be more')
})

test('a rollback names the commits that it takes back, and no migration', () => {
  const { serving } = servingOlder
  const ledger = { ...servingOlder, serving: serving && { ...serving, release: wanted } }
  const plan = planOf({ wanted: 'rollback', release: older, relation: 'behind', ledger })
  const page = above(planSummary(plan, { ledger, ...changed(12, 12, ['migrations/1.sql']) }))
  expect(page).toContain('**12 commits** taken back, newest first')
  expect(page).not.toContain('**Migrations**')
})

const [past] = servingOlder.history
if (past === undefined) throw new Error('nothing was deployed before')
const took = (minutes: number, change: Partial<typeof past> = {}) => ({
  ...past,
  startedAt: '2026-11-02T10:00:00.000Z',
  endedAt: new Date(Date.parse('2026-11-02T10:00:00.000Z') + minutes * 60_000).toISOString(),
  decisions: [],
  ...change,
})
const answer = { decision: 'retry', by: 'bob', reason: '', at: '2026-11-02T10:00:00.000Z' } as const

test('the expected time is the median of what succeeded alike and waited for no person', () => {
  const history = [
    took(2),
    took(9),
    took(4),
    took(600, { decisions: [answer] }),
    took(1, { mode: 'restart' }),
  ]
  expect(expectedTime('deploy', history)).toEqual({ kind: 'known', milliseconds: 240_000, from: 3 })
  expect(expectedTime('deploy', history.slice(0, 2))).toMatchObject({ milliseconds: 330_000 })
  expect(expectedTime('rollback', history)).toEqual({ kind: 'unknown', because: 'none-before' })
  const waited = [took(600, { decisions: [answer] })]
  expect(expectedTime('deploy', waited)).toEqual({ kind: 'unknown', because: 'all-waited' })
})

test('the verdict of many services names the one with the least capacity', () => {
  const services = Array.from({ length: 7 }, (_, at) =>
    service(
      `service-${at}`,
      at === 4 ? ['one-1', 'one-2'] : ['a', 'b', 'c', 'd'].map((name) => `${name}-${at}`),
    ),
  )
  const rollout = { ...service('x', []).rollout, minAvailable: { kind: 'number' as const, value: 1 } }
  const slow = services.map((one) => ({
    ...one,
    rollout: { ...rollout, maxParallel: { kind: 'number' as const, value: 1 } },
  }))
  const [verdict] = planSummary(planOf({ recipe: { ...recipe, services: slow } }))
    .split('\n')
    .slice(2)
  expect(verdict).toMatch(/7 services, the least of service-\d: 1 of (2|4) stay up$/)
})

test('the verdict of blue-green says where visitors stay, and counts no instance that none of them is on', () => {
  const [verdict] = planSummary(movingOver({}, { side: 'stand-in' }))
    .split('\n')
    .slice(2)
  expect(verdict).toMatch(/ · visitors stay on stand-in until the switch$/)
})

test('many warnings are folded behind the first four, and none is lost', () => {
  const box = warningsBox(titlesOf(9)) ?? ''
  expect(box.split('<details>')[0]).toContain('> Change 4')
  expect(box).toContain('<summary>⚠️ 5 more warnings</summary>')
  expect(box).toContain('- Change 9')
  expect(warningsBox(titlesOf(5))).not.toContain('<details>')
})

test('the failing check is wrapped to the width of a page, wide letters too, and its last lines stand open', () => {
  const tail = [...titlesOf(30), `{"${'x'.repeat(300)}": "the end"}`, '漢'.repeat(200)]
  const view = play(planOf(), { failures: { 'web-3': [failure('self-test-failed', 'It failed.', tail)] } })
  const page = outcomeSummary(view)
  const [open = '', folded = ''] = page.split('<details>')
  expect(open).toContain('the end"}')
  expect(folded).toContain('Change 1\n')
  const wide = page.split('\n').filter((line) => /^(?:x|漢|\{"x)/.test(line))
  expect(Math.max(...wide.map((line) => line.length * (line.startsWith('漢') ? 2 : 1)))).toBeLessThanOrEqual(
    96,
  )
})

test('a page beyond GitHub’s limit is cut at a line, says so, and leaves no block open', () => {
  const page = onePage([{ text: ['```text', ...titlesOf(1000), '```'].join('\n') }], 5000)
  expect(Buffer.byteLength(page)).toBeLessThanOrEqual(5000)
  expect(page).toMatch(/\nChange \d+\n```\n\n_Cut here, because this page would be too long for GitHub\._\n$/)
})

test('a fleet of 1,200 long-named instances and hostile commits fit on one page', () => {
  const services = Array.from({ length: 12 }, (_, at) =>
    service(
      `service-${at}`,
      Array.from({ length: 100 }, (_none, host) => `${'long-'.repeat(12)}${at}-${host}`),
    ),
  )
  const titles = Array.from({ length: 100 }, () => '|</td>\u202e@all #12 ::error::'.repeat(200))
  const between = found({ total: 300, titles, added: { paths: [], whole: true } })
  const page = planSummary(planOf({ recipe: { ...recipe, services } }), { changes: { url, between } })
  expect(Buffer.byteLength(page)).toBeLessThan(1024 * 1024)
  expect(page).not.toContain('\u202e')
  expect(above(page)).not.toMatch(/(?<!<span>)@all|[^>&]#12/)
})
