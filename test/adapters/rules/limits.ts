import { expect } from 'vitest'
import { gitHubIssues } from '../../../src/adapters/github/issue-store.ts'
import { gitHubLedgers } from '../../../src/adapters/github/ledger/store.ts'
import { gitHubRepository } from '../../../src/adapters/github/repository.ts'
import { emptyLedger } from '../../../src/domain/ledger/ledger.ts'
import { known } from '../../../src/domain/reading.ts'
import { anIssue } from '../../contracts/issue.contract.ts'
import { aGitHub, connectedAs, noon, problemOf, requestsOf } from './a-github.ts'
import { gitHubIssuesTest, gitHubRules, inFile, never, type RuleAnswer } from './answer.ts'

const many = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`folder/${at}`, String(at)]))

const atOnce = 100

export const limitAnswers = {
  'rate-of-workflow-tokens': gitHubRules('a used-up hour is a problem at once, with the time of its end'),
  // The way that the problem of a used-up hour names.
  'rate-of-other-tokens': async () => {
    const { sandbox } = await aGitHub()
    sandbox.spend('rate-of-workflow-tokens', 1000)
    const app = gitHubLedgers(connectedAs(sandbox, 'rollgate-app[bot]'))
    const head = await app.append(null, emptyLedger('shop', 'production'), 'first')
    expect(head).toMatch(/^[0-9a-f]{40}$/)
    sandbox.spend('rate-of-other-tokens', 5000, 'rollgate-app[bot]')
    const problem = await problemOf(app.append(head, emptyLedger('shop', 'production'), 'second'))
    expect(problem.what).toContain('renewed at 2026-10-01T13:00:00.000Z')
  },
  'rate-limit-is-free': never('Rollgate reads the rate from the answers that it gets.', 'rateLimit.get'),
  'points-a-minute': gitHubRules('a used-up minute is waited out, and the write is made once'),
  'contents-a-minute': async () => {
    let now = noon
    const { sandbox, github } = await aGitHub({ clock: () => new Date(now) })
    sandbox.spend('contents-a-minute', 80)
    const aMinuteLater = () => {
      now += 60_000
    }
    sandbox.before({ operation: 'issues/create' }, aMinuteLater, { after: 1 })
    await gitHubIssues(github).create({ app: 'shop', environment: 'production' }, anIssue('1'))
    expect([sandbox.issues.length, requestsOf(sandbox, 'issues/create')]).toEqual([1, 2])
  },
  'contents-an-hour': gitHubRules('a used-up hour of content leaves the issue unmade, and names the wait'),
  'requests-at-once': async () => {
    const { sandbox, github } = await aGitHub()
    const sha = await sandbox.commit('main', { a: '1' }, 'One', { tag: 'v1' })
    const others = Promise.withResolvers<void>()
    const arrived = Promise.withResolvers<void>()
    let held = 0
    sandbox.before(
      { operation: 'rate-limit/get' },
      () => {
        held += 1
        if (held === atOnce) arrived.resolve()
        return others.promise
      },
      { times: atOnce },
    )
    const stranger = connectedAs(sandbox, 'ada')
    const requests = Array.from({ length: atOnce }, () => stranger.rest.rateLimit.get())
    await arrived.promise
    sandbox.before(
      { operation: 'git/get-ref' },
      async () => {
        others.resolve()
        await Promise.all(requests)
      },
      { after: 1 },
    )
    expect(known(await gitHubRepository(github).resolveTag('v1'))).toBe(sha)
    expect(requestsOf(sandbox, 'git/get-ref')).toBe(2)
  },
  'page-size': gitHubIssuesTest('more than a page of open issues hides none'),
  // GitHub's own count, whatever it lists. Commits of that number would take seconds to make.
  'comparison-commits': async () => {
    const { sandbox, github } = await aGitHub()
    const sha = await sandbox.commit('main', { a: '1' }, 'One')
    const body = { status: 'ahead', ahead_by: 251, behind_by: 0, total_commits: 251, commits: [], files: [] }
    const fault = { kind: 'status', status: 200, body } as const
    sandbox.inject({ on: { operation: 'repos/compare-commits-with-basehead' }, with: fault, times: 2 })
    const repository = gitHubRepository(github)
    expect(known(await repository.commitsBetween(sha, sha))?.total).toBe(251)
    expect(known(await repository.compare(sha, sha))?.commits).toBe(251)
    const compared = sandbox.requests.filter(({ path }) => path.includes('/compare/'))
    expect(compared.filter(({ path }) => !path.includes('per_page='))).toEqual([])
  },
  'comparison-files': async () => {
    const { sandbox, github } = await aGitHub()
    const base = await sandbox.commit('main', { a: '0' }, 'Base')
    const head = await sandbox.commit('main', many(301), 'Many')
    const between = known(await gitHubRepository(github).commitsBetween(base, head))
    expect([between?.added.paths.length, between?.added.whole]).toEqual([300, false])
  },
  'commit-files': never('Files come from trees and comparisons.', 'repos.getCommit', 'repos.listCommits'),
  // Folders come from the tree, which lists a hundred times as many.
  'folder-entries': async () => {
    const { sandbox, github } = await aGitHub()
    const sha = await sandbox.commit('main', { 'folder/a': '1', 'folder/b': '2' }, 'One')
    const repository = gitHubRepository(github)
    expect([...(known(await repository.tree(sha))?.entries.keys() ?? [])]).toEqual([
      'folder',
      'folder/a',
      'folder/b',
    ])
    expect(requestsOf(sandbox, 'repos/get-content')).toBe(0)
    expect(await repository.file('folder', sha)).toEqual({ kind: 'absent' })
  },
  'file-above-one-megabyte': gitHubRules('a file above one megabyte is read whole'),
  // A real tree of that size would take seconds.
  'tree-entries': async () => {
    const { sandbox, github } = await aGitHub()
    const sha = await sandbox.commit('main', { a: '1' }, 'One')
    const body = { sha, url: '', tree: [], truncated: true }
    sandbox.inject({ on: { operation: 'git/get-tree' }, with: { kind: 'status', status: 200, body } })
    expect(known(await gitHubRepository(github).tree(sha))?.whole).toBe(false)
  },
  'issues-with-every-label': inFile('test/contracts/issue.contract.ts')(
    'an open issue with one of several labels is listed once, and one that Rollgate made is not',
  ),
  'issue-body-length': gitHubIssuesTest(
    'a text that is too long for GitHub is cut, and is still found by its marks',
  ),
} satisfies Record<string, RuleAnswer>
