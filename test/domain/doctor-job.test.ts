import { expect, test } from 'vitest'
import { answerTo, datedWords, type KeptAnswer, mergeAnswers } from '../../src/domain/doctor/answers.ts'
import type { GatedRead } from '../../src/domain/doctor/gated.ts'
import { type JobRead, judgeJob } from '../../src/domain/doctor/job.ts'
import type { ProbeRead } from '../../src/domain/doctor/probe.ts'
import { isAtLeast, versionInPath } from '../../src/domain/doctor/runner-version.ts'
import type { ProblemCode } from '../../src/domain/problem.ts'
import { absent, found, type Reading, unknown } from '../../src/domain/reading.ts'

const why = (code: ProblemCode) => ({ code, what: 'It failed.', why: 'It is so.', next: 'Mend it.' })
const lost: Reading<never> = unknown(why('github-unavailable'))
const refused: Reading<never> = unknown(why('permission-missing'))

const ref = 'refs/rollgate-probe/7-1'
const probe: ProbeRead = { ref, failed: [], left: found([]) }
const gated: GatedRead = {
  environment: 'production',
  secret: 'given',
  required: { DATABASE_URL: 'given' },
  reviewers: found(['rhea']),
  approvals: found(['rhea']),
}
const good: JobRead = {
  repository: 'acme/shop',
  runner: found('2.336.0'),
  workflow: found('acme/shop'),
  server: absent,
  rights: { 'contents: read': found('x'), 'deployments: read': found([]) },
  rulesets: absent,
  probe,
  gated,
}

const notWell = (read: Partial<JobRead>): readonly string[] =>
  judgeJob({ ...good, ...read })
    .filter(({ health }) => health !== 'well')
    .map(({ question, health, value, what, next }) => {
      expect([what, next]).not.toContain('')
      return `${health} ${question}: ${value}`
    })
const behind = (read: Partial<GatedRead>) => ({ gated: { ...gated, ...read } })
const failing = (
  step: 'make' | 'move' | 'remove',
  code: ProblemCode,
  left: ProbeRead['left'] = found([]),
) => ({
  probe: { ref, failed: [{ step, why: why(code) }], left },
})

test('a job to which GitHub gives everything: every answer is well', () => {
  expect(notWell({})).toEqual([])
  expect(notWell({ probe: null, gated: null })).toEqual([])
})

test.each<[string, Partial<JobRead>, ...string[]]>([
  ['a runner that does not show its version', { runner: absent }, 'unknown runner-version: absent'],
  ['an old runner', { runner: found('2.335.9') }, 'beware runner-version: found'],
  ['a workflow of another owner', { workflow: found('rollgate/rollgate') }, 'ill owner-border: found'],
  ['a workflow of nobody knows which owner', { workflow: absent }, 'unknown owner-border: absent'],
  ['a server of today', { server: found('3.22.1') }, 'beware github-server: found'],
  ['a server of yesterday', { server: found('3.9.4') }, 'ill github-server: found'],
  ['a server that did not answer', { server: lost }, 'unknown github-server: unknown'],
  [
    'a token without a permission',
    { rights: { ...good.rights, 'actions: read': refused } },
    'ill token-rights: found',
  ],
  ['a right that could not be asked', { rights: { 'actions: read': lost } }, 'unknown token-rights: found'],
  ['a ruleset for all names', { rulesets: found(['everything']) }, 'beware ledger-rulesets: found'],
  ['rulesets that are not shown', { rulesets: refused }, 'unknown ledger-rulesets: unknown'],
  ['a reference that may not be made', failing('make', 'github-refused'), 'ill ledger-writable: absent'],
  ['a reference that may not be moved', failing('move', 'github-refused'), 'ill ledger-writable: absent'],
  [
    'a reference that stays',
    failing('remove', 'github-refused', found([ref])),
    'ill ledger-writable: absent',
  ],
  ['a probe without an answer', failing('make', 'github-unavailable'), 'unknown ledger-writable: unknown'],
  [
    'a probe of an earlier run that is still there',
    { probe: { ...probe, left: found(['refs/rollgate-probe/6-1']) } },
    'beware ledger-writable: found',
  ],
  ['a removal that nobody saw', { probe: { ...probe, left: lost } }, 'beware ledger-writable: found'],
  ['no secret', behind({ secret: 'empty', required: {} }), 'beware secret-arrives: absent'],
  [
    'a secret without a variable',
    behind({ required: { DATABASE_URL: 'absent', TOKEN: 'empty' } }),
    'ill secret-arrives: found',
  ],
  ['no approval', behind({ approvals: found([]) }), 'ill approvals-recorded: absent'],
  ['a run that is not shown', behind({ approvals: absent }), 'unknown approvals-recorded: absent'],
  ['approvals that are unknown', behind({ approvals: lost }), 'unknown approvals-recorded: unknown'],
  [
    'no reviewers, and so no approval',
    behind({ approvals: found([]), reviewers: found([]) }),
    'unknown approvals-recorded: unknown',
  ],
  [
    'no approval, and reviewers that are unknown',
    behind({ approvals: found([]), reviewers: lost }),
    'unknown approvals-recorded: unknown',
  ],
])('%s: said, with the next action', (_, read, ...answers) => {
  expect(notWell(read)).toEqual(answers)
})

test('a secret that is empty and variables that are missing: both are said, by names alone', () => {
  const read = { ...good, ...behind({ secret: 'empty', required: { DATABASE_URL: 'empty' } }) }
  const said = judgeJob(read).find(({ question }) => question === 'secret-arrives')
  expect(said).toMatchObject({ health: 'ill', what: expect.stringContaining('DATABASE_URL (empty)') })
})

test('a probe that stays: its reference and the command that removes it are named', () => {
  const read = { ...good, ...failing('remove', 'github-refused', found([ref])) }
  const said = judgeJob(read).find(({ question }) => question === 'ledger-writable')
  expect(said?.next).toContain(`git push origin :${ref}`)
})

test.each([
  ['/home/runner/actions-runner/cached/2.335.1/externals/node24/bin/node', found('2.335.1')],
  ['/opt/runner/externals.2.337.0/node24/bin/node', found('2.337.0')],
  ['C:\\runner\\externals.2.334.0\\node24\\bin\\node.exe', found('2.334.0')],
  ['/opt/runner/externals/node24/bin/node', absent],
  ['/usr/local/bin/node', absent],
  ['/home/dora/.nvm/versions/node/v24.1.0/bin/node', absent],
])('the version of the runner in %s', (path, version) => {
  expect(versionInPath(path)).toEqual(version)
})

test.each([
  ['2.336.0', '2.336.0', true],
  ['2.1000.0', '2.336.0', true],
  ['2.335.9', '2.336.0', false],
  ['3.9', '3.22', false],
])('version %s is at least %s: %s', (version, least, isSo) => {
  expect(isAtLeast(version, least)).toBe(isSo)
})

test('an answer that is given again replaces the older one; another environment keeps its date', () => {
  const kept = (subject: string | null, at: string): KeptAnswer => ({
    ...{
      question: 'approvals-recorded',
      subject,
      health: 'well',
      value: 'found',
      what: 'It does.',
      next: '',
    },
    ...{ at, run: 'https://github.com/acme/shop/actions/runs/7' },
  })
  const merged = mergeAnswers(
    [kept('production', '2026-11-01T08:00:00.000Z'), kept('staging', '2026-11-02T08:00:00.000Z')],
    [kept('production', '2026-11-30T08:00:00.000Z')],
  )
  expect(merged.map(({ subject, at }) => [subject, at.slice(0, 10)])).toEqual([
    ['production', '2026-11-30'],
    ['staging', '2026-11-02'],
  ])
  const answer = answerTo(merged, { question: 'approvals-recorded', subject: 'production' })
  expect(answer === null ? '' : datedWords(answer)).toBe('Your GitHub answered on 2026-11-30: It does.')
  expect(answerTo(merged, { question: 'secret-arrives', subject: 'production' })).toBeNull()
})
