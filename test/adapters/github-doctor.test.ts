import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { connect } from '../../src/adapters/github/connection.ts'
import { gitHubAnswers } from '../../src/adapters/github/doctor/answers.ts'
import { gitHubProbe } from '../../src/adapters/github/doctor/probe.ts'
import { gitHubSettings } from '../../src/adapters/github/doctor/settings.ts'
import { gitHubRepository } from '../../src/adapters/github/repository.ts'
import { diagnose } from '../../src/domain/doctor/diagnosis.ts'
import { judgeJob } from '../../src/domain/doctor/job.ts'
import { absent, found } from '../../src/domain/reading.ts'
import { examine } from '../../src/pipeline/look/doctor.ts'
import { examineJob } from '../../src/pipeline/look/job-doctor.ts'
import { type GitHubOptions, type SandboxGitHub, startGitHub } from '../../src/sandbox/github/github.ts'
import type { Permissions } from '../../src/sandbox/github/tokens.ts'
import type { EnforcedRule } from '../../src/sandbox/rules/table.ts'
import { doctorContract } from '../contracts/doctor.contract.ts'
import { createMemoryDoctor } from '../fakes/memory-doctor.ts'

const ofForm: Permissions = {
  ...{ contents: 'write', deployments: 'write', actions: 'read', issues: 'read' },
}

async function aGitHub(options: Partial<GitHubOptions> = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'rollgate-doctor-'))
  const sandbox = await startGitHub({ folder, repository: 'acme/shop', ...options })
  const close = async () => {
    await sandbox.stop()
    await rm(folder, { recursive: true, force: true })
    expect(sandbox.violations).toEqual([])
  }
  await sandbox.commit('main', { '.github/rollgate.yml': 'environments: {}\n' }, 'first')
  return { sandbox, close }
}

const clientOf = (sandbox: SandboxGitHub, permissions: Permissions = ofForm, repository = 'acme/shop') =>
  connect({
    token: sandbox.token('github-actions[bot]', permissions),
    ...{ apiUrl: sandbox.url, repository, say() {}, second: 1 },
  })

doctorContract('the fake', async () => ({ ...createMemoryDoctor(), close: async () => {} }))

doctorContract('GitHub', async () => {
  const { sandbox, close } = await aGitHub()
  let github = clientOf(sandbox)
  return {
    settings: proxied(() => gitHubSettings(github)),
    probe: proxied(() => gitHubProbe(github)),
    answers: proxied(() => gitHubAnswers(github)),
    world: sandbox,
    hide: () => {
      github = clientOf(sandbox, ofForm, 'acme/hidden')
    },
    close,
  }
})

/** The port of the client of now: it is another one once the repository is hidden. */
const proxied = <Port extends object>(port: () => Port): Port =>
  new Proxy({} as Port, { get: (_, name) => Reflect.get(port(), name) })

interface Arranged {
  /** Takes the rule away. */
  readonly rule: EnforcedRule
  readonly options?: Partial<GitHubOptions>
  readonly permissions?: Permissions
  readonly arrange?: (sandbox: SandboxGitHub) => void
}

/** The health of each answer that a job behind the gate of production gets, with the rule or without it. */
async function healths({ rule, options, permissions = ofForm, arrange }: Arranged, isOff: boolean) {
  const { sandbox, close } = await aGitHub({ ...options, rules: { off: isOff ? [rule] : [] } })
  onTestFinished(close)
  sandbox.environment('production', { reviewers: { users: ['rhea'] } })
  sandbox.environment('production-watch', { branchPolicy: 'protected' })
  const run = { id: 7, attempt: 1, url: 'https://github.com/acme/shop/actions/runs/7' }
  sandbox.run({ id: run.id })
  sandbox.approve(run.id, { environment: 'production', user: 'rhea' })
  arrange?.(sandbox)
  const github = clientOf(sandbox, permissions)
  const [settings, repository] = [gitHubSettings(github), gitHubRepository(github)]
  const facts = {
    ...{ repository: 'acme/shop', app: 'shop', runner: absent, workflow: found('acme/shop'), run },
    config: '.github/rollgate.yml',
  }
  const given = {
    inSecret: () => false,
    ofTheJob: () => null,
    isMasked: () => false,
    secret: 'given' as const,
    variable: () => 'given' as const,
  }
  const place = { environment: 'production', requires: [] }
  const read = await examineJob({ repository, given }, settings, facts, place, gitHubProbe(github))
  const halt = { labels: ['incident'], command: null, http: null, onHalt: 'ask' } as const
  const approval = { kind: 'reviewers', allowBypass: false } as const
  const policies = [{ name: 'production', approval, halt }] as const
  const answers = [
    ...judgeJob(read),
    ...diagnose(policies, await examine(settings, { repository }, policies)),
  ]
  return Object.fromEntries(answers.map(({ question, health }) => [question, health]))
}

test.each<[question: string, kept: string, away: string, arranged: Arranged]>([
  [
    ...(['token-rights', 'ill', 'well'] as const),
    { rule: 'permission-per-request', permissions: { contents: 'write', actions: 'read' } },
  ],
  [
    ...(['ledger-writable', 'ill', 'well'] as const),
    { rule: 'permission-per-request', permissions: { ...ofForm, contents: 'read' } },
  ],
  ['ledger-writable', 'well', 'ill', { rule: 'reference-in-any-namespace' }],
  [
    ...(['halt-label', 'unknown', 'well'] as const),
    {
      rule: 'permission-per-request',
      permissions: { contents: 'write', deployments: 'write', actions: 'read' },
    },
  ],
  ['immutable-releases', 'unknown', 'well', { rule: 'immutability-setting-needs-admin' }],
  [
    ...(['environment-protected', 'ill', 'well'] as const),
    { rule: 'private-repository-without-reviewers', options: { tier: 'private-team' } },
  ],
  [
    ...(['clock-environment', 'ill', 'well'] as const),
    { rule: 'private-repository-of-free-plan', options: { tier: 'private-free' } },
  ],
  [
    ...(['approvals-recorded', 'well', 'ill'] as const),
    { rule: 'approvals-of-every-attempt', arrange: (sandbox) => void sandbox.run({ id: 7, attempt: 2 }) },
  ],
])('%s is %s by the rule of GitHub, and %s without it', async (question, kept, away, arranged) => {
  expect((await healths(arranged, false))[question]).toBe(kept)
  expect((await healths(arranged, true))[question]).toBe(away)
})

test('a removal that GitHub refuses: said, with the reference that is left', async () => {
  const { sandbox, close } = await aGitHub()
  onTestFinished(close)
  sandbox.inject({
    on: { operation: 'git/delete-ref' },
    with: { kind: 'status', status: 422, body: { message: 'no' } },
  })
  const { failed, left, ref } = await gitHubProbe(clientOf(sandbox)).probe({ id: 7, attempt: 1 }, '')
  expect(failed.map(({ step }) => step)).toEqual(['remove'])
  expect(left).toEqual(found([ref]))
})

test('a move that GitHub refuses: the reference is removed nevertheless', async () => {
  const { sandbox, close } = await aGitHub()
  onTestFinished(close)
  sandbox.inject({
    on: { operation: 'git/update-ref' },
    with: { kind: 'status', status: 403, body: { message: 'no' } },
  })
  const { failed, left } = await gitHubProbe(clientOf(sandbox)).probe({ id: 7, attempt: 1 }, '')
  expect(failed.map(({ step }) => step)).toEqual(['move'])
  expect(left).toEqual(found([]))
})

test('answers of a later version are unknown, and are not overwritten', async () => {
  const { sandbox, close } = await aGitHub()
  onTestFinished(close)
  const later = await sandbox.commit('later', { 'answers.json': '{"schema":2,"app":"shop"}' }, 'later')
  await sandbox.setReference('refs/rollgate-doctor/shop', later)
  const answers = gitHubAnswers(clientOf(sandbox))
  expect(await answers.read('shop')).toMatchObject({ kind: 'unknown', why: { code: 'ledger-foreign' } })
  await expect(answers.keep('shop', [])).rejects.toMatchObject({ code: 'ledger-foreign' })
})
