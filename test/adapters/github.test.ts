import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { connect, type GitHub } from '../../src/adapters/github/connection.ts'
import { ledgerNames, ledgerRef } from '../../src/adapters/github/ledger/ref.ts'
import { gitHubLedgers } from '../../src/adapters/github/ledger/store.ts'
import { gitHubRecords } from '../../src/adapters/github/record-store.ts'
import { gitHubReleases } from '../../src/adapters/github/release/store.ts'
import { gitHubRepository } from '../../src/adapters/github/repository.ts'
import { type Fetch, transport } from '../../src/adapters/github/transport.ts'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import { Problem, type ProblemWords } from '../../src/domain/problem.ts'
import { absent, found, known, type Reading } from '../../src/domain/reading.ts'
import { type SandboxGitHub, startGitHub } from '../../src/sandbox/github/github.ts'
import type { OperationId } from '../../src/sandbox/github/operations.ts'
import type { Permissions } from '../../src/sandbox/github/tokens.ts'
import { type LedgerSetting, ledgerContract } from '../contracts/ledger.contract.ts'
import { contractPlan, recordContract } from '../contracts/record.contract.ts'
import { aFile, releaseContract } from '../contracts/release.contract.ts'
import { type BlindSetting, blindContract, repositoryContract } from '../contracts/repository.contract.ts'
import { createMemoryLedgers } from '../fakes/memory-ledger.ts'
import { createMemoryRecords } from '../fakes/memory-record.ts'
import { createMemoryReleases } from '../fakes/memory-releases.ts'
import { createMemoryRepository } from '../fakes/memory-repository.ts'

/** The permissions of a deployment's job, and `members` for policies that name teams. */
const jobPermissions: Permissions = {
  actions: 'read',
  checks: 'read',
  contents: 'write',
  deployments: 'write',
  members: 'read',
  statuses: 'read',
}
const now = new Date('2026-10-01T12:00:00Z')

async function startSandbox() {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollgate-adapters-'))
  const sandbox = await startGitHub({ folder, repository: 'acme/shop' })
  const close = async () => {
    await sandbox.stop()
    await rm(folder, { recursive: true, force: true })
  }
  return { sandbox, close }
}

interface Client {
  readonly permissions?: Permissions
  readonly token?: string
  readonly second?: number
  readonly say?: (line: string) => void
}

function clientOf(sandbox: SandboxGitHub, options: Client = {}): GitHub {
  const { permissions = jobPermissions, second = 1, say = () => {} } = options
  // The token of a workflow reads no team: that takes one of an App.
  const login = permissions.members === undefined ? 'github-actions[bot]' : 'rollgate-app[bot]'
  const token = options.token ?? sandbox.token(login, permissions)
  const clock = { now: () => now }
  return connect({ token, apiUrl: sandbox.url, repository: sandbox.repository, say, second, clock })
}

const git = (sandbox: SandboxGitHub, ...args: string[]) =>
  execFileSync('git', ['--git-dir', sandbox.gitDir, ...args], { encoding: 'utf8', maxBuffer: 16 << 20 })

/** A contract leaves nothing behind that GitHub's description does not know. */
async function closeClean({ sandbox, close }: Awaited<ReturnType<typeof startSandbox>>): Promise<void> {
  await close()
  expect(sandbox.violations).toEqual([])
}

ledgerContract('the fake', async (): Promise<LedgerSetting> => {
  const ledgers = createMemoryLedgers()
  return {
    ledgers,
    others: ledgers,
    plant: async (...place) => ledgers.plant(...place),
    text: async (...place) => ledgers.commits(...place).at(-1)?.text ?? null,
    beside: async (...place) => ledgers.commits(...place).at(-1)?.others ?? {},
    messages: async (...place) => ledgers.commits(...place).map(({ message }) => message),
    remove: async (...place) => ledgers.remove(...place),
    close: async () => {},
  }
})

ledgerContract('GitHub', async (): Promise<LedgerSetting> => {
  const started = await startSandbox()
  const { sandbox } = started
  const hasLedger = (ref: string) => git(sandbox, 'ls-tree', '--name-only', ref).includes('ledger.json')
  return {
    ledgers: gitHubLedgers(clientOf(sandbox)),
    others: gitHubLedgers(clientOf(sandbox)),
    async plant(app, environment, text) {
      const files = { 'ledger.json': text, 'README.md': 'planted' }
      git(
        sandbox,
        'update-ref',
        ledgerRef(app, environment),
        await sandbox.commit('planted', files, 'planted'),
      )
    },
    async text(app, environment) {
      const ref = ledgerRef(app, environment)
      return hasLedger(ref) ? git(sandbox, 'show', `${ref}:ledger.json`) : null
    },
    async beside(app, environment) {
      const ref = ledgerRef(app, environment)
      const names = git(sandbox, 'ls-tree', '-r', '--name-only', ref).trim().split('\n')
      const others = names.filter((name) => name !== 'ledger.json')
      return Object.fromEntries(others.map((name) => [name, git(sandbox, 'show', `${ref}:${name}`)]))
    },
    messages: async (app, environment) =>
      git(sandbox, 'log', '--reverse', '--format=%s', ledgerRef(app, environment)).trim().split('\n'),
    remove: async (app, environment) => void git(sandbox, 'update-ref', '-d', ledgerRef(app, environment)),
    close: () => closeClean(started),
  }
})

releaseContract('the fake', async () => {
  const world = createMemoryRepository()
  const releases = createMemoryReleases(world)
  return {
    releases,
    world: { ...world, ...releases, tag: world.tag, commit: world.commit },
    tagged: async (tag) => ({
      commit: known(await world.resolveTag(tag)),
      message: releases.messages.get(tag) ?? null,
    }),
    close: async () => {},
  }
})

releaseContract('GitHub', async () => {
  const started = await startSandbox()
  const { sandbox } = started
  const github = clientOf(sandbox)
  const tagged = async (tag: string) => {
    const commit = known(await gitHubRepository(github).resolveTag(tag))
    const annotated = commit !== null && git(sandbox, 'cat-file', '-t', `refs/tags/${tag}`).trim() === 'tag'
    const message = annotated
      ? git(sandbox, 'for-each-ref', '--format=%(contents)', `refs/tags/${tag}`)
      : null
    return { commit, message: message?.trimEnd() ?? null }
  }
  return { releases: gitHubReleases(github), world: sandbox, tagged, close: () => closeClean(started) }
})

recordContract('the fake', async () => {
  const records = createMemoryRecords()
  // The issues as GitHub shows them, without the fake's own bookkeeping.
  const shown = () =>
    records.shown.map(({ id, sha, task, environment, production, description, payload, statuses }) => ({
      id,
      sha,
      task,
      environment,
      production,
      description,
      payload,
      statuses,
    }))
  return { records, sha: 'a'.repeat(40), shown, close: async () => {} }
})

recordContract('GitHub', async () => {
  const started = await startSandbox()
  const { sandbox } = started
  const sha = await sandbox.commit('main', { file: '' }, 'release')
  // A commit on top, and a failed check: each keeps GitHub from making a record without the right options.
  await sandbox.commit('main', { file: 'newer' }, 'newer')
  sandbox.commitStatus(sha, 'ci', 'failure')
  return {
    records: gitHubRecords(clientOf(sandbox)),
    sha,
    shown: () =>
      sandbox.deployments.map(
        ({ id, sha, task, environment, production, description, payload, statuses }) => ({
          ...{ id, sha, task, environment, production, description: description ?? '', payload },
          statuses: statuses.map(({ state, description, environmentUrl, logUrl }) => ({
            state,
            description,
            environmentUrl,
            logUrl,
          })),
        }),
      ),
    close: () => closeClean(started),
  }
})

repositoryContract('the fake', async () => {
  const repository = createMemoryRepository()
  return { repository, world: repository, close: async () => {} }
})

blindContract('the fake', async () => {
  const repository = createMemoryRepository()
  await repository.commit('main', { file: 'text' }, 'first', { tag: 'v1.0.0' })
  repository.environment('production')
  repository.hide()
  return { repository, releases: createMemoryReleases(repository), close: async () => {} }
})

const lacking: readonly (readonly [
  string,
  (sandbox: SandboxGitHub) => GitHub,
  shown?: BlindSetting['shown'],
])[] = [
  ['GitHub, refusing', (sandbox) => clientOf(sandbox, { permissions: {} }), 'metadata'],
  [
    'GitHub, hiding',
    (sandbox) => {
      const with404 = { kind: 'status', status: 404, body: { message: 'Not Found' } } as const
      sandbox.inject({ on: {}, with: with404, times: Number.POSITIVE_INFINITY })
      return clientOf(sandbox)
    },
    'members',
  ],
  [
    'GitHub, failing',
    (sandbox) => {
      sandbox.inject({ on: {}, with: { kind: 'status', status: 502 }, times: Number.POSITIVE_INFINITY })
      return clientOf(sandbox)
    },
  ],
]

for (const [name, blinded, shown] of lacking)
  blindContract(name, async () => {
    const { sandbox, close } = await startSandbox()
    await sandbox.commit('main', { file: 'text' }, 'first', { tag: 'v1.0.0' })
    sandbox.environment('production')
    const github = blinded(sandbox)
    const seen = shown === undefined ? {} : { shown }
    return { repository: gitHubRepository(github), releases: gitHubReleases(github), close, ...seen }
  })

repositoryContract('GitHub', async () => {
  const started = await startSandbox()
  const repository = gitHubRepository(clientOf(started.sandbox))
  return { repository, world: started.sandbox, close: () => closeClean(started) }
})

describe('GitHub, when something goes wrong', () => {
  let sandbox: SandboxGitHub
  let close: () => Promise<void>
  let sha: string
  beforeEach(async () => {
    const started = await startSandbox()
    sandbox = started.sandbox
    close = started.close
    sha = await sandbox.commit('main', { file: 'text' }, 'first', { tag: 'v1.0.0' })
  })
  afterEach(() => close())

  const requestsFor = (operation: OperationId) =>
    sandbox.requests.filter((request) => request.operation === operation).length
  const tagOf = (client: GitHub) => gitHubRepository(client).resolveTag('v1.0.0')
  const fail = (
    operation: OperationId,
    status: number,
    times: number,
    headers = {},
    body: unknown = { message: 'no' },
  ) => sandbox.inject({ on: { operation }, with: { kind: 'status', status, headers, body }, times })
  const lose = (operation: OperationId, times = 1) =>
    sandbox.inject({ on: { operation }, with: { kind: 'lost-response' }, times })

  describe('requests', () => {
    test('each names the API version, is counted and said without the token', async () => {
      const said: string[] = []
      const client = clientOf(sandbox, { say: (line) => said.push(line) })
      await tagOf(client)
      await gitHubRepository(client).file('gone', null)
      expect(sandbox.requests.map(({ apiVersion }) => apiVersion)).toEqual(['2022-11-28', '2022-11-28'])
      expect(client.requests()).toBe(2)
      expect(said).toEqual([
        expect.stringMatching(
          /^GET \/repos\/acme\/shop\/git\/ref\/tags%2Fv1\.0\.0 → 200 \(SAND:\w+\) in \d+ ms$/,
        ),
        expect.stringMatching(/^GET \/repos\/acme\/shop\/contents\/gone → 404 \(SAND:\w+\) in \d+ ms$/),
      ])
    })

    test('reading is repeated after errors of the server, dropped connections and broken answers', async () => {
      fail('git/get-ref', 502, 2)
      expect(await tagOf(clientOf(sandbox))).toEqual(found(sha))
      sandbox.inject({ on: { operation: 'git/get-ref' }, with: { kind: 'drop' } })
      expect(await tagOf(clientOf(sandbox))).toEqual(found(sha))
      sandbox.inject({ on: { operation: 'git/get-ref' }, with: { kind: 'garbage' } })
      expect(await tagOf(clientOf(sandbox))).toEqual(found(sha))
      expect(requestsFor('git/get-ref')).toBe(3 + 2 + 2)
    })

    test('a rate limit is waited for as long as GitHub asks', async () => {
      const client = clientOf(sandbox, { second: 50 })
      const began = performance.now()
      fail('git/get-ref', 429, 1, { 'retry-after': '1' })
      expect(await tagOf(client)).toEqual(found(sha))
      expect(performance.now() - began).toBeGreaterThanOrEqual(49)
      const again = performance.now()
      const reset = String(now.getTime() / 1000 + 2)
      fail('git/get-ref', 403, 1, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset })
      expect(await tagOf(client)).toEqual(found(sha))
      expect(performance.now() - again).toBeGreaterThanOrEqual(149)
    })

    test('a request refused by a limit is repeated, even the making of a record', async () => {
      fail('repos/create-deployment', 403, 1, {}, { message: 'You have exceeded a secondary rate limit' })
      const id = await gitHubRecords(clientOf(sandbox)).open(
        contractPlan(sha),
        1,
        'https://example.com/run',
        { mayExist: false },
      )
      expect(sandbox.deployments.map((deployment) => deployment.id)).toEqual([id])
    })

    test('a limit that lasts longer than five minutes is a problem at once', async () => {
      const reset = String(now.getTime() / 1000 + 301)
      fail('git/get-ref', 403, 1, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset })
      const problem = await problemOf(tagOf(clientOf(sandbox)))
      expect(problem.code).toBe('github-unavailable')
      expect(problem.what).toContain('renewed at 2026-10-01T12:05:01.000Z')
      expect(requestsFor('git/get-ref')).toBe(1)
    })
  })

  describe('problems', () => {
    test('a token that GitHub does not know', async () => {
      const problem = await problemOf(tagOf(clientOf(sandbox, { token: 'ghs_unknown' })))
      expect(problem).toMatchObject({
        code: 'permission-missing',
        what: 'Could not read refs/tags/v1.0.0: GitHub answered 401 (Bad credentials).',
      })
    })

    test('a permission that the job lacks, named as a workflow writes it', async () => {
      const client = clientOf(sandbox, { permissions: { contents: 'read', deployments: 'read' } })
      const record = gitHubRecords(client).open(contractPlan(sha), 1, 'https://example.com/run', {
        mayExist: false,
      })
      expect(await problemOf(record)).toEqual({
        code: 'permission-missing',
        what: 'Could not open the record of production: GitHub answered 403 (Resource not accessible by integration).',
        why: 'The token may not do this: it needs `deployments: write`.',
        next: "Add `deployments: write` to the job's `permissions`, and to those of the job that calls it where there is one.",
      })
    })

    test('a permission of several, as GitHub lists them, or our own where it lists none', async () => {
      const refuse = (headers: Record<string, string>) => fail('repos/get-content', 403, 1, headers)
      const file = async () => (await problemOf(gitHubRepository(clientOf(sandbox)).file('file', null))).why
      refuse({ 'x-accepted-github-permissions': 'contents=read,actions=read; administration=write' })
      expect(await file()).toContain('`contents: read` and `actions: read`, or `administration: write`')
      refuse({})
      expect(await file()).toContain('it needs `contents: read`')
    })

    test('a 404 where something must be there may be a lack of permission', async () => {
      const hiding = { status: 404, body: { message: 'Not Found' } }
      fail('repos/get-all-environments', hiding.status, 1, {}, hiding.body)
      const problem = await problemOf(gitHubRepository(clientOf(sandbox)).approvals(404, 'production'))
      expect(problem.code).toBe('permission-missing')
      expect(problem.next).toContain('`actions: read`')
      expect(await gitHubRepository(clientOf(sandbox)).approvals(404, 'production')).toEqual(absent)
    })

    test('a 404 is absent as soon as the token was seen to read under that permission, and costs nothing more F03', async () => {
      const client = clientOf(sandbox)
      await gitHubRepository(client).file('file', null)
      expect(await gitHubRepository(client).resolveTag('v9')).toEqual(absent)
      expect(client.requests()).toBe(2)
    })

    test('a 404 before anything was read is absent only after a second look F03', async () => {
      const client = clientOf(sandbox)
      expect(await gitHubRepository(client).resolveTag('v9')).toEqual(absent)
      expect(await gitHubRepository(client).environmentRules('prodution')).toEqual(absent)
      expect(client.requests()).toBe(4)
    })

    test('a tag of a file is no tag of a commit, and not absent either F03', async () => {
      const blob = git(sandbox, 'rev-parse', `${sha}:file`).trim()
      git(sandbox, 'update-ref', 'refs/tags/v2.0.0', blob)
      const words = await problemOf(gitHubRepository(clientOf(sandbox)).resolveTag('v2.0.0'))
      expect(words).toMatchObject({ code: 'tag-invalid', what: 'The tag v2.0.0 points at no commit.' })
    })

    test('a list of checks that is cut is not taken for all of them F05', async () => {
      const cut = { total_count: 2001, check_runs: [] }
      sandbox.inject({
        on: { operation: 'checks/list-for-ref' },
        with: { kind: 'status', status: 200, body: cut },
      })
      const problem = await problemOf(gitHubReleases(clientOf(sandbox)).checks(sha))
      expect(problem).toMatchObject({ code: 'checks-not-green', what: expect.stringContaining('Only 0') })
    })

    test('a refusal of GitHub is shown in its own words', async () => {
      const plan = contractPlan('f'.repeat(40))
      const problem = await problemOf(
        gitHubRecords(clientOf(sandbox)).open(plan, 1, 'https://example.com/run', { mayExist: false }),
      )
      expect(problem).toMatchObject({
        code: 'github-refused',
        what: `Could not open the record of production: GitHub answered 422 (No ref found for: ${plan.release.sha}).`,
      })
    })

    test('an error of the server that lasts names the request', async () => {
      fail('git/get-ref', 503, Number.POSITIVE_INFINITY)
      const problem = await problemOf(tagOf(clientOf(sandbox)))
      expect(problem.code).toBe('github-unavailable')
      expect(problem.what).toMatch(/answered 503 \(no\)\. The request's id is SAND:00000004\.$/)
      expect(requestsFor('git/get-ref')).toBe(4)
    })

    test('an answer that stays broken', async () => {
      const garbage = { kind: 'garbage' } as const
      sandbox.inject({ on: { operation: 'git/get-ref' }, with: garbage, times: Number.POSITIVE_INFINITY })
      const problem = await problemOf(tagOf(clientOf(sandbox)))
      expect(problem.code).toBe('github-unavailable')
      expect(problem.what).toMatch(/did not answer \(the answer is no valid JSON, request SAND:\w+\)/)
    })

    test('a GitHub that nobody reaches', async () => {
      const client = clientOf(sandbox)
      await sandbox.stop()
      const problem = await problemOf(tagOf(client))
      expect(problem.code).toBe('github-unavailable')
      expect(problem.what).toMatch(/did not answer \(.*ECONNREFUSED/)
    })

    test('teams cannot be read by the token of a workflow, nor by a classic one without the scope', async () => {
      const rule = { kind: 'named', from: ['acme/releasers'], notSelf: false } as const
      const ask = (client: GitHub) => gitHubRepository(client).mayApprove('ada', rule)
      sandbox.team('releasers', ['ada'])
      const { members: _, ...workflow } = jobPermissions
      const forWorkflow = await problemOf(ask(clientOf(sandbox, { permissions: workflow })))
      fail('teams/get-membership-for-user-in-org', 404, 1)
      fail('teams/get-by-name', 404, 1)
      const forClassic = await problemOf(ask(clientOf(sandbox)))
      for (const problem of [forWorkflow, forClassic]) {
        expect(problem.code).toBe('permission-missing')
        expect(problem.why).toContain('`GITHUB_TOKEN` of a workflow cannot read teams')
        expect(problem.next).toContain('`read:org`')
      }
      fail('teams/get-membership-for-user-in-org', 404, 1)
      expect(await ask(clientOf(sandbox))).toEqual(absent)
    })
  })

  describe('ledgers', () => {
    const ledger = emptyLedger('shop', 'live')
    const ref = ledgerRef('shop', 'live')
    const commits = () => git(sandbox, 'log', '--reverse', '--format=%H', ref).trim().split('\n')

    test('an append takes three requests, and a read two', async () => {
      const client = clientOf(sandbox)
      const head = await gitHubLedgers(client).append(null, ledger, 'begun')
      expect(client.requests()).toBe(3)
      await gitHubLedgers(client).append(head, ledger, 'ended')
      expect(client.requests()).toBe(6)
      await gitHubLedgers(client).read('shop', 'live')
      expect(client.requests()).toBe(8)
    })

    test('a text of more than 1 MiB goes as a blob of its own, in one more request, and never within its tree F15', async () => {
      const client = clientOf(sandbox)
      const long = { ...ledger, config: 'x'.repeat(1024 * 1024) }
      const before = requestsFor('git/create-blob')
      await gitHubLedgers(client).append(null, long, 'begun')
      expect(client.requests()).toBe(4)
      expect(requestsFor('git/create-blob')).toBe(before + 1)
      expect(git(sandbox, 'log', '--format=%s', ref)).toBe('begun\n')
    })

    test('a commit holds the ledger alone, signed rollgate', async () => {
      await gitHubLedgers(clientOf(sandbox)).append(null, ledger, 'begun')
      expect(git(sandbox, 'ls-tree', '-r', '--name-only', ref)).toBe('ledger.json\n')
      expect(git(sandbox, 'log', '--format=%an <%ae>', ref)).toBe('rollgate <rollgate@invalid>\n')
      // As 0.1.0 wrote it: what says nothing is left out.
      const nothing = { serving: null, desired: null, scheduler: null, deployment: null, history: [] }
      const written = { schema: 1, app: 'shop', environment: 'live', ...nothing }
      expect(git(sandbox, 'show', `${ref}:ledger.json`)).toBe(`${JSON.stringify(written, null, 2)}\n`)
    })

    test('an append whose answer is lost was made once', async () => {
      const ledgers = gitHubLedgers(clientOf(sandbox))
      lose('git/create-ref')
      const first = await ledgers.append(null, ledger, 'begun')
      lose('git/update-ref')
      const second = await ledgers.append(first, ledger, 'ended')
      expect(commits()).toEqual([first, second])
    })

    test('an append that no answer ever came to is looked up', async () => {
      const ledgers = gitHubLedgers(clientOf(sandbox))
      const first = await ledgers.append(null, ledger, 'begun')
      lose('git/update-ref', Number.POSITIVE_INFINITY)
      const second = await ledgers.append(first, ledger, 'ended')
      expect(commits()).toEqual([first, second])
    })

    test('an append is known as done even when another run has gone on from it meanwhile', async () => {
      const ledgers = gitHubLedgers(clientOf(sandbox))
      const others = gitHubLedgers(clientOf(sandbox))
      const first = await ledgers.append(null, ledger, 'begun')
      lose('git/update-ref')
      const goOn = async () => void (await others.append(commits().at(-1) ?? null, ledger, 'taken over'))
      // The second request is the repeated one; the third is that of the other run itself.
      sandbox.before({ operation: 'git/update-ref' }, goOn, { after: 1, times: 1 })
      const second = await ledgers.append(first, ledger, 'ended')
      expect(commits()).toEqual([first, second, expect.any(String)])
      expect(await ledgers.append(second, ledger, 'too late')).toBeNull()
    })

    test('an append that another run overtakes between two tries is lost, not repeated', async () => {
      const ledgers = gitHubLedgers(clientOf(sandbox))
      const others = gitHubLedgers(clientOf(sandbox))
      const first = await ledgers.append(null, ledger, 'begun')
      fail('git/update-ref', 502, 1)
      let other: string | null = null
      const overtake = async () => {
        other = await others.append(first, ledger, 'faster')
      }
      sandbox.before({ operation: 'git/update-ref' }, overtake, { after: 1, times: 1 })
      expect(await ledgers.append(first, ledger, 'slower')).toBeNull()
      expect(commits()).toEqual([first, other])
    })

    test('an append whose ref is shown as it was before is tried again: no other run was first F03 F11', async () => {
      const ledgers = gitHubLedgers(clientOf(sandbox))
      const first = await ledgers.append(null, ledger, 'begun')
      await ledgers.read('shop', 'live')
      const second = await ledgers.append(first, ledger, 'went on')
      fail('git/update-ref', 422, 1)
      const stale = sandbox.inject({ on: { operation: 'git/get-ref' }, with: { kind: 'stale' } })
      const third = await ledgers.append(second, ledger, 'ended')
      expect([commits(), stale.hits]).toEqual([[first, second, third], 1])
    })

    test('an append during an outage is a problem, and nobody is said to have been first', async () => {
      const ledgers = gitHubLedgers(clientOf(sandbox))
      const first = await ledgers.append(null, ledger, 'begun')
      fail('git/update-ref', 502, Number.POSITIVE_INFINITY)
      expect((await problemOf(ledgers.append(first, ledger, 'ended'))).code).toBe('github-unavailable')
      expect(commits()).toEqual([first])
    })

    test('a rule that forbids to move the ledger is a problem, and not a lost race', async () => {
      const ledgers = gitHubLedgers(clientOf(sandbox))
      const first = await ledgers.append(null, ledger, 'begun')
      fail(
        'git/update-ref',
        422,
        Number.POSITIVE_INFINITY,
        {},
        { message: 'Repository rule violations found' },
      )
      const problem = await problemOf(ledgers.append(first, ledger, 'ended'))
      expect(problem.code).toBe('github-refused')
      expect(problem.what).toContain('Repository rule violations found')
    })

    test('a conflict that GitHub reports again and again is a lost race', async () => {
      const ledgers = gitHubLedgers(clientOf(sandbox))
      const first = await ledgers.append(null, ledger, 'begun')
      fail('git/update-ref', 409, Number.POSITIVE_INFINITY)
      expect(await ledgers.append(first, ledger, 'ended')).toBeNull()
    })

    const writes = ['git/create-tree', 'git/create-commit', 'git/update-ref'] as const
    const passing = writes.flatMap((operation) =>
      ([404, 409, 422] as const).map((status) => [operation, status] as const),
    )
    test.each(passing)(
      '%s is asked again after %i while nothing has moved F11',
      async (operation, status) => {
        const ledgers = gitHubLedgers(clientOf(sandbox))
        const first = await ledgers.append(null, ledger, 'begun')
        fail(operation, status, 2)
        const second = await ledgers.append(first, ledger, 'ended')
        expect(second).not.toBeNull()
        expect(commits()).toEqual([first, second])
        expect(await ledgers.read('shop', 'live')).toEqual({ head: second, ledger })
      },
    )

    test('the first append is made once after a refusal that passes F11', async () => {
      const ledgers = gitHubLedgers(clientOf(sandbox))
      fail('git/create-ref', 422, 1)
      const first = await ledgers.append(null, ledger, 'begun')
      expect(commits()).toEqual([first])
    })

    test('a write is asked again at most three times, and a token that may not write not at all F11', async () => {
      const ledgers = gitHubLedgers(clientOf(sandbox))
      const first = await ledgers.append(null, ledger, 'begun')
      fail('git/update-ref', 422, Number.POSITIVE_INFINITY)
      expect((await problemOf(ledgers.append(first, ledger, 'ended'))).code).toBe('github-refused')
      expect(requestsFor('git/update-ref')).toBe(4)
      const ended = gitHubLedgers(clientOf(sandbox, { token: 'gone' }))
      const before = sandbox.requests.length
      expect((await problemOf(ended.append(first, ledger, 'ended'))).code).toBe('permission-missing')
      expect(sandbox.requests).toHaveLength(before + 1)
    })

    test('a run that asks whether it still holds a ledger makes one request, whatever comes F48', async () => {
      const client = clientOf(sandbox)
      for (const status of [500, 502, 429, 403, 401]) {
        fail('git/list-matching-refs', status, 1, status === 429 ? { 'retry-after': '60' } : {})
        const before = client.requests()
        await problemOf(gitHubLedgers(client).tips('shop', 'live'))
        expect(client.requests()).toBe(before + 1)
      }
    })

    test('an app with records and no ledger is a neighbour, unless the token may not read them F24', async () => {
      const records = gitHubRecords(clientOf(sandbox))
      await records.open(contractPlan(sha), 1, 'https://example.com/run', { mayExist: false })
      const { app, environment } = contractPlan(sha)
      expect(await gitHubLedgers(clientOf(sandbox)).neighbours(environment.name)).toEqual([
        { app, environment: environment.name, kind: 'record' },
      ])
      const blind = clientOf(sandbox, { permissions: { contents: 'read' } })
      expect(await gitHubLedgers(blind).neighbours(environment.name)).toEqual([])
    })

    test('a ledger whose commit is not shown at once is read again F11', async () => {
      const ledgers = gitHubLedgers(clientOf(sandbox))
      const head = await ledgers.append(null, ledger, 'begun')
      fail('repos/get-content', 404, 1)
      expect(await ledgers.read('shop', 'live')).toEqual({ head, ledger })
    })

    test('every pair of names has a reference of its own, valid for git, that tells them again', () => {
      const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 260 })
      fc.assert(
        fc.property(name, name, (app, environment) => {
          const made = ledgerRef(app, environment)
          expect(made).toMatch(/^refs\/rollgate(\/[\w=-]+){2,}$/)
          expect(ledgerNames(made)).toEqual({ app, environment })
          expect(made.split('/').every((part) => part.length <= 201)).toBe(true)
        }),
      )
    })

    test.each([
      'refs/heads/main',
      'refs/rollgate/shop',
      'refs/rollgate/a/b/c',
      'refs/rollgate/shop/=ZZ',
      'refs/rollgate/shop/=ff',
    ])('%s is no reference of a ledger', (foreign) => {
      expect(ledgerNames(foreign)).toBeNull()
    })
  })

  describe('releases', () => {
    const file = aFile('app.tar', 'the app')

    test.each([
      ['the answer is lost', { kind: 'lost-response' }],
      ['the connection breaks before anything was done', { kind: 'drop' }],
      ['the server has an error', { kind: 'status', status: 502 }],
    ] as const)('a draft is made once, with one file, where %s', async (_what, fault) => {
      const sha = await sandbox.commit('main', { file: String(fault.kind) }, 'one')
      const releases = gitHubReleases(clientOf(sandbox))
      const before = sandbox.releases.length
      sandbox.inject({ on: { operation: 'repos/create-release' }, with: fault })
      const draft = await releases.draft('v1.0.0', sha, `in the making ${fault.kind}`)
      expect(sandbox.releases).toHaveLength(before + 1)
      sandbox.inject({ on: { operation: 'repos/upload-release-asset' }, with: fault })
      await releases.attach(draft, file)
      expect(sandbox.releases.at(-1)?.assets.map(({ name }) => name)).toEqual(['app.tar'])
      await releases.discard(draft)
    })

    test('a commit whose workflows differ from the default branch is one that no workflow token may release', async () => {
      const releases = gitHubReleases(clientOf(sandbox))
      const hidden = { kind: 'status', status: 404, body: { message: 'Not Found' } } as const
      sandbox.inject({ on: { operation: 'repos/create-release' }, with: hidden })
      const failure = await releases.draft('v1.0.0', 'a'.repeat(40), '').catch((thrown: Problem) => thrown)
      expect(failure).toMatchObject({ code: 'permission-missing' })
      expect((failure as Problem).next).toContain('`workflows: write`')
    })

    test('a missing permission for checks and statuses is named', async () => {
      const sha = await sandbox.commit('main', { file: 'checks' }, 'one')
      const named = (permissions: Permissions) =>
        gitHubReleases(clientOf(sandbox, { permissions }))
          .checks(sha)
          .catch((thrown: Problem) => thrown.next)
      expect(await named({ contents: 'read' })).toContain('`statuses: read`')
      expect(await named({ contents: 'read', statuses: 'read' })).toContain('`checks: read`')
    })
  })

  describe('records', () => {
    const open = () =>
      gitHubRecords(clientOf(sandbox)).open(contractPlan(sha), 1, 'https://example.com/run', {
        mayExist: false,
      })

    test.each([
      ['is lost', { kind: 'lost-response' }],
      ['is a connection that breaks before anything was done', { kind: 'drop' }],
      ['is an error of the server', { kind: 'status', status: 502 }],
      ['is that a branch was merged', { kind: 'status', status: 202, body: { message: 'Auto-merged' } }],
    ] as const)('a record is made once where the answer %s', async (_, fault) => {
      sandbox.inject({ on: { operation: 'repos/create-deployment' }, with: fault })
      const id = await open()
      expect(sandbox.deployments.map((deployment) => deployment.id)).toEqual([id])
    })

    test('making one is given up after three tries', async () => {
      fail('repos/create-deployment', 502, Number.POSITIVE_INFINITY)
      expect((await problemOf(open())).code).toBe('github-unavailable')
      expect(requestsFor('repos/create-deployment')).toBe(3)
    })

    test.each([404, 409, 422])(
      'a record, and a status on it, is asked for again after %i F11',
      async (status) => {
        fail('repos/create-deployment', status, 1)
        const id = await open()
        expect(sandbox.deployments.map((deployment) => deployment.id)).toEqual([id])
        fail('repos/create-deployment-status', status, 1)
        const records = gitHubRecords(clientOf(sandbox))
        await records.say(id, { state: 'success', description: 'serves', run: '', url: null })
        expect(await records.state(id)).toEqual({ kind: 'found', value: 'success' })
      },
    )

    test('a conflict is a refusal of GitHub', async () => {
      fail(
        'repos/create-deployment',
        409,
        Number.POSITIVE_INFINITY,
        {},
        { message: 'Conflict: something is in the way' },
      )
      const problem = await problemOf(open())
      expect(problem.code).toBe('github-refused')
      expect(problem.what).toContain('something is in the way')
    })

    test('a record of another commit than the planned one is a problem', async () => {
      fail('repos/create-deployment', 201, 1, {}, { id: 9, sha: 'f'.repeat(40) })
      const problem = await problemOf(open())
      expect(problem.code).toBe('record-differs')
      expect(problem.what).toContain(`${'f'.repeat(40)} for production (Deployment 9), not ${sha}`)
    })
  })
})

describe('the transport', () => {
  const json = { 'content-type': 'application/json' }
  const over = (body: string | ReadableStream, headers: Record<string, string>, timeout?: number) =>
    transport(
      async () => new Response(body, { headers }),
      () => {},
      timeout,
    ).fetch('https://example.com/x')

  test('hands on a whole answer', async () => {
    expect(JSON.parse(await (await over('{"a":1}', json)).text())).toEqual({ a: 1 })
    expect(await (await over('{"a"', { 'content-type': 'application/vnd.github.raw+json' })).text()).toBe(
      '{"a"',
    )
  })

  test('takes a body that breaks off for a failed request', async () => {
    const breaking = new ReadableStream({
      start(stream) {
        stream.enqueue(new TextEncoder().encode('half of '))
        stream.error(new Error('other side closed'))
      },
    })
    await expect(over(breaking, { 'content-type': 'text/plain' })).rejects.toThrow('other side closed')
  })

  test('gives up on an answer that does not come', async () => {
    const said: string[] = []
    const silent: Fetch = (_, init) =>
      new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
    const { fetch } = transport(silent, (line) => said.push(line), 10)
    await expect(fetch('https://example.com/x', { method: 'GET' })).rejects.toThrow('timeout')
    expect(said).toEqual([expect.stringMatching(/^GET \/x → .*timeout in \d+ ms$/)])
  })
})

/** The words of the problem that something ends in, or that a reading is unknown with. */
async function problemOf(work: Promise<unknown>): Promise<ProblemWords> {
  const end = await work.catch((reason: unknown) => reason)
  if (end instanceof Problem) return end.words
  if (isUnknown(end)) return end.why
  throw new Error('a problem was expected', { cause: end })
}

const isUnknown = (end: unknown): end is Extract<Reading<unknown>, { kind: 'unknown' }> =>
  typeof end === 'object' && end !== null && 'kind' in end && end.kind === 'unknown'
