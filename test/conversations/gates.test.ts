import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as workflow from '../../src/sandbox/workflow.ts'
import { ledgerOf } from './rig.ts'
import { aStory, decides, deploys, does, lean, type Story, unguarded, versions } from './story.ts'

const noSteps = { steps: { ...lean.steps, migrate: { run: 'bin/migrate', phase: 'expand' } } }
const plan = { command: 'plan', mode: 'deploy', release: 'v1.0.0' }

/** A doctor asked this GitHub before, in a job of its own. */
function answered({ github: { gitDir } }: Story, what: string): void {
  const answer = {
    ...{ question: 'approvals-recorded', subject: 'production', health: 'ill', value: 'absent' },
    ...{ what, next: 'Read the rules of the environment.', at: '2026-10-01T08:00:00.000Z', run: 'https://x' },
  }
  const git = (input: string, ...words: readonly string[]): string =>
    execFileSync('git', ['--git-dir', gitDir, ...words], { input, encoding: 'utf8' }).trim()
  const blob = git(
    JSON.stringify({ schema: 1, app: 'shop', answers: [answer] }),
    'hash-object',
    '-w',
    '--stdin',
  )
  const tree = git(`100644 blob ${blob}\tanswers.json\n`, 'mktree')
  const author = ['-c', 'user.name=rollgate', '-c', 'user.email=rollgate@example.com']
  git('', 'update-ref', 'refs/rollgate-doctor/shop', git('', ...author, 'commit-tree', tree, '-m', 'Answers'))
}

/** Not one command ran, and GitHub shows no deployment. */
function expectUntouched({ shop, github }: Story): void {
  expect(shop.journal()).toEqual([])
  expect(github.deployments).toEqual([])
}

test('nobody approves, a reviewer refuses, an administrator bypasses SP-04 GH-05 GH-06 GH-13', async () => {
  const stage = await aStory({ instances: 1, config: noSteps })
  await stage.release('v1.0.0')
  const missing = await workflow.deploy(stage, 'v1.0.0', { approver: null })
  expect(missing.work?.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'refused', 'reason-code': 'approval-missing' },
  })
  const rejected = await workflow.deploy(stage, 'v1.0.0', {
    approver: null,
    meanwhile: ({ facts }) =>
      stage.github.approve(facts.id, {
        environment: 'production',
        user: 'rhea',
        comment: 'not on a Friday',
        state: 'rejected',
      }),
  })
  expect(rejected.work?.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'refused', 'reason-code': 'approval-rejected' },
  })
  expect(rejected.work?.main.log.join()).toContain('rhea rejected this run for production')
  const advice = missing.work?.main.log.join('\n')
  expect(advice).toContain('to accept what administrators let through set')
  expect(advice).toContain('No job has asked your GitHub yet: run the form with do: doctor')
  answered(stage, 'GitHub shows no approval of this run for production')
  const asked = await workflow.deploy(stage, 'v1.0.0', { approver: null })
  expect(asked.work?.main.log.join('\n')).toContain(
    'Your GitHub answered on 2026-10-01: GitHub shows no approval of this run for production',
  )
  expectUntouched(stage)

  await stage.policy({ production: { requires: { approval: { 'allow-bypass': true } } } })
  stage.aside('by now the config accepts a bypass')
  const bypassed = await workflow.deploy(stage, 'v1.0.0', { approver: null })
  expect(bypassed.work?.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(bypassed.work?.main.log.join('\n')).toMatch(/approve .*the rules were bypassed/)
  expect(bypassed.work?.main.summary).toContain('the rules were bypassed')
  expect(stage.github.deployments[0]?.statuses[0]?.description).toBe(
    'in progress: deploy v1.0.0, no approval: the rules were bypassed',
  )
  expect(await versions(stage)).toEqual(['v1.0.0'])
  const { history } = await ledgerOf(stage)
  expect(history.map(({ outcome }) => outcome.kind)).toEqual(['succeeded'])
  stage.asksAtMost(108)
})

test('an environment without reviewers, without itself, misspelt; a release cannot open its own gate GH-05 CC-02 SP-04', async () => {
  const stage = await aStory({ instances: 1, config: noSteps })
  const { github } = stage
  github.environment('production', {})
  await stage.release('v1.0.0')
  const bare = await does(stage, plan)
  expect(bare.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'environment-unprotected' } })
  expect(bare.main.log.join()).toContain('production has no required reviewers')

  const misspelt = await does(stage, { ...plan, environment: 'prodution' })
  expect(misspelt.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'environment-unknown' } })
  expect(misspelt.main.log.join()).toContain('Did you mean `production`?')
  const absent = ['version: 1', 'environments:', '  preprod: { class: production }', ''].join('\n')
  await github.commit('main', { '.github/rollgate.yml': absent }, 'An environment that GitHub does not have')
  const unmade = await does(stage, { ...plan, environment: 'preprod' })
  expect(unmade.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'environment-unprotected' } })
  expect(unmade.main.log.join()).toContain('There is no environment preprod in this repository')

  github.environment('production', { reviewers: { users: ['rhea'] } })
  await stage.release('v1.1.0', { config: { production: unguarded } })
  await stage.policy({})
  stage.aside('v1.1.0 says of itself that nobody need approve it; the default branch says otherwise')
  const own = await workflow.deploy(stage, 'v1.1.0', { approver: null })
  expect(own.work?.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'approval-missing' } })
  expectUntouched(stage)
  stage.asksAtMost(40)
})

test('approved by named people: not by the requester, not by a stranger, and a team must be readable GH-05 SP-04 WX-24', async () => {
  const from = ['dora', 'nora', 'acme/releasers']
  const stage = await aStory({ instances: 1, config: noSteps, reviewers: [] })
  const { github } = stage
  await stage.policy({ production: { requires: { approval: { from, 'not-self': true } } } })
  github.team('releasers', ['tessa'])
  const token = github.token('rollgate-app[bot]', {
    contents: 'write',
    deployments: 'write',
    actions: 'read',
    members: 'read',
  })
  await stage.release('v1.0.0', {
    config: { production: { requires: { approval: { from, 'not-self': true } } } },
  })
  const asked = await workflow.deploy(stage, 'v1.0.0', { approver: null })
  expect(asked.work?.main).toMatchObject({ code: 0, outputs: { outcome: 'waiting', pause: '1.1' } })
  expect(await ledgerOf(stage)).toMatchObject({ deployment: { holder: null, record: null } })

  const answer = { pause: '1.1', decision: 'approve' }
  const self = await decides(stage, 'v1.0.0', answer, { actor: 'dora' })
  expect(self.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'approver-not-allowed' } })
  expect(self.main.log.join()).toContain('Ask one of nora, acme/releasers.')
  const blind = await decides(stage, 'v1.0.0', answer, { actor: 'tessa' })
  expect(blind.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'permission-missing' } })
  expect(blind.main.log.join()).toContain('read:org')
  const stranger = await decides(stage, 'v1.0.0', answer, { actor: 'mallory', options: { token } })
  expect(stranger.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'approver-not-allowed' } })
  expectUntouched(stage)

  await stage.release('v1.1.0', {
    config: { production: { requires: { approval: { from, 'not-self': true } } } },
  })
  const newer = await deploys(stage, 'v1.1.0')
  expect(newer.main).toMatchObject({ code: 0, outputs: { outcome: 'waiting', pause: '2.1' } })
  const late = await decides(stage, 'v1.1.0', { ...answer }, { actor: 'nora' })
  expect(late.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'decision-unasked' } })
  const reason = 'the translations are missing'
  const rejected = await decides(
    stage,
    'v1.1.0',
    { pause: '2.1', decision: 'reject', reason },
    { actor: 'nora' },
  )
  expect(rejected.main).toMatchObject({ code: 0, outputs: { outcome: 'rejected' } })
  expectUntouched(stage)

  await deploys(stage, 'v1.1.0')
  const yes = { pause: '3.1', decision: 'approve', reason: 'go' }
  const approved = await decides(stage, 'v1.1.0', yes, { actor: 'tessa', options: { token } })
  expect(approved.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  expect(approved.main.summary).toContain('tessa')
  expect(await versions(stage)).toEqual(['v1.1.0'])
  expect(github.deployments[0]?.statuses.map(({ description }) => description)).toEqual([
    'in progress: deploy v1.1.0, approved by tessa: go',
    'succeeded',
  ])
  const { history } = await ledgerOf(stage)
  expect(history.map(({ outcome, release }) => `${release.tag} ${outcome.kind}`)).toEqual([
    'v1.1.0 succeeded',
    'v1.1.0 rejected',
    'v1.0.0 cancelled',
  ])
  stage.asksAtMost(125)
})

test('a plan that changed before the gate is refused, and so are another checkout and a fork SP-07 CC-20 GH-12 MM-08', async () => {
  const stage = await aStory({ instances: 1, config: noSteps })
  const { github } = stage
  const sha = await stage.release('v1.0.0')
  const changed = await workflow.deploy(stage, 'v1.0.0', {
    meanwhile: () => stage.policy({ production: { url: 'https://elsewhere.example' } }),
  })
  expect(changed.work?.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'refused', 'reason-code': 'plan-changed' },
  })
  expect(changed.work?.main.log.join()).toContain('no longer holds: the policy of production')

  const elsewhere = await github.commit('main', { 'README.md': 'Not what was approved\n' }, 'Another commit')
  const moved = await workflow.deploy(stage, 'v1.0.0', {
    meanwhile: () => void github.tag('v1.0.0', elsewhere),
    options: { sha },
  })
  expect(moved.work?.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'tag-moved' } })

  await github.tag('v1.0.0', sha)
  stage.aside('the tag is back; the next job checks out another commit')
  const other = await workflow.deploy(stage, 'v1.0.0', { options: { sha: elsewhere } })
  expect(other.work?.main).toMatchObject({
    code: 1,
    outputs: { outcome: 'failed', 'reason-code': 'checkout-differs' },
  })

  const event = join(stage.folder, 'event.json')
  writeFileSync(event, JSON.stringify({ pull_request: { head: { repo: { full_name: 'mallory/shop' } } } }))
  const env = { GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_EVENT_PATH: event }
  const fork = await deploys(stage, 'v1.0.0', { options: { env } })
  expect(fork.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'fork-refused' } })
  expect(fork.post.log).toEqual([])
  expectUntouched(stage)
  stage.asksAtMost(94)
})
