import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/adapters/github/connection.ts'
import { gitHubIssues } from '../../src/adapters/github/issue-store.ts'
import { marked, placeMark } from '../../src/adapters/github/issue-text.ts'
import { Problem } from '../../src/domain/problem.ts'
import { type SandboxGitHub, startGitHub } from '../../src/sandbox/github/github.ts'
import type { Permissions } from '../../src/sandbox/github/tokens.ts'
import type { RulesOff } from '../../src/sandbox/rules/in-force.ts'
import { anIssue, issueContract } from '../contracts/issue.contract.ts'
import { createMemoryIssues } from '../fakes/memory-issues.ts'

async function startSandbox(rules: RulesOff = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollgate-issues-'))
  const sandbox = await startGitHub({ folder, repository: 'acme/shop', rules })
  const close = async () => {
    await sandbox.stop()
    await rm(folder, { recursive: true, force: true })
    expect(sandbox.violations).toEqual([])
  }
  return { sandbox, close }
}

const issuesOf = (sandbox: SandboxGitHub, permissions: Permissions = { issues: 'write' }) =>
  gitHubIssues(
    connect({
      token: sandbox.token('github-actions[bot]', permissions),
      apiUrl: sandbox.url,
      repository: sandbox.repository,
      say: () => {},
      second: 1,
    }),
  )

async function aSandbox(rules?: RulesOff) {
  const { sandbox, close } = await startSandbox(rules)
  onTestFinished(close)
  return { sandbox, issues: issuesOf(sandbox) }
}

const production = { app: 'shop', environment: 'production' }

issueContract('the fake', async () => {
  const { shown, incident, hide: _, ...issues } = createMemoryIssues()
  // The issues as GitHub shows them, without the fake's own bookkeeping.
  const seen = () =>
    shown.map(({ number, title, text, labels, assignees, open, comments }) => ({
      ...{ number, title, text, labels, assignees, open, comments },
    }))
  const byPerson = async (title: string, labels: readonly string[]) => incident(title, labels)
  return { issues, incident: byPerson, shown: seen, close: async () => {} }
})

issueContract('GitHub', async () => {
  const { sandbox, close } = await startSandbox()
  const seen = (text: string | null) => (text ?? '').replaceAll(/^<!-- .* -->\n+/gm, '')
  return {
    issues: issuesOf(sandbox),
    async incident(title, labels) {
      const { rest, place } = connect({
        token: sandbox.token('erin', { issues: 'write' }),
        ...{ apiUrl: sandbox.url, repository: sandbox.repository, say: () => {} },
      })
      return (await rest.issues.create({ ...place, title, labels: [...labels] })).data.number
    },
    shown: () =>
      sandbox.issues.map(({ number, title, body, labels, assignees, state, comments }) => ({
        ...{ number, title, labels, assignees },
        text: seen(body),
        open: state === 'open',
        comments: comments.map((comment) => seen(comment.body)),
      })),
    close,
  }
})

test.each([
  ['the answer is lost', { kind: 'lost-response' }],
  ['the connection breaks before anything was done', { kind: 'drop' }],
  ['the server has an error', { kind: 'status', status: 502 }],
] as const)('an issue is opened once, with one comment, where %s CC-24', async (_what, fault) => {
  const { sandbox, issues } = await aSandbox()
  sandbox.inject({ on: { operation: 'issues/create' }, with: fault })
  const number = await issues.create(production, anIssue('7.1'))
  expect(sandbox.issues.map((issue) => issue.number)).toEqual([number])
  sandbox.inject({ on: { operation: 'issues/create-comment' }, with: fault })
  await issues.comment(number, { key: '7.2', text: 'more' })
  expect(sandbox.issues[0]?.comments).toHaveLength(1)
})

test('an issue that somebody else wrote is none of ours, whatever stands in it', async () => {
  const { sandbox, issues } = await aSandbox()
  const stranger = connect({
    token: sandbox.token('mallory', { issues: 'write' }),
    apiUrl: sandbox.url,
    repository: sandbox.repository,
    say: () => {},
  })
  const body = marked([placeMark(production)], 'close me')
  await stranger.rest.issues.create({ ...stranger.place, title: 'look', body })
  expect(await issues.open(production)).toEqual([])
})

test('more than a page of open issues hides none', async () => {
  // Issues of many days, made in one minute.
  const { issues } = await aSandbox({ off: ['contents-a-minute'] })
  const ours = await issues.create(production, anIssue('1'))
  for (let at = 0; at < 100; at++) await issues.create({ ...production, environment: `e${at}` }, anIssue('1'))
  expect(await issues.open(production)).toEqual([ours])
})

test('without the permission the problem names it; where issues are switched off it says so', async () => {
  const { sandbox, issues } = await aSandbox()
  const problem = (work: Promise<unknown>) =>
    work.then(
      () => expect.unreachable(),
      (thrown: unknown) => (thrown instanceof Problem ? thrown.words : Promise.reject(thrown)),
    )
  expect(await problem(issuesOf(sandbox, {}).open(production))).toMatchObject({
    code: 'permission-missing',
    why: expect.stringContaining('`issues: read`'),
  })
  expect(await problem(issuesOf(sandbox, { issues: 'read' }).create(production, anIssue('1')))).toMatchObject(
    {
      code: 'permission-missing',
      next: expect.stringContaining('`issues: write`'),
    },
  )
  const off = {
    kind: 'status',
    status: 410,
    body: { message: 'Issues has been disabled in this repository.' },
  } as const
  sandbox.inject({ on: { operation: 'issues/create' }, with: off })
  expect(await problem(issues.create(production, anIssue('1')))).toMatchObject({
    code: 'github-refused',
    what: expect.stringContaining('Issues has been disabled'),
  })
})

test('a text that is too long for GitHub is cut, and is still found by its marks', async () => {
  const { sandbox, issues } = await aSandbox()
  const number = await issues.create(production, anIssue('1', { text: '🚀'.repeat(40_000) }))
  const body = sandbox.issues[0]?.body ?? ''
  expect(body.length).toBeLessThanOrEqual(65_536)
  expect(body.endsWith('…')).toBe(true)
  expect(await issues.open(production)).toEqual([number])
})

const awkward = ['a-->b', 'a--b', 'a-_b', 'x -- y', 'a\n-->\n# b', '🚀', '---']

test.each(awkward)('no name ends the mark that it stands in: %j', (environment) => {
  expect(placeMark({ app: 'shop', environment })).toMatch(/^<!-- rollgate: (?:(?!--|>).)+ -->$/)
})

test('no two names have the same mark', () => {
  expect(new Set(awkward.map((environment) => placeMark({ app: 'shop', environment }))).size).toBe(
    awkward.length,
  )
})
