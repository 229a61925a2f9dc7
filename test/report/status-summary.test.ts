import { expect, test } from 'vitest'
import { suspensionIn } from '../../src/domain/ledger/lease.ts'
import type { Pause } from '../../src/domain/question/pause.ts'
import type { InstanceJudged } from '../../src/domain/rolling/drift.ts'
import { driftSummary } from '../../src/report/status/drift-summary.ts'
import { statusLines } from '../../src/report/status/lines.ts'
import { statusSummary } from '../../src/report/status/summary.ts'
import { servingOlder } from './scenario.ts'
import {
  atTheGate,
  comparison,
  environment,
  everything,
  instance,
  services,
  suspended,
  view,
  waiting,
} from './status-scenario.ts'

test('the page of a look opens with every environment at a glance, and tells each of them below', async () => {
  const page = statusSummary(everything())
  for (const { name } of everything().environments) {
    expect(page).toMatch(new RegExp(`^\\| \\S+ \\| \`${name}\`( \\(\\w+\\))? \\|`, 'm'))
    expect(page).toMatch(new RegExp(`^### .+ ${name}$`, 'm'))
  }
  await expect(page).toMatchFileSnapshot('golden/status.md')
})

test('the log says the same, a line an environment and what there is to say below', async () => {
  const lines = statusLines(everything())
  expect(lines.filter((line) => !line.startsWith(' '))).toHaveLength(8)
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/status-lines.txt')
})

test('a signal that one look could not read is unknown: neither a halt, nor asked for a minute F03', () => {
  const unread = { kind: 'unknown', source: 'issues', why: 'GitHub answered 502.' } as const
  const signals = { kind: 'unknown', signals: [unread] } as const
  const lines = statusLines(view(environment('production', servingOlder, { signals }))).join('\n')
  expect(lines).toContain('unknown if halted: the issues that halt are unknown: GitHub answered 502')
  expect(lines).not.toMatch(/^ *halted:|a minute/m)
})

test('a state that needs a person has its mark, and only a right state has the mark of that WX-25', () => {
  const marks = [...statusSummary(everything()).matchAll(/^\| (\S+) \| `(\w+)`(?: \(\w+\))? \| (?!`)/gm)].map(
    ([, mark, name]) => [name, mark],
  )
  expect(Object.fromEntries(marks)).toEqual({
    production: '✅',
    eu: '⏸️',
    us: '⚠️',
    asia: '⏸️',
    africa: '⚠️',
    oceania: '❓',
    arctic: '➖',
    antarctic: '❌',
  })
})

test('a question names its pause, its answers and, where it ends by itself, when and how', () => {
  const asked = environment('production', waiting)
  const { memory } = asked
  if (memory.kind !== 'read' || memory.question?.kind !== 'failed-instances')
    throw new Error('nothing is asked')
  const question = {
    ...memory.question,
    expires: { at: '2026-11-22T12:00:00.000Z', decision: 'roll-back' as const },
  }
  const page = statusSummary(view({ ...asked, memory: { ...memory, question } }))
  expect(page).toContain('**Waits for a decision** at `roll-services/web`, about `web-3`')
  expect(page).toContain('Unanswered until 2026-11-22 12:00:00 UTC it counts as roll-back.')
  const { id, step, options, withheld, capacity, expires } = question
  const lasting: Pause = { kind: 'wait', id, step, options, withheld, capacity, until: expires.at }
  expect(statusSummary(view({ ...asked, memory: { ...memory, question: lasting } }))).toContain(
    'It ends by itself at 2026-11-22 12:00:00 UTC.',
  )
  expect(statusSummary(view(environment('production', atTheGate)))).toContain(
    '**Waits for approval** at `approve`',
  )
})

test('a suspended scheduler is shown until its lease is over, and then as anybody’s to resume', () => {
  const scheduler = suspensionIn(suspended)
  if (scheduler === null) throw new Error('nothing is suspended')
  const free = { ...suspended, leases: [{ ...scheduler, pinned: false }] }
  const early = { ...view(environment('production', free)), now: scheduler.since }
  expect(statusSummary(early)).toContain('its lease lasts until')
  const late = { ...early, now: scheduler.until }
  expect(statusSummary(late)).toContain('its lease **ran out** at')
  expect(statusSummary(late)).toContain('**suspended**, lease over')
  const kept = { ...late, ...view(environment('production', suspended)) }
  expect(statusSummary(kept)).toContain('only a person may end that, because a migration has begun')
})

test('a live holder is told from one of which nobody knows', () => {
  const holder = { id: 71, attempt: 1, url: 'https://github.com/acme/shop/actions/runs/71' }
  const ledger = {
    ...waiting,
    deployment: waiting.deployment && { ...waiting.deployment, holder, journal: [] },
  }
  expect(statusSummary(view(environment('production', ledger, { live: true })))).toContain(', which is live')
  expect(statusSummary(view(environment('production', ledger)))).toContain(
    'whether it is live could not be asked',
  )
})

test('the differing instances of a large fleet are named, and the others counted', () => {
  const differs: readonly InstanceJudged['deviations'][number][] = ['other-release']
  const web = Array.from({ length: 600 }, (_, at) =>
    at < 150 ? instance(`web-${at}`, 'v1.1.0', { deviations: differs }) : instance(`web-${at}`, 'v1.2.0'),
  )
  const large = view(
    environment('production', servingOlder, { instances: { kind: 'seen', services: services(web) } }),
  )
  const page = statusSummary(large)
  for (const { name } of web.slice(0, 150)) expect(page).toContain(name)
  expect(page).toContain('- `web`: 450 of 600 right, **150 differ**')
  expect(page).not.toContain('`web-599`')
  expect(statusLines(large).filter((line) => line.includes('runs v1.1.0'))).toHaveLength(150)
})

test('a page that would be too long names the environments that it leaves out', () => {
  const web = Array.from({ length: 98 }, (_, at) => instance(`web-${at}`, 'v1.2.0'))
  const many = Array.from({ length: 180 }, (_, at) =>
    environment(`customer-${at}`, servingOlder, { instances: { kind: 'seen', services: services(web) } }),
  )
  const page = statusSummary(view(...many))
  expect(Buffer.byteLength(page)).toBeLessThan(1024 * 1024)
  expect(page).toContain('| `customer-179` (production) |')
  expect(page).toContain('the section of `customer-179`')
})

test('a record that says something else than the ledger, or cannot be read, is said on the page and in the log F49', () => {
  const records = { behind: ['The record of deployment 2 is behind.'], unknown: ['Not allowed.'] }
  const behind = view(environment('production', servingOlder, { records }))
  const told = [...records.behind, 'A record could not be read: Not allowed.']
  for (const words of told) {
    expect(statusSummary(behind)).toContain(words)
    expect(statusLines(behind).join('\n')).toContain(words)
    expect(driftSummary(comparison({ records }))).toContain(words)
  }
})
