import { expect, test } from 'vitest'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import { blockLines, blockOutcome, blockResult, blockSummary } from '../../src/report/act/block-report.ts'
import { historyLines } from '../../src/report/history/lines.ts'
import { historyResult } from '../../src/report/history/output.ts'
import { historySummary } from '../../src/report/history/summary.ts'
import { releasesLines } from '../../src/report/releases/lines.ts'
import { releasesResult } from '../../src/report/releases/output.ts'
import { releasesSummary } from '../../src/report/releases/summary.ts'
import { everyDeployment, everyRelease, now } from './releases-scenario.ts'

const json = (result: object): string => `${JSON.stringify(result, null, 2)}\n`

test('the page of the releases tells each state, risk and way back CC-04 CC-07 CC-08', async () => {
  await expect(releasesSummary(everyRelease())).toMatchFileSnapshot('golden/releases.md')
  await expect(`${releasesLines(everyRelease()).join('\n')}\n`).toMatchFileSnapshot(
    'golden/releases-lines.txt',
  )
  await expect(json(releasesResult(everyRelease()))).toMatchFileSnapshot('golden/result-releases.json')
})

test('each environment is listed with what serves it MM-25', () => {
  const { environments } = releasesResult(everyRelease())
  expect(environments.length).toBeGreaterThan(1)
  for (const { name, serving } of environments.filter((one) => one.unread === null))
    expect(releasesSummary(everyRelease())).toMatch(
      new RegExp(
        `^\\| \`${name}\`[^|]* \\| ${serving === null ? 'nothing yet' : `\\*\\*${serving.tag.replaceAll('.', '\\.')}\\*\\*`} \\|`,
        'm',
      ),
    )
})

test('a page without environments and findings says so and no more', () => {
  const empty = { ...everyRelease(), environments: [], releases: [], further: 0, wanted: null }
  expect(releasesSummary(empty)).toContain('There is no release yet')
  expect(releasesSummary(empty)).not.toContain('could go back to')
  const nowhere = { environment: 'production', otherBase: [], waysBack: [] }
  expect(releasesSummary({ ...empty, wanted: nowhere })).toContain('Nowhere: no other release has served it.')
})

test('the page of a history tells who did what, when and why, and what came of it CC-34', async () => {
  await expect(historySummary(everyDeployment())).toMatchFileSnapshot('golden/history.md')
  await expect(`${historyLines(everyDeployment()).join('\n')}\n`).toMatchFileSnapshot(
    'golden/history-lines.txt',
  )
  await expect(json(historyResult(everyDeployment()))).toMatchFileSnapshot('golden/result-history.json')
})

test('an environment to which nothing was done has an empty history', () => {
  const view = everyDeployment({ ledger: emptyLedger('shop', 'staging') })
  expect(historyLines(view)).toEqual(['staging: no deployment has ended here yet'])
  expect(historySummary(view)).toContain('No deployment has ended here yet.')
})

const there = (environment: string) =>
  ({ environment, outcome: 'blocked', serves: false, problem: null }) as const
const locked = {
  code: 'environment-locked',
  what: 'A run is at work on eu.',
  why: 'It would lose its lock.',
  next: 'Wait.',
} as const
const blocked = {
  thing: { kind: 'release', tag: 'v1.3.0', sha: 'b'.repeat(40) },
  reason: 'it loses orders',
  by: 'rhea',
  unblock: false,
  environments: [
    there('staging'),
    { ...there('production'), serves: true },
    { ...there('eu'), outcome: 'refused', problem: locked },
  ],
  run: 'https://github.com/acme/shop/actions/runs/99',
  now,
} as const

test('a block is reported for each environment', async () => {
  const page = `${blockSummary(blocked)}\n${blockLines(blocked).join('\n')}\n\n${json(blockResult(blocked))}`
  await expect(page).toMatchFileSnapshot('golden/block.md')
})

test.each([
  [['blocked', 'unchanged'], 'blocked'],
  [['unblocked', 'refused'], 'refused'],
  [['unchanged', 'unchanged'], 'unchanged'],
  [['unchanged', 'unblocked'], 'unblocked'],
] as const)('%j together are %s', (outcomes, expected) => {
  const environments = outcomes.map((outcome) => ({ ...there('x'), outcome }))
  expect(blockOutcome({ ...blocked, environments })).toBe(expected)
})

test.each([releasesResult(everyRelease()), historyResult(everyDeployment())])(
  'the result of $command is one line of JSON, in kebab case',
  (result) => {
    const line = JSON.stringify(result)
    const keys = [...line.matchAll(/"([^"]+)":/g)].map(([, key = '']) => key)
    expect(keys.filter((key) => /[A-Z_]/.test(key))).toEqual([])
    expect(keys.slice(0, 4)).toEqual(['schema', 'command', 'outcome', 'at'])
  },
)

test('a page with more than GitHub takes keeps the releases, and says what it leaves out', () => {
  const [one] = everyRelease().wanted?.waysBack ?? []
  if (one === undefined) throw new Error('there is a way back')
  const differences = Array.from({ length: 100_000 }, (_, at) => `services.web-${at}.fleet`)
  const long = { ...one, feasibility: { kind: 'config-differs', because: '', differences } as const }
  const view = { ...everyRelease(), wanted: { environment: 'production', otherBase: [], waysBack: [long] } }
  const page = releasesSummary(view)
  expect(Buffer.byteLength(page)).toBeLessThan(1024 * 1024)
  expect(page).toContain('Left out, because this page would be too long for GitHub: the ways back.')
})
