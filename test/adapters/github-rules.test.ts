import { describe, expect, test } from 'vitest'
import type { GitHub } from '../../src/adapters/github/connection.ts'
import { gitHubIssues } from '../../src/adapters/github/issue-store.ts'
import { gitHubLedgers } from '../../src/adapters/github/ledger/store.ts'
import { gitHubRecords } from '../../src/adapters/github/record-store.ts'
import { gitHubReleases } from '../../src/adapters/github/release/store.ts'
import { gitHubRepository } from '../../src/adapters/github/repository.ts'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import { absent, found, known } from '../../src/domain/reading.ts'
import { checkRules } from '../../src/pipeline/lock/approvals.ts'
import type { SandboxGitHub } from '../../src/sandbox/github/github.ts'
import type { OperationId } from '../../src/sandbox/github/operations.ts'
import { anIssue } from '../contracts/issue.contract.ts'
import { contractPlan } from '../contracts/record.contract.ts'
import { aGitHub, noon, problemOf, requestsOf } from './rules/a-github.ts'

/** The answers of Rollgate to rules of GitHub's: a problem that names them, a retry, or a way that needs none. */

const production = { app: 'shop', environment: 'production' }
const reviewers = { kind: 'reviewers', allowBypass: false } as const

const append = (github: GitHub) =>
  gitHubLedgers(github).append(null, emptyLedger('shop', 'production'), 'first', () => {})

describe('limits', () => {
  test('a used-up hour is a problem at once, with the time of its end', async () => {
    const { sandbox, github } = await aGitHub()
    sandbox.spend('rate-of-workflow-tokens', 1000)
    const problem = await problemOf(append(github))
    expect(problem.code).toBe('github-unavailable')
    expect(problem.what).toContain('renewed at 2026-10-01T13:00:00.000Z')
    expect(problem.next).toContain('a token of a GitHub App')
    expect(requestsOf(sandbox, 'git/create-tree')).toBe(1)
  })

  test('a used-up minute is waited out, and the write is made once', async () => {
    let now = noon
    const { sandbox, github } = await aGitHub({ clock: () => new Date(now) })
    sandbox.spend('points-a-minute', 900)
    const laterBy = (milliseconds: number) => () => {
      now += milliseconds
    }
    sandbox.before({ operation: 'git/create-tree' }, laterBy(60_000), { after: 1 })
    expect(await append(github)).toMatch(/^[0-9a-f]{40}$/)
    expect(requestsOf(sandbox, 'git/create-tree')).toBe(2)
    expect(requestsOf(sandbox, 'git/create-ref')).toBe(1)
  })

  test('a used-up hour of content leaves the issue unmade, and names the wait', async () => {
    const { sandbox, github } = await aGitHub()
    sandbox.spend('contents-an-hour', 500)
    const problem = await problemOf(gitHubIssues(github).create(production, anIssue('1')))
    expect(problem).toMatchObject({ code: 'github-unavailable' })
    expect(problem.what).toContain('wait for 3600 seconds')
    expect(sandbox.issues).toEqual([])
  })

  test('a file above one megabyte is read whole', async () => {
    const { sandbox, github } = await aGitHub()
    const text = 'x'.repeat(1024 * 1024 + 1)
    const sha = await sandbox.commit('main', { big: text }, 'Big')
    expect(known(await gitHubRepository(github).file('big', sha))?.length).toBe(text.length)
  })
})

describe('environments', () => {
  const unprotected = async (github: GitHub) =>
    problemOf(checkRules(gitHubRepository(github), 'production', reviewers))

  test('a private repository below Enterprise is refused, and named people are the way', async () => {
    const { sandbox, github } = await aGitHub({ tier: 'private-team' })
    sandbox.environment('production', { reviewers: { users: ['ada'] } })
    const problem = await unprotected(github)
    expect(problem.code).toBe('environment-unprotected')
    expect(problem.next).toContain('requires: { approval: { from: [login]')
  })

  test('an environment that a Deployment created is refused', async () => {
    const { sandbox, github } = await aGitHub()
    const sha = await sandbox.commit('main', { a: '1' }, 'One')
    const plan = contractPlan(sha)
    const options = { mayExist: false }
    await gitHubRecords(github).open(plan, 1, 'https://run', options)
    const checked = checkRules(gitHubRepository(github), plan.environment.name, reviewers)
    expect((await problemOf(checked)).code).toBe('environment-unprotected')
  })

  test('an environment and its approvals are found however the name is written', async () => {
    const { sandbox, github } = await aGitHub()
    sandbox.environment('production', { reviewers: { users: ['ada'] } })
    sandbox.run({ id: 7 })
    sandbox.approve(7, { environment: 'production', user: 'ada' })
    const repository = gitHubRepository(github)
    expect(await repository.environmentRules('Production')).toMatchObject({ kind: 'found' })
    expect(await repository.approvals(7, 'Production')).toMatchObject({
      value: { approved: [{ by: 'ada' }] },
    })
  })
})

describe('tokens and references', () => {
  test('the token of a run for a fork writes no ledger, and the permission is named', async () => {
    const { github } = await aGitHub({}, 'fork')
    const problem = await problemOf(append(github))
    expect(problem).toMatchObject({ code: 'permission-missing' })
    expect(problem.why).toContain('`contents: write`')
  })

  test('a tag is read as the tag, whatever branch has its name', async () => {
    const { sandbox, github } = await aGitHub()
    const sha = await sandbox.commit('main', { a: '1' }, 'One', { tag: 'v1' })
    await sandbox.commit('v1', { b: '1' }, 'A branch of the same name')
    expect(await gitHubRepository(github).resolveTag('v1')).toEqual(found(sha))
  })

  test('a tag of another case is another tag', async () => {
    const { sandbox, github } = await aGitHub()
    await sandbox.commit('main', { a: '1' }, 'One', { tag: 'v1' })
    expect(await gitHubRepository(github).resolveTag('V1')).toEqual(absent)
  })
})

describe('releases', () => {
  test('other workflows than those of the default branch are named where GitHub says 404', async () => {
    const { sandbox, github } = await aGitHub()
    const old = await sandbox.commit('main', { '.github/workflows/a.yml': 'on: push' }, 'One')
    await sandbox.commit('main', { '.github/workflows/a.yml': 'on: release' }, 'Two')
    const problem = await problemOf(gitHubReleases(github).draft('v1', old, 'text'))
    expect(problem.code).toBe('permission-missing')
    expect(problem.why).toContain('differ from those of the default branch')
  })

  test.each([
    ['an immutable release had', 'burned'],
    ['a ruleset keeps from being made', 'ruled'],
  ])('a tag that %s is refused with both reasons', async (_, how) => {
    const { sandbox, github } = await aGitHub()
    const sha = await sandbox.commit('main', { a: '1' }, 'One')
    const { rest, place } = github
    if (how === 'burned') {
      const { data } = await rest.repos.createRelease({ ...place, tag_name: 'v1' })
      await rest.repos.deleteRelease({ ...place, release_id: data.id })
      await rest.git.deleteRef({ ...place, ref: 'tags/v1' })
    } else sandbox.tagRuleset('Releases', { include: ['refs/tags/v*'], rules: ['creation'] })
    const problem = await problemOf(gitHubReleases(github).tag('v1', sha, ''))
    expect(problem.code).toBe('github-refused')
    expect(problem.why).toMatch(/ruleset.*or an immutable release had this tag once/)
    expect(problem.next).toContain('take another tag')
  })

  test('a tag that GitHub cannot make at once is made a second later, and once', async () => {
    const { sandbox, github } = await aGitHub()
    const sha = await sandbox.commit('main', { a: '1' }, 'One')
    const body = { message: 'Reference update failed' }
    sandbox.inject({ on: { operation: 'git/create-ref' }, with: { kind: 'status', status: 422, body } })
    expect(await gitHubReleases(github).tag('v1', sha, 'A message')).toBe(true)
    expect(await gitHubRepository(github).resolveTag('v1')).toEqual(found(sha))
    expect([requestsOf(sandbox, 'git/create-tag'), requestsOf(sandbox, 'git/create-ref')]).toEqual([1, 2])
  })
})

describe('a list that lags behind a write whose answer was lost', () => {
  const lost = (sandbox: SandboxGitHub, making: OperationId, listing: OperationId) => {
    sandbox.inject({ on: { operation: making }, with: { kind: 'lost-response' } })
    return sandbox.inject({ on: { operation: listing }, with: { kind: 'stale' } })
  }

  test('makes no second record', async () => {
    const { sandbox, github } = await aGitHub()
    const plan = contractPlan(await sandbox.commit('main', { a: '1' }, 'One'))
    const stale = lost(sandbox, 'repos/create-deployment', 'repos/list-deployments')
    expect(await gitHubRecords(github).open(plan, 1, 'https://run', { mayExist: false })).toBe(1)
    expect([sandbox.deployments.length, stale.hits]).toEqual([1, 1])
  })

  test('makes no second issue', async () => {
    const { sandbox, github } = await aGitHub()
    const stale = lost(sandbox, 'issues/create', 'issues/list-for-repo')
    expect(await gitHubIssues(github).create(production, anIssue('1'))).toBe(1)
    expect([sandbox.issues.length, stale.hits]).toEqual([1, 1])
  })

  test('makes no second comment', async () => {
    const { sandbox, github } = await aGitHub()
    const issues = gitHubIssues(github)
    const issue = await issues.create(production, anIssue('1'))
    const words = { key: '2', text: 'Over' }
    sandbox.inject({ on: { operation: 'issues/create-comment' }, with: { kind: 'lost-response' } })
    const stale = sandbox.inject({
      on: { operation: 'issues/list-comments' },
      after: 1,
      with: { kind: 'stale' },
    })
    await issues.comment(issue, words)
    expect([sandbox.issues[0]?.comments.length, stale.hits]).toEqual([1, 1])
  })

  test('makes no second draft', async () => {
    const { sandbox, github } = await aGitHub()
    const sha = await sandbox.commit('main', { a: '1' }, 'One')
    const stale = lost(sandbox, 'repos/create-release', 'repos/list-releases')
    await gitHubReleases(github).draft('v1', sha, 'text')
    expect([sandbox.releases.length, stale.hits]).toEqual([1, 1])
  })
})
