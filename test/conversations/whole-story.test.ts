import { expect, test } from 'vitest'
import type { Job, JobInputs, JobOptions } from '../../src/sandbox/stage.ts'
import * as workflow from '../../src/sandbox/workflow.ts'
import { at, dispatches } from './dispatcher.ts'
import { ledgerOf } from './rig.ts'
import { aStory, deploys, does, lean, type Story, versions } from './story.ts'

const policy = {
  staged: ['web-2'],
  rollout: { 'accept-downtime': true },
  steps: { ...lean.steps, migrate: { run: 'bin/migrate', phase: 'expand' } },
  production: {
    requires: { approval: false, 'verified-in': 'staging', 'rehearsed-in': 'staging' },
    issues: { on: ['failed', 'waiting'] },
  },
}
const staging = { environment: 'staging' }

const permissions = {
  contents: 'write',
  deployments: 'write',
  actions: 'read',
  checks: 'read',
  statuses: 'read',
  issues: 'write',
} as const

/** Makes a release of the newest commit. */
const makes = (stage: Story, inputs: Readonly<Record<string, string>>, options: JobOptions): Promise<Job> =>
  does(stage, { command: 'release', ...inputs }, { options })

test('a candidate, staging, the final one, a rehearsal, production on its day, a bad release, and the way back MM-05 MM-13 MM-14 MM-17 MM-18 MM-19 MM-23 CC-14 CC-16 CC-24 CC-34 WX-06', async () => {
  const stage = await aStory({ instances: 2, config: policy })
  const { github, shop } = stage
  const token = github.token('github-actions[bot]', permissions)
  const doing = { options: { token, ...at('2026-11-25T10:00:00Z') } }
  const outcome = ({ main }: Job) => main.outputs.outcome
  const to = (environment: string, release: string) =>
    does(stage, { command: 'deploy', environment, release }, doing)
  const made = async (tag: string, from: string) => {
    const sha = await stage.commit(`What becomes ${tag}`)
    github.commitStatus(sha, 'ci', 'success')
    const candidate = {
      tag: `${tag}-rc.1`,
      description: `Candidate of ${tag}`,
      prerelease: 'true',
      commit: sha,
    }
    expect(outcome(await makes(stage, candidate, { ...doing.options, sha }))).toBe('released')
    expect(outcome(await to('staging', `${tag}-rc.1`))).toBe('succeeded')
    const final = { tag, description: `It is ${tag}`, from: `${tag}-rc.1` }
    expect(outcome(await makes(stage, final, { ...doing.options, sha })), from).toBe('released')
    return sha
  }

  await stage.quietly(async () => {
    await made('v1.0.0', 'the first')
    expect(outcome(await deploys(stage, 'v1.0.0', doing))).toBe('succeeded')
  })
  stage.aside('v1.0.0 serves staging and production')

  await made('v1.1.0', 'the second')
  const early = await deploys(stage, 'v1.1.0', doing)
  expect(early.main.outputs).toMatchObject({ outcome: 'refused', 'reason-code': 'not-rehearsed' })
  const rehearse = (inputs: Omit<JobInputs, 'command'> = {}) =>
    does(stage, { ...staging, ...inputs, command: 'rehearse' }, doing)
  expect(outcome(await rehearse())).toBe('planned')
  await stage.quietly(async () => {
    const back = await does(stage, { ...staging, command: 'rollback', release: 'v1.0.0-rc.1' }, doing)
    expect([outcome(back), outcome(await to('staging', 'v1.1.0'))]).toEqual(['succeeded', 'succeeded'])
  })
  stage.aside('staging went back to v1.0.0-rc.1, and to v1.1.0')
  expect(outcome(await rehearse({ rehearsed: 'v1.1.0' }))).toBe('rehearsed')

  const day = { at: '2026-12-01T09:00', timezone: 'Europe/Berlin', reason: 'the campaign begins' }
  const scheduled = await does(stage, { command: 'schedule', release: 'v1.1.0', ...day }, doing)
  expect(scheduled.main.outputs).toMatchObject({ outcome: 'scheduled', schedule: 's1' })
  expect((await dispatches(stage, '2026-12-01T07:55:00Z', { token })).due).toEqual([])

  stage.aside('1 December, three minutes after nine in Berlin')
  const then = { options: { token, ...at('2026-12-01T08:03:00Z') } }
  shop.trouble.fail('install', 'it cannot be installed', 'web-1')
  const { begun } = await dispatches(stage, '2026-12-01T08:03:00Z', { token })
  expect(begun?.main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.1' })
  expect(github.issues).toMatchObject([
    { state: 'open', body: expect.stringContaining('cannot be installed') },
  ])
  shop.trouble.clear('install', 'web-1')
  const answer = { pause: '2.1', decision: 'retry', reason: 'the disk has room again' }
  const { work } = await workflow.decide(stage, answer, then)
  expect(work === null ? null : outcome(work)).toBe('succeeded')
  expect(github.issues).toMatchObject([{ state: 'closed' }])

  const list = await does(stage, { command: 'releases' }, then)
  expect(list.main.summary).toContain('safe')
  const back = await workflow.rollback(stage, then)
  expect(back.work === null ? null : outcome(back.work)).toBe('succeeded')
  expect(await versions(stage)).toEqual(['v1.0.0', 'v1.1.0'])
  const after = JSON.parse((await does(stage, { command: 'releases' }, then)).main.outputs.result ?? '{}')
  const stateOf = (tag: string) => after.releases.find((one: { tag: string }) => one.tag === tag)
  expect(stateOf('v1.0.0')).toMatchObject({ state: 'deployed', serves: ['production'] })
  expect(stateOf('v1.1.0')).toMatchObject({
    state: 'deployed',
    serves: ['staging'],
    flags: [{ flag: 'rolled-back', environment: 'production' }],
    rehearsed: [{ environment: 'staging', to: { tag: 'v1.0.0-rc.1' } }],
  })
  const { history, schedules } = await ledgerOf(stage)
  expect(schedules).toMatchObject({
    pending: [],
    ended: [{ id: 's1', end: { kind: 'started', deployment: 2 } }],
  })
  expect(history.map(({ mode, release }) => `${mode} ${release.tag}`)).toEqual([
    'rollback v1.0.0',
    'deploy v1.1.0',
    'deploy v1.0.0',
  ])
  await stage.tells('whole-story')
})
