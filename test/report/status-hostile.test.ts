import { expect, test } from 'vitest'
import { driftedWords, driftLine, driftSummary } from '../../src/report/status/drift-summary.ts'
import { statusLines } from '../../src/report/status/lines.ts'
import { statusSummary } from '../../src/report/status/summary.ts'
import { failure, older, servingOlder } from './scenario.ts'
import { comparison, environment, instance, view, waiting } from './status-scenario.ts'

/** Every value that instances report and people choose, each trying to be more than text. */
const hostile =
  '</td>`|<script>alert(1)</script>\n# owned\n[x](javascript:alert(1)) | @all $x$\n::error::x\n##[group]y'

const unanswered = { kind: 'unanswered', why: hostile } as const
const services = [
  {
    name: hostile,
    unasked: hostile,
    instances: [
      instance(`${hostile}1`, hostile, { deviations: ['other-release'] }),
      instance(hostile, older.tag, {
        version: unanswered,
        healthy: { kind: 'found', value: false, why: hostile },
        inTraffic: unanswered,
        deviations: ['mute', 'unhealthy'],
      }),
    ],
  },
]
const [past] = servingOlder.history
if (past === undefined) throw new Error('nothing has ended')
const ledger = {
  ...waiting,
  history: [
    { ...past, release: { ...older, tag: hostile }, by: [hostile], run: 'javascript:alert(1)' },
    { ...past, outcome: { kind: 'failed' as const, failure: failure('x', hostile), stays: [] } },
  ],
}
const environments = view(
  environment(hostile, ledger, {
    app: hostile,
    url: 'javascript:alert(1)',
    instances: { kind: 'seen', services },
  }),
  environment('eu', ledger, { instances: { kind: 'unknown', failure: failure('x', hostile) } }),
  environment('us', ledger, { memory: { kind: 'unknown', failure: failure('x', hostile) } }),
)
const drift = comparison({ app: hostile, services })
const pages = { status: statusSummary(environments), drift: driftSummary(drift) }

test.each(Object.entries(pages))('hostile values stay text in the page of %s', (_, page) => {
  const tags = [...page.matchAll(/<\/?([a-z]+)(?![^>]*:\/\/)/g)].map(([, tag]) => tag ?? '')
  expect(tags.filter((tag) => !['details', 'summary', 'br', 'code', 'span'].includes(tag))).toEqual([])
  expect(page).not.toMatch(/^#+ owned/m)
  expect(page).not.toMatch(/(?<!\\)\]\(<?javascript/)
  expect(page).not.toMatch(/(?<!<span>)@all/)
})

test.each(Object.entries(pages))('every table keeps its columns in the page of %s', (_, page) => {
  const widths = page.split('\n').map((line) => (line.startsWith('| ') ? line.split('|').length : 0))
  for (const [place, width] of widths.entries()) {
    const above = widths[place - 1] ?? 0
    if (width > 0 && above > 0) expect(width).toBe(above)
  }
  expect(Math.max(...widths)).toBeGreaterThan(2)
})

test('no line for the log is more than one, or a command to the runner', () => {
  const lines = [...statusLines(environments), driftLine(drift)]
  expect(lines.length).toBeGreaterThan(10)
  for (const line of lines) expect(line).not.toMatch(/[\r\n]|^\s*::|##\[/)
  expect(driftedWords(drift)).toHaveLength(2)
})
