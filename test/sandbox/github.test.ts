import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Octokit } from '@octokit/rest'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { responseConforms } from '../../src/sandbox/github/conformance.ts'
import { describedOperations } from '../../src/sandbox/github/description.ts'
import { type SandboxGitHub, startGitHub } from '../../src/sandbox/github/github.ts'
import { renderLog } from '../../src/sandbox/github/log.ts'
import { operations } from '../../src/sandbox/github/operations.ts'
import type { Permissions } from '../../src/sandbox/github/tokens.ts'

const shop = { owner: 'acme', repo: 'shop' }
const everything: Permissions = {
  actions: 'write',
  contents: 'write',
  deployments: 'write',
  issues: 'write',
  members: 'read',
}
const now = () => new Date('2026-10-01T12:00:00Z')

let folder: string
let github: SandboxGitHub
let octokit: Octokit

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'rollgate-github-'))
  github = await startGitHub({ folder, repository: 'acme/shop', clock: now })
  octokit = client(everything)
})

afterEach(async () => {
  await github.stop()
  await rm(folder, { recursive: true, force: true })
})

function client(permissions: Permissions, actor = 'github-actions[bot]'): Octokit {
  return clientWith(github.token(actor, permissions))
}

function clientWith(auth: string): Octokit {
  const quiet = () => {}
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
  return new Octokit({ baseUrl: github.url, auth, log })
}

/** The status and message of the error that a call ends in. */
async function refusal(call: Promise<unknown>): Promise<{ status: number; message: string }> {
  const error = await call.then(
    () => undefined,
    (reason: { status: number; message: string }) => reason,
  )
  if (error === undefined) throw new Error('the call was expected to fail')
  return { status: error.status, message: error.message }
}

/** Writes one ledger-like commit on top of a parent. */
async function append(text: string, parents: string[]): Promise<string> {
  const tree = [{ path: 'state.json', mode: '100644' as const, type: 'blob' as const, content: text }]
  const { data: made } = await octokit.git.createTree({ ...shop, tree })
  const { data } = await octokit.git.createCommit({ ...shop, message: text, tree: made.sha, parents })
  return data.sha
}

async function deploy(environment: string, more: object = {}) {
  const standard = { ...shop, ref: 'main', environment, auto_merge: false, required_contexts: [] }
  const { data } = await octokit.repos.createDeployment({ ...standard, ...more })
  if (!('id' in data)) throw new Error(`no deployment: ${data.message}`)
  return data
}

async function states(deployment_id: number): Promise<string[]> {
  const { data } = await octokit.repos.listDeploymentStatuses({ ...shop, deployment_id })
  return data.map((status) => status.state)
}

describe('references', () => {
  test('a reference outside branches and tags is made, moved, read, listed and deleted', async () => {
    const first = await append('one', [])
    const second = await append('two', [first])
    const ref = 'rollgate/shop/production'
    await octokit.git.createRef({ ...shop, ref: `refs/${ref}`, sha: first })
    await octokit.git.updateRef({ ...shop, ref, sha: second })
    const { data } = await octokit.git.getRef({ ...shop, ref })
    expect(data).toMatchObject({ ref: `refs/${ref}`, object: { type: 'commit', sha: second } })
    const { data: matching } = await octokit.git.listMatchingRefs({ ...shop, ref: 'rollgate/sh' })
    expect(matching.map((each) => each.ref)).toEqual([`refs/${ref}`])
    await octokit.git.deleteRef({ ...shop, ref })
    expect(await refusal(octokit.git.getRef({ ...shop, ref }))).toMatchObject({ status: 404 })
    expect(github.violations).toEqual([])
  })

  test('writers that race from the same parent: exactly one wins', async () => {
    const parent = await append('parent', [])
    const ref = 'rollgate/shop/production'
    await octokit.git.createRef({ ...shop, ref: `refs/${ref}`, sha: parent })
    const rivals = await Promise.all(['a', 'b', 'c', 'd'].map((text) => append(text, [parent])))
    const outcomes = await Promise.allSettled(
      rivals.map((sha) => octokit.git.updateRef({ ...shop, ref, sha, force: false })),
    )
    const winners = outcomes.flatMap((outcome) =>
      outcome.status === 'fulfilled' ? [outcome.value.data.object.sha] : [],
    )
    const losers = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason.message] : [],
    )
    expect(winners).toHaveLength(1)
    expect(losers.every((message: string) => message.startsWith('Update is not a fast forward'))).toBe(true)
    const { data } = await octokit.git.getRef({ ...shop, ref })
    expect(data.object.sha).toBe(winners[0])
  })

  test('writers that race to create a reference: exactly one wins', async () => {
    const sha = await append('first', [])
    const ref = 'refs/rollgate/shop/staging'
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(() => octokit.git.createRef({ ...shop, ref, sha })),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await refusal(octokit.git.createRef({ ...shop, ref, sha }))).toMatchObject({
      status: 422,
      message: expect.stringContaining('Reference already exists'),
    })
  })

  test('only force moves a reference backwards', async () => {
    const first = await append('one', [])
    const second = await append('two', [first])
    const ref = 'rollgate/shop/production'
    await octokit.git.createRef({ ...shop, ref: `refs/${ref}`, sha: second })
    expect(await refusal(octokit.git.updateRef({ ...shop, ref, sha: first }))).toMatchObject({ status: 422 })
    await octokit.git.updateRef({ ...shop, ref, sha: first, force: true })
    expect((await octokit.git.getRef({ ...shop, ref })).data.object.sha).toBe(first)
  })

  test('a reference needs a valid name, an object, and to exist before it moves', async () => {
    const sha = await append('one', [])
    const missing = '1'.repeat(40)
    const refused = [
      octokit.git.createRef({ ...shop, ref: 'refs/short', sha }),
      octokit.git.createRef({ ...shop, ref: 'refs/heads/two words', sha }),
      octokit.git.createRef({ ...shop, ref: 'refs/heads/new', sha: missing }),
      octokit.git.updateRef({ ...shop, ref: 'rollgate/none/here', sha }),
      octokit.git.deleteRef({ ...shop, ref: 'rollgate/none/here' }),
    ]
    const messages = (await Promise.all(refused.map(refusal))).map(({ message }) => message.split(' - ')[0])
    expect(messages).toEqual([
      'refs/short is not a valid ref name.',
      'refs/heads/two words is not a valid ref name.',
      'Object does not exist',
      'Reference does not exist',
      'Reference does not exist',
    ])
    expect(github.violations).toEqual([])
  })
})

describe('git objects', () => {
  test('a tree is laid over its base: files come, change and go', async () => {
    const base = await github.commit(
      'main',
      { 'keep.txt': 'kept', 'gone.txt': 'x', 'lib/a.txt': 'a' },
      'Base',
    )
    const { data: blob } = await octokit.git.createBlob({ ...shop, content: 'from a blob' })
    const { data } = await octokit.git.createTree({
      ...shop,
      base_tree: base,
      tree: [
        { path: 'gone.txt', mode: '100644', type: 'blob', sha: null },
        { path: 'lib/b.txt', mode: '100644', type: 'blob', sha: blob.sha },
        { path: 'run.sh', mode: '100755', type: 'blob', content: '#!/bin/sh\n' },
      ],
    })
    const { data: all } = await octokit.git.getTree({ ...shop, tree_sha: data.sha, recursive: 'true' })
    expect(all.tree.map((entry) => `${entry.mode} ${entry.path}`)).toEqual([
      '100644 keep.txt',
      '040000 lib',
      '100644 lib/a.txt',
      '100644 lib/b.txt',
      '100755 run.sh',
    ])
    const { data: read } = await octokit.git.getBlob({ ...shop, file_sha: blob.sha })
    expect(Buffer.from(read.content, 'base64').toString()).toBe('from a blob')
    expect(github.violations).toEqual([])
  })

  test('a subtree is placed by its SHA, and bad entries are refused', async () => {
    const inner = await octokit.git.createTree({
      ...shop,
      tree: [{ path: 'a', mode: '100644', content: 'a' }],
    })
    const { data } = await octokit.git.createTree({
      ...shop,
      tree: [{ path: 'inner', mode: '040000', type: 'tree', sha: inner.data.sha }],
    })
    expect(data.tree).toMatchObject([{ path: 'inner', type: 'tree', sha: inner.data.sha }])
    const unknown = { path: 'x', mode: '100644' as const, sha: '2'.repeat(40) }
    expect(await refusal(octokit.git.createTree({ ...shop, tree: [unknown] }))).toMatchObject({ status: 422 })
    const outside = { path: '../x', mode: '100644' as const, content: 'x' }
    expect(await refusal(octokit.git.createTree({ ...shop, tree: [outside] }))).toMatchObject({ status: 422 })
  })

  test('a commit keeps its message to the letter, its parents and its author', async () => {
    const parent = await append('parent', [])
    const { data: tree } = await octokit.git.getCommit({ ...shop, commit_sha: parent })
    const message = 'subject — ünïcode\n\nbody, no newline at the end'
    const author = { name: 'Grace', email: 'grace@example.com', date: '2026-02-03T04:05:06Z' }
    const made = await octokit.git.createCommit({
      ...shop,
      message,
      tree: tree.tree.sha,
      parents: [parent],
      author,
    })
    const { data } = await octokit.git.getCommit({ ...shop, commit_sha: made.data.sha })
    expect(data).toMatchObject({ message, author, committer: author, parents: [{ sha: parent }] })
    expect(tree.author).toEqual({
      name: 'github-actions[bot]',
      email: '41898282+github-actions[bot]@users.noreply.github.com',
      date: '2026-10-01T12:00:00Z',
    })
  })

  test('an annotated tag is an object of its own and is peeled where a commit is asked for', async () => {
    const sha = await github.commit('main', { a: '1' }, 'One', { tag: 'v1.0.0', annotated: true })
    const { data: reference } = await octokit.git.getRef({ ...shop, ref: 'tags/v1.0.0' })
    expect(reference.object.type).toBe('tag')
    const { data: tag } = await octokit.git.getTag({ ...shop, tag_sha: reference.object.sha })
    expect(tag).toMatchObject({ tag: 'v1.0.0', object: { type: 'commit', sha } })
    for (const ref of ['tags/v1.0.0', 'v1.0.0', 'heads/main', 'main', sha, sha.slice(0, 8)]) {
      expect((await octokit.repos.getCommit({ ...shop, ref })).data.sha).toBe(sha)
    }
    expect(github.violations).toEqual([])
  })

  test('a lightweight tag holds the commit itself, and can be moved by the test', async () => {
    const one = await github.commit('main', { a: '1' }, 'One', { tag: 'v1' })
    const two = await github.commit('main', { a: '2' }, 'Two')
    const tagged = async () => (await octokit.git.getRef({ ...shop, ref: 'tags/v1' })).data.object
    expect(await tagged()).toMatchObject({ type: 'commit', sha: one })
    await github.tag('v1', two)
    expect(await tagged()).toMatchObject({ type: 'commit', sha: two })
  })

  test('the same seed gives the same SHAs', async () => {
    const other = await startGitHub({ folder: path.join(folder, 'other'), repository: 'acme/shop' })
    const seed = (each: SandboxGitHub) =>
      each.commit('main', { a: '1' }, 'One', { tag: 'v1', annotated: true })
    expect(await seed(other)).toBe(await seed(github))
    await other.stop()
  })
})

describe('contents and history', () => {
  test('a file is read raw at a commit that only a ledger reference reaches', async () => {
    const sha = await append('{"serving":"v1"}', [])
    await octokit.git.createRef({ ...shop, ref: 'refs/rollgate/shop/production', sha })
    const asked = { ...shop, path: 'state.json', ref: sha }
    const raw = await octokit.repos.getContent({
      ...asked,
      headers: { accept: 'application/vnd.github.raw+json' },
    })
    expect(raw.data).toBe('{"serving":"v1"}')
    expect(raw.headers['content-type']).toBe('application/vnd.github.raw+json; charset=utf-8')
    const { data } = await octokit.repos.getContent(asked)
    expect(data).toMatchObject({ type: 'file', encoding: 'base64', size: 16 })
    expect(github.violations).toEqual([])
  })

  test('a folder lists its entries, and what is not there is not found', async () => {
    await github.commit('main', { 'bin/run': { content: '#!', executable: true }, 'bin/lib/x': 'x' }, 'One')
    const { data } = await octokit.repos.getContent({ ...shop, path: 'bin' })
    expect(data).toMatchObject([
      { path: 'bin/lib', type: 'dir' },
      { path: 'bin/run', type: 'file' },
    ])
    expect(await refusal(octokit.repos.getContent({ ...shop, path: 'nope' }))).toMatchObject({ status: 404 })
    expect(await refusal(octokit.repos.getContent({ ...shop, path: 'bin', ref: 'v9' }))).toMatchObject({
      status: 404,
      message: expect.stringContaining('No commit found for the ref v9'),
    })
    expect(github.violations).toEqual([])
  })

  test('a comparison says ahead, behind, diverged or identical, and what changed', async () => {
    const base = await github.commit('main', { a: '1\n', b: 'b\n' }, 'Base', { tag: 'v1' })
    await github.branch('side', base)
    await github.commit('main', { a: '2\n', b: null }, 'Two')
    await github.commit('main', { c: 'c\n' }, 'Three', { tag: 'v2', annotated: true })
    await github.commit('side', { d: 'd\n' }, 'Side')
    const compared = async (basehead: string) =>
      (await octokit.repos.compareCommitsWithBasehead({ ...shop, basehead })).data
    expect(await compared('v1...v2')).toMatchObject({
      status: 'ahead',
      ahead_by: 2,
      behind_by: 0,
      commits: [{ commit: { message: 'Two\n' } }, { commit: { message: 'Three\n' } }],
      files: [
        { filename: 'a', status: 'modified', additions: 1, deletions: 1 },
        { filename: 'b', status: 'removed' },
        { filename: 'c', status: 'added' },
      ],
    })
    expect(await compared('v2...v1')).toMatchObject({ status: 'behind', behind_by: 2, commits: [] })
    expect(await compared('main...side')).toMatchObject({ status: 'diverged', ahead_by: 1, behind_by: 2 })
    expect(await compared(`${base}...v1`)).toMatchObject({ status: 'identical', total_commits: 0, files: [] })
    const paged = { ...shop, basehead: 'v1...v2', per_page: 1, page: 2 }
    const second = await octokit.repos.compareCommitsWithBasehead(paged)
    expect(second.data).toMatchObject({ total_commits: 2, commits: [{ commit: { message: 'Three\n' } }] })
    expect(second.headers.link).toContain('rel="prev"')
    expect(github.violations).toEqual([])
  })

  test('a commit shows its files, and a ref that does not exist is refused as GitHub does', async () => {
    await github.commit('main', { a: '1\n' }, 'One')
    const { data } = await octokit.repos.getCommit({ ...shop, ref: 'main' })
    expect(data).toMatchObject({
      stats: { additions: 1, total: 1 },
      files: [{ filename: 'a', status: 'added' }],
    })
    expect(await refusal(octokit.repos.getCommit({ ...shop, ref: 'nope' }))).toMatchObject({
      status: 422,
      message: expect.stringContaining('No commit found for SHA: nope'),
    })
  })
})

describe('deployments', () => {
  let sha: string
  beforeEach(async () => {
    sha = await github.commit('main', { a: '1' }, 'One', { tag: 'v1' })
  })

  test('a deployment resolves its ref and says by itself what production is', async () => {
    const production = await deploy('production', { ref: 'v1', payload: { version: 1 }, task: 'rollback' })
    expect(production).toMatchObject({
      id: 1,
      sha,
      ref: 'v1',
      task: 'rollback',
      payload: { version: 1 },
      production_environment: true,
      creator: { login: 'github-actions[bot]', type: 'Bot' },
      created_at: '2026-10-01T12:00:00Z',
    })
    expect(await deploy('staging')).toMatchObject({ id: 2, production_environment: false })
    const { data } = await octokit.repos.listDeployments({ ...shop, environment: 'staging' })
    expect(data.map(({ id }) => id)).toEqual([2])
    expect((await octokit.repos.getDeployment({ ...shop, deployment_id: 1 })).data.sha).toBe(sha)
    expect(await refusal(octokit.repos.getDeployment({ ...shop, deployment_id: 9 }))).toMatchObject({
      status: 404,
    })
    expect(await refusal(deploy('staging', { ref: 'v9' }))).toMatchObject({ status: 422 })
    expect(github.violations).toEqual([])
  })

  test('auto_merge, when it is left out, turns a deployment of an older tag into 202', async () => {
    await github.commit('main', { a: '2' }, 'Two')
    const answer = await octokit.repos.createDeployment({ ...shop, ref: 'v1' })
    expect(answer.status).toBe(202)
    expect(answer.data).toEqual({ message: 'Auto-merged main into v1 on deployment.' })
    expect(github.deployments).toEqual([])
    expect(github.violations).toEqual([])
  })

  test('required contexts, when they are left out, are all that the commit has', async () => {
    github.commitStatus(sha, 'ci/build', 'pending')
    const wanted = { ...shop, ref: sha, auto_merge: false }
    expect(await refusal(octokit.repos.createDeployment(wanted))).toMatchObject({ status: 409 })
    expect((await octokit.repos.createDeployment({ ...wanted, required_contexts: [] })).status).toBe(201)
    github.commitStatus(sha, 'ci/build', 'success')
    expect((await octokit.repos.createDeployment(wanted)).status).toBe(201)
    expect(github.violations).toEqual([])
  })

  test('statuses are listed newest first, and a description longer than 140 characters is refused', async () => {
    const { id } = await deploy('production')
    const status = { ...shop, deployment_id: id }
    await octokit.repos.createDeploymentStatus({
      ...status,
      state: 'in_progress',
      description: 'ü'.repeat(140),
    })
    await octokit.repos.createDeploymentStatus({
      ...status,
      state: 'success',
      environment_url: 'https://shop.example.com',
      log_url: 'https://example.com/log',
    })
    expect(await states(id)).toEqual(['success', 'in_progress'])
    const tooLong = octokit.repos.createDeploymentStatus({
      ...status,
      state: 'pending',
      description: 'x'.repeat(141),
    })
    expect(await refusal(tooLong)).toMatchObject({
      status: 422,
      message: expect.stringContaining('too long'),
    })
    expect(github.violations).toEqual([])
    expect(github.deployments[0]?.statuses).toHaveLength(2)
  })

  test('auto_inactive retires older successes, but neither production nor transient nor failed ones', async () => {
    const succeed = (deployment_id: number, auto_inactive = true) =>
      octokit.repos.createDeploymentStatus({ ...shop, deployment_id, state: 'success', auto_inactive })
    const older = await deploy('staging')
    const transient = await deploy('staging', { transient_environment: true })
    const failed = await deploy('staging')
    const production = await deploy('production')
    await succeed(older.id)
    await succeed(transient.id, false)
    await octokit.repos.createDeploymentStatus({ ...shop, deployment_id: failed.id, state: 'failure' })
    await succeed(production.id)
    await succeed((await deploy('staging')).id)
    await succeed((await deploy('production')).id)
    expect(await states(older.id)).toEqual(['inactive', 'success'])
    expect(await states(transient.id)).toEqual(['success'])
    expect(await states(failed.id)).toEqual(['failure'])
    expect(await states(production.id)).toEqual(['success'])
  })

  test('long lists come in pages that Octokit can follow', async () => {
    for (let count = 0; count < 5; count++) await deploy('staging')
    const ids = await octokit.paginate(octokit.repos.listDeployments, { ...shop, per_page: 2 }, ({ data }) =>
      data.map(({ id }) => id),
    )
    expect(ids).toEqual([5, 4, 3, 2, 1])
  })
})

describe('environments and runs', () => {
  test('an environment shows its protection rules; a missing one is not found', async () => {
    github.team('releasers', ['grace'])
    github.environment('production/eu', {
      reviewers: { users: ['grace'], teams: ['releasers'] },
      preventSelfReview: true,
      waitTimer: 30,
      branchPolicy: [{ name: 'v*', type: 'tag' }],
    })
    github.environment('staging')
    const named = { ...shop, environment_name: 'production/eu' }
    const { data } = await octokit.repos.getEnvironment(named)
    expect(data.protection_rules).toMatchObject([
      { type: 'wait_timer', wait_timer: 30 },
      {
        type: 'required_reviewers',
        prevent_self_review: true,
        reviewers: [
          { type: 'User', reviewer: { login: 'grace' } },
          { type: 'Team', reviewer: { slug: 'releasers' } },
        ],
      },
      { type: 'branch_policy' },
    ])
    expect(data.deployment_branch_policy).toEqual({ protected_branches: false, custom_branch_policies: true })
    const policies = await octokit.repos.listDeploymentBranchPolicies(named)
    expect(policies.data.branch_policies).toMatchObject([{ name: 'v*', type: 'tag' }])
    const all = await octokit.repos.getAllEnvironments(shop)
    expect(all.data.environments?.map(({ name }) => name)).toEqual(['production/eu', 'staging'])
    expect(all.data.environments?.[1]).toMatchObject({ protection_rules: [], deployment_branch_policy: null })
    const missing = octokit.repos.getEnvironment({ ...shop, environment_name: 'prodution' })
    expect(await refusal(missing)).toMatchObject({ status: 404 })
    expect(github.violations).toEqual([])
  })

  test('a run shows what it waits for, then who approved it', async () => {
    const sha = await github.commit('main', { a: '1' }, 'One')
    github.environment('production', { reviewers: { users: ['grace'] } })
    github.run({ id: 77, actor: 'ada', status: 'waiting', waitingFor: ['production'] })
    const run = { ...shop, run_id: 77 }
    expect((await octokit.actions.getPendingDeploymentsForRun(run)).data).toMatchObject([
      { environment: { name: 'production' }, reviewers: [{ reviewer: { login: 'grace' } }] },
    ])
    github.approve(77, { environment: 'production', user: 'grace', comment: 'Looks right' })
    github.run({ id: 77, status: 'in_progress', waitingFor: [], attempt: 2, triggeringActor: 'bob' })
    expect((await octokit.actions.getReviewsForRun(run)).data).toMatchObject([
      {
        state: 'approved',
        comment: 'Looks right',
        user: { login: 'grace' },
        environments: [{ name: 'production' }],
      },
    ])
    expect((await octokit.actions.getPendingDeploymentsForRun(run)).data).toEqual([])
    expect((await octokit.actions.getWorkflowRun(run)).data).toMatchObject({
      status: 'in_progress',
      run_attempt: 2,
      head_sha: sha,
      actor: { login: 'ada' },
      triggering_actor: { login: 'bob' },
    })
    github.run({ id: 78, status: 'completed', conclusion: 'cancelled' })
    const { data } = await octokit.actions.listWorkflowRunsForRepo({ ...shop, status: 'cancelled' })
    expect(data.workflow_runs.map(({ id }) => id)).toEqual([78])
    expect(await refusal(octokit.actions.getWorkflowRun({ ...shop, run_id: 1 }))).toMatchObject({
      status: 404,
    })
    expect(github.violations).toEqual([])
  })

  test('a dispatch starts a run on a branch or tag, never on a SHA', async () => {
    const sha = await github.commit(
      'main',
      { '.github/workflows/decide.yml': 'on: { workflow_dispatch: { inputs: { decision: {} } } }' },
      'One',
    )
    const dispatch = { ...shop, workflow_id: 'decide.yml', ref: 'main' }
    await octokit.actions.createWorkflowDispatch({ ...dispatch, inputs: { decision: 'retry' } })
    expect(github.runs).toMatchObject([
      { workflow: 'decide.yml', status: 'queued', inputs: { decision: 'retry' }, event: 'workflow_dispatch' },
    ])
    const detailed = await octokit.actions.createWorkflowDispatch({ ...dispatch, return_run_details: true })
    expect(detailed.data).toMatchObject({ workflow_run_id: github.runs[1]?.id })
    const onSha = octokit.actions.createWorkflowDispatch({ ...dispatch, ref: sha })
    expect(await refusal(onSha)).toMatchObject({ status: 422 })
    const unknown = octokit.actions.createWorkflowDispatch({ ...dispatch, workflow_id: 'nope.yml' })
    expect(await refusal(unknown)).toMatchObject({ status: 404 })
    expect(github.violations).toEqual([])
  })
})

describe('repository, people, releases and issues', () => {
  test('roles and team members are as the test set them', async () => {
    github.collaborator('grace', 'maintain')
    github.team('releasers', ['grace'])
    const role = async (username: string) =>
      (await octokit.repos.getCollaboratorPermissionLevel({ ...shop, username })).data
    expect(await role('grace')).toMatchObject({ permission: 'write', role_name: 'maintain' })
    expect(await role('mallory')).toMatchObject({ permission: 'none' })
    const team = { org: 'acme', team_slug: 'releasers' }
    const { teams } = client({ members: 'read' }, 'helper[bot]')
    const { data } = await teams.getMembershipForUserInOrg({ ...team, username: 'grace' })
    expect(data).toMatchObject({ state: 'active' })
    const mallory = teams.getMembershipForUserInOrg({ ...team, username: 'mallory' })
    expect(await refusal(mallory)).toMatchObject({ status: 404 })
    expect(github.violations).toEqual([])
  })

  test('the repository, the rate limit and the standard headers are shown', async () => {
    const { data, headers } = await octokit.repos.get({
      ...shop,
      headers: { 'x-github-api-version': '2026-03-10' },
    })
    expect(data).toMatchObject({ full_name: 'acme/shop', default_branch: 'main', owner: { login: 'acme' } })
    expect(headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-github-request-id': expect.stringMatching(/^SAND:/),
      'x-github-api-version-selected': '2026-03-10',
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': '999',
      'x-ratelimit-reset': String(Date.parse('2026-10-01T13:00:00Z') / 1000),
    })
    expect((await octokit.rateLimit.get()).data.rate).toMatchObject({ limit: 1000, used: 1 })
    expect(await refusal(octokit.repos.get({ ...shop, repo: 'other' }))).toMatchObject({ status: 404 })
    const old = octokit.repos.get({ ...shop, headers: { 'x-github-api-version': '1999-01-01' } })
    expect(await refusal(old)).toMatchObject({ status: 400 })
    expect(github.violations).toEqual([])
  })

  test('releases are listed and found by id and tag; a draft has no tag yet', async () => {
    github.release('v1', { name: 'One' })
    github.release('v2', { draft: true })
    expect((await octokit.repos.listReleases(shop)).data.map((release) => release.tag_name)).toEqual([
      'v2',
      'v1',
    ])
    expect((await octokit.repos.getRelease({ ...shop, release_id: 1 })).data).toMatchObject({ name: 'One' })
    const { data } = await octokit.repos.getReleaseByTag({ ...shop, tag: 'v1' })
    expect(data).toMatchObject({ tag_name: 'v1', immutable: true })
    expect(await refusal(octokit.repos.getReleaseByTag({ ...shop, tag: 'v2' }))).toMatchObject({
      status: 404,
    })
    expect(github.violations).toEqual([])
  })

  test('an issue is opened, changed and closed', async () => {
    const { data } = await octokit.issues.create({
      ...shop,
      title: 'Paused',
      body: 'web-3',
      labels: ['rollgate'],
    })
    const change = { ...shop, issue_number: data.number, state: 'closed' as const, body: 'done' }
    expect((await octokit.issues.update(change)).data).toMatchObject({ state: 'closed', body: 'done' })
    expect(github.issues).toMatchObject([{ title: 'Paused', state: 'closed', labels: ['rollgate'] }])
    expect(await refusal(octokit.issues.update({ ...shop, issue_number: 9 }))).toMatchObject({ status: 404 })
    expect(github.violations).toEqual([])
  })
})

describe('tokens', () => {
  test('a missing permission is named, and write includes read', async () => {
    const sha = await github.commit('main', { a: '1' }, 'One')
    const reader = client({ contents: 'read', deployments: 'read' })
    expect((await reader.repos.listDeployments(shop)).data).toEqual([])
    const answer = await reader.repos
      .createDeployment({ ...shop, ref: sha })
      .catch((error) => error.response as { status: number; data: object; headers: object })
    expect(answer).toMatchObject({
      status: 403,
      data: { message: 'Resource not accessible by integration' },
      headers: { 'x-accepted-github-permissions': 'deployments=write' },
    })
    const writer = client({ deployments: 'write' })
    expect((await writer.repos.listDeployments(shop)).status).toBe(200)
    const team = { org: 'acme', team_slug: 'releasers', username: 'grace' }
    expect(await refusal(writer.teams.getMembershipForUserInOrg(team))).toMatchObject({ status: 403 })
    expect(github.violations).toEqual([])
  })

  test('an unknown token and no token are turned away', async () => {
    const stranger = clientWith('ghs_stranger')
    expect(await refusal(stranger.repos.get(shop))).toMatchObject({
      status: 401,
      message: expect.stringContaining('Bad credentials'),
    })
    expect((await fetch(`${github.url}/repos/acme/shop`)).status).toBe(401)
  })
})

describe('violations', () => {
  test('a body that GitHub would refuse is refused and collected', async () => {
    const response = await fetch(`${github.url}/repos/acme/shop/git/refs`, {
      method: 'POST',
      headers: { authorization: `token ${github.token('ada', everything)}` },
      body: JSON.stringify({ ref: 'refs/heads/x' }),
    })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({
      message: "Invalid request.\n\nmust have required property 'sha'",
    })
    expect(github.violations).toEqual([
      {
        kind: 'request',
        request: 'POST /repos/acme/shop/git/refs',
        number: 1,
        faults: ["must have required property 'sha'"],
      },
    ])
  })

  test('a request that GitHub would silently ignore is collected, and so is one that the sandbox does not answer', async () => {
    await github.commit('main', { a: '1' }, 'One')
    await octokit.request('POST /repos/acme/shop/deployments', { ref: 'main', auto_merged: false })
    await octokit.request('GET /repos/acme/shop/deployments?environmnet=production')
    await refusal(octokit.request('GET /repos/acme/shop/branches'))
    expect(github.violations.map(({ kind, faults }) => [kind, ...faults])).toEqual([
      ['request', '"auto_merged" is not a key that GitHub knows'],
      ['request', 'query parameter "environmnet" is not one that GitHub knows'],
      ['unknown-operation', 'the sandbox does not answer this'],
    ])
  })
})

test('an answer that does not keep to the description is noticed', () => {
  const read = describedOperations.find(({ id }) => id === 'git/get-ref')
  if (read === undefined) throw new Error('git/get-ref is not described')
  const body = {
    ref: 'refs/heads/main',
    node_id: 'x',
    url: 'not a url',
    object: { type: 'commit', sha: 'x' },
  }
  expect(responseConforms(read, 200, body)).toEqual([
    "object must have required property 'url'",
    'object/sha must NOT have fewer than 40 characters',
    'url must match format "uri"',
  ])
  expect(responseConforms(read, 204, undefined)).toEqual(['status 204 is not described'])
})

test('a test whose own hook throws gets a 500 and the story in the violations', async () => {
  github.before({}, () => {
    throw new Error('the test is wrong')
  })
  expect(await refusal(octokit.repos.get(shop))).toMatchObject({ status: 500 })
  expect(github.violations).toMatchObject([
    { kind: 'crash', faults: [expect.stringContaining('the test is wrong')] },
  ])
})

describe('faults', () => {
  let sha: string
  const ref = 'refs/rollgate/shop/production'
  const create = () => octokit.git.createRef({ ...shop, ref, sha })
  const exists = async () =>
    (await octokit.git.listMatchingRefs({ ...shop, ref: 'rollgate/' })).data.map((each) => each.ref)

  beforeEach(async () => {
    sha = await github.commit('main', { a: '1' }, 'One')
  })

  test('a dropped connection comes before any effect', async () => {
    const fault = github.inject({ on: { operation: 'git/create-ref' }, with: { kind: 'drop' } })
    await expect(create()).rejects.toThrow()
    expect(await exists()).toEqual([])
    expect(fault.hits).toBe(1)
    await create()
    expect(await exists()).toEqual([ref])
  })

  test('a lost response comes after the effect', async () => {
    github.inject({ on: { method: 'POST', path: /\/git\/refs$/ }, with: { kind: 'lost-response' } })
    await expect(create()).rejects.toThrow()
    expect(await exists()).toEqual([ref])
    expect(github.requests[0]).toMatchObject({ fault: 'lost-response', status: 201 })
  })

  test('a status is answered with its headers and body, and nothing is done', async () => {
    const headers = { 'retry-after': '1' }
    const fault = { kind: 'status' as const, status: 503, headers, body: { message: 'Unicorn' } }
    github.inject({ on: { method: 'POST' }, with: fault })
    const answer = await create().catch((error) => error.response)
    expect(answer).toMatchObject({ status: 503, headers, data: { message: 'Unicorn' } })
    expect(await exists()).toEqual([])
  })

  test('garbage is a 200 that no JSON parser takes', async () => {
    github.inject({ on: {}, with: { kind: 'garbage' } })
    const authorization = `token ${github.token('ada', everything)}`
    const response = await fetch(`${github.url}/repos/acme/shop`, { headers: { authorization } })
    expect(response.status).toBe(200)
    await expect(response.json()).rejects.toThrow(SyntaxError)
  })

  test('latency holds the answer back', async () => {
    github.inject({ on: {}, with: { kind: 'latency', ms: 60 } })
    const start = performance.now()
    await octokit.repos.get(shop)
    expect(performance.now() - start).toBeGreaterThanOrEqual(55)
  })

  test('a fault strikes in its turns only, and can be taken away', async () => {
    const fault = github.inject({
      on: { operation: 'repos/get' },
      after: 1,
      times: 2,
      with: { kind: 'status', status: 500 },
    })
    const statuses: number[] = []
    for (let count = 0; count < 4; count++) {
      statuses.push(
        await octokit.repos.get(shop).then(
          (answer) => answer.status,
          (error) => error.status,
        ),
      )
    }
    expect(statuses).toEqual([200, 500, 500, 200])
    expect(fault.hits).toBe(2)
    const always = github.inject({ on: {}, times: Number.POSITIVE_INFINITY, with: { kind: 'drop' } })
    await expect(octokit.repos.get(shop)).rejects.toThrow()
    always.remove()
    expect((await octokit.repos.get(shop)).status).toBe(200)
  })

  test('a hook lets another writer win the race', async () => {
    const [mine, theirs] = [await append('mine', [sha]), await append('theirs', [sha])]
    await create()
    const hook = github.before({ operation: 'git/update-ref' }, () => github.setReference(ref, theirs))
    const lost = octokit.git.updateRef({ ...shop, ref: 'rollgate/shop/production', sha: mine })
    expect(await refusal(lost)).toMatchObject({
      status: 422,
      message: expect.stringContaining('Update is not a fast forward'),
    })
    expect(hook.hits).toBe(1)
  })

  test('a hook freezes a request until the test lets it go, and stop ends one that is still frozen', async () => {
    const gate = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    github.before({ operation: 'git/create-ref' }, () => {
      reached.resolve()
      return gate.promise
    })
    const creating = create()
    await reached.promise
    expect(await exists()).toEqual([])
    gate.resolve()
    await creating
    expect(await exists()).toEqual([ref])

    const stuck = Promise.withResolvers<void>()
    github.before({ operation: 'repos/get' }, () => {
      stuck.resolve()
      return new Promise(() => {})
    })
    const frozen = octokit.repos.get(shop).catch((error: Error) => error)
    await stuck.promise
    await github.stop()
    expect(await frozen).toBeInstanceOf(Error)
  })
})

describe('the log', () => {
  test('every request is recorded, and reads the same in every run', async () => {
    const sha = await github.commit('main', { a: '1' }, 'One', { tag: 'v1.0.0' })
    await octokit.git.getRef({ ...shop, ref: 'tags/v1.0.0' })
    await octokit.repos.listDeployments({ ...shop, environment: 'eu/production' })
    github.inject({ on: { method: 'DELETE' }, with: { kind: 'drop' } })
    await refusal(octokit.git.deleteRef({ ...shop, ref: 'heads/main' }))
    await octokit.git.getCommit({ ...shop, commit_sha: sha })
    const headers = { 'x-github-api-version': '2022-11-28' }
    await octokit.git.createRef({ ...shop, ref: 'refs/heads/x', sha, headers })
    expect(renderLog(github.requests)).toBe(
      [
        'GET    /repos/acme/shop/git/ref/tags/v1.0.0 → 200',
        'GET    /repos/acme/shop/deployments?environment=eu/production → 200',
        'DELETE /repos/acme/shop/git/refs/heads/main → no answer (drop)',
        'GET    /repos/acme/shop/git/commits/<sha-1> → 200',
        'POST   /repos/acme/shop/git/refs → 201',
      ].join('\n'),
    )
    expect(github.requests.at(-1)).toEqual({
      number: 5,
      method: 'POST',
      path: '/repos/acme/shop/git/refs',
      operation: 'git/create-ref',
      body: { ref: 'refs/heads/x', sha },
      apiVersion: '2022-11-28',
      actor: 'github-actions[bot]',
      status: 201,
      fault: undefined,
    })
  })
})

test('every operation named is described in the committed part of the OpenAPI description', () => {
  expect(describedOperations.map(({ id }) => id).sort()).toEqual(Object.keys(operations).sort())
})
