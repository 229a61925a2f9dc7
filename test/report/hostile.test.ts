import { expect, test } from 'vitest'
import type { EnvironmentPolicy } from '../../src/domain/config/policy.ts'
import type { Recipe } from '../../src/domain/config/recipe.ts'
import { standing } from '../../src/domain/journal/standing.ts'
import { found } from '../../src/domain/reading.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import { planSummary } from '../../src/report/plan/plan-summary.ts'
import { pauseMessage } from '../../src/report/question/pause-message.ts'
import { command, failure, planOf, play, recipe, service, wanted } from './scenario.ts'

/** Every value that a person or a program can choose, each trying to be more than text. */
const hostile =
  '</td>`|<script>alert(1)</script>\n# owned\n```\n[x](javascript:alert(1)) | @all $x$ ::error::'
const hostileService = { ...service(hostile, [`${hostile}1`, `${hostile}2`]) }
const hostileRecipe: Recipe = {
  ...recipe,
  steps: { ...recipe.steps, postDeploy: command(hostile), preConfigure: command(`true\n${hostile}`) },
  services: [hostileService],
}
const hostilePolicy: EnvironmentPolicy = {
  app: hostile,
  name: hostile,
  class: 'production',
  url: 'javascript:alert(1)',
  approval: { kind: 'named', from: [hostile], notSelf: true },
  unanswered: null,
  freezes: [],
  windows: [],
  freezeOverride: [],
  verifiedIn: null,
}
const plan = planOf({
  recipe: hostileRecipe,
  policy: hostilePolicy,
  release: { ...wanted, tag: hostile, schemaVersion: hostile },
})
const waiting = play(plan, {
  failures: { [`${hostile}2`]: [failure(hostile, hostile, [hostile, '````', '</code></pre><b>'])] },
})
const { pause } = standing(waiting.plan, waiting.journal)
if (pause === null) throw new Error('nothing waits')

const between = found({
  total: 3,
  titles: [hostile, '# 12', '- @all'],
  added: { paths: [`migrations/${hostile}`], whole: false },
})

const pages = {
  plan: planSummary(plan, { changes: { url: 'https://a.example/x|y> <script>', between }, by: [hostile] }),
  outcome: outcomeSummary(waiting),
  pause: pauseMessage(waiting, pause),
}

/** A page without its fenced blocks, in which everything is only shown. */
function outsideFences(page: string): string[] {
  let fence: string | null = null
  return page.split('\n').filter((line) => {
    const [run] = /^`{3,}/.exec(line) ?? []
    if (fence === null && run !== undefined) fence = run
    else if (fence !== null && line === fence) fence = null
    else return fence === null
    return false
  })
}

test.each(Object.entries(pages))('hostile values stay text in the page of the %s', (name, page) => {
  const lines = outsideFences(page)
  const tags = lines.flatMap((line) =>
    [...line.matchAll(/<\/?([a-z]+)(?![^>]*:\/\/)/g)].map(([, tag]) => tag),
  )
  expect(tags.filter((tag) => !['details', 'summary', 'br', 'code', 'span'].includes(tag ?? ''))).toEqual([])
  expect(lines.filter((line) => /^#+ owned/.test(line))).toEqual([])
  expect(lines.join('\n')).not.toMatch(/(?<!\\)\]\(<?javascript/)
  expect(lines.join('\n'), name).not.toMatch(/(?<!<span>)@all/)
})

test.each(Object.entries(pages))('every table keeps its columns in the page of the %s', (_, page) => {
  const widths = outsideFences(page).map((line) => (line.startsWith('| ') ? line.split('|').length : 0))
  for (const [place, width] of widths.entries()) {
    const above = widths[place - 1] ?? 0
    if (width > 0 && above > 0) expect(width).toBe(above)
  }
  expect(Math.max(...widths)).toBeGreaterThan(2)
})

test('the chart has no line but its own', () => {
  const [, chart = ''] = /```mermaid\n([\s\S]*?)\n```/.exec(pages.outcome) ?? []
  const own = /^(gantt| {2}(title|dateFormat|axisFormat|section) .*| {4}[\p{L}\p{N} ./_-]+ :[\w, :.-]+)$/u
  expect(chart.split('\n').filter((line) => !own.test(line))).toEqual([])
  expect(chart).toContain('section Instances')
})
