import { expect, test } from 'vitest'
import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import { at, dispatches } from './dispatcher.ts'
import { lose } from './lost.ts'
import { aStory, decides, deploys, does, lean, type Story, serving, unguarded } from './story.ts'

const calling: ConfigVariation = {
  ...lean,
  production: {
    ...unguarded,
    logs: 'https://logs.example.com/shop',
    issues: { on: ['failed', 'waiting'], labels: ['incident'], assignees: ['alice'] },
  },
}

const jobPermissions = { contents: 'write', deployments: 'write', actions: 'read' } as const

/** A job that may write issues, as the workflows ask for it. */
const mayCall = ({ github }: Story) => ({
  options: { token: github.token('github-actions[bot]', { ...jobPermissions, issues: 'write' }) },
})

test('a question opens an issue, the next failure comments on it, and the release that serves closes it CC-24 MM-16', async () => {
  const stage = await aStory({ instances: 2, config: calling })
  const { shop, github } = stage
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0')
  shop.trouble.fail('install', 'the disk is full', 'web-2')

  const asked = await deploys(stage, 'v1.1.0', mayCall(stage))
  expect(asked.main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.1' })
  expect(github.issues).toMatchObject([
    {
      title: 'shop: deploy of v1.1.0 to production waits for a decision',
      labels: ['rollgate', 'incident'],
      assignees: ['alice'],
      state: 'open',
      author: 'github-actions[bot]',
      comments: [],
    },
  ])
  const [issue] = github.issues
  for (const words of [
    'the disk is full',
    '`web-2`',
    '| `roll-back` |',
    '**1 of 2** available',
    '/actions/runs/',
    '[logs of production](<https://logs.example.com/shop>)',
  ])
    expect(issue?.body).toContain(words)
  expect(github.deployments.at(-1)?.payload).toMatchObject({ logs: 'https://logs.example.com/shop' })
  stage.aside(`issue #1 is open: ${issue?.title}`)

  const again = await deploys(stage, 'v1.1.0', mayCall(stage))
  expect(again.main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.1' })
  expect(github.issues[0]?.comments).toEqual([])

  shop.trouble.clear('install', 'web-2')
  const back = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'roll-back' }, mayCall(stage))
  expect(back.main.outputs).toMatchObject({ outcome: 'rolled-back' })
  expect(github.issues).toMatchObject([
    { state: 'open', comments: [{ body: expect.stringContaining('rolled back') }] },
  ])

  const served = await deploys(stage, 'v1.1.0', mayCall(stage))
  expect(served.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(github.issues).toMatchObject([
    { state: 'closed', comments: [{}, { body: expect.stringContaining('v1.1.0 serves') }] },
  ])
  stage.asksAtMost(120)
})

test('a job that may not write issues says so, and deploys all the same CC-24', async () => {
  const stage = await aStory({ instances: 1, config: calling })
  const { shop, github } = stage
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0')
  shop.trouble.fail('install', 'the disk is full', 'web-1')
  const asked = await deploys(stage, 'v1.1.0')
  expect(asked.main.outputs).toMatchObject({ outcome: 'waiting', pause: '2.1' })
  expect(asked.main.log.join('\n')).toMatch(/::warning title=The issue is behind::.*`issues: write`/)
  expect(github.issues).toEqual([])
  shop.trouble.clear('install', 'web-1')
  const served = await decides(stage, 'v1.1.0', { pause: '2.1', decision: 'retry' })
  expect(served.main).toMatchObject({ code: 0, outputs: { outcome: 'succeeded' } })
  stage.asksAtMost(60)
})

test('the watch reports a lost run, with no secret in it CC-24', async () => {
  const { steps: _none, ...withMigration } = calling
  const stage = await aStory({ instances: 1, config: withMigration })
  const { github, shop } = stage
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0')
  await stage.quietly(() => lose(stage, 'migrate', 'v1.1.0'))
  stage.aside('the machine of the run of v1.1.0 is gone, in the migration')
  const { options } = mayCall(stage)
  const secret = 'hunter2-hunter2'
  const sha = 'refs/tags/v1.1.0'
  const env = { ROLLGATE_ENV: `PASSWORD=${secret}` }
  const watched = await does(
    stage,
    { command: 'watch' },
    { actor: 'cron', options: { ...options, sha, env } },
  )
  expect(watched.main.outputs).toMatchObject({ outcome: 'watched' })
  expect(github.issues).toMatchObject([
    { state: 'open', title: 'shop: deploy of v1.1.0 to production was interrupted' },
  ])
  expect(github.issues[0]?.body).toContain('**The scheduler is still suspended**')

  shop.trouble.fail('migrate', `the password ${secret} is wrong`)
  const asks = await deploys(stage, 'v1.1.0', { options: { ...options, env } })
  const answer = { pause: asks.main.outputs.pause ?? '', decision: 'retry' }
  const again = await decides(stage, 'v1.1.0', answer, { options: { ...options, env } })
  expect(again.main.outputs).toMatchObject({ outcome: 'waiting' })
  const told = JSON.stringify(github.issues)
  expect(told).toContain('the password *** is wrong')
  expect(told).not.toContain(secret)
  stage.asksAtMost(75)
})

test('the requester of a missed or refused schedule is mentioned; the release that serves closes the issue CC-17 CC-20', async () => {
  const stage = await aStory({ instances: 1, config: calling })
  const { github } = stage
  await serving(stage, 'v1.0.0')
  await stage.release('v1.1.0')
  const { token } = mayCall(stage).options
  const schedules = (day: string) =>
    does(
      stage,
      {
        command: 'schedule',
        release: 'v1.1.0',
        at: `${day}T09:00`,
        timezone: 'Europe/Berlin',
        reason: 'the campaign begins',
      },
      { actor: 'rhea', options: at('2026-11-30T10:00:00Z') },
    )

  stage.aside('nobody looks for two hours, and the job that then looks may not write issues')
  await schedules('2026-12-01')
  const silent = await dispatches(stage, '2026-12-01T10:01:00Z')
  expect(silent.look.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'schedule-missed' } })
  expect(silent.look.main.log.join('\n')).toMatch(/::warning title=The issue is behind::.*`issues: write`/)
  expect(github.issues).toEqual([])

  stage.aside('the same the next day, with a job that may')
  await schedules('2026-12-02')
  const missed = await dispatches(stage, '2026-12-02T10:01:00Z', { token })
  expect(missed.look.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'schedule-missed' } })
  expect(github.issues).toMatchObject([
    {
      title: 'shop: scheduled deploy of v1.1.0 to production was missed',
      labels: ['rollgate', 'incident'],
      assignees: ['alice'],
      state: 'open',
      comments: [],
    },
  ])
  for (const words of ['@rhea, you asked for it', 'is 2 h 1 min late', '2026-12-02 09:00 Europe/Berlin'])
    expect(github.issues[0]?.body).toContain(words)
  const again = await dispatches(stage, '2026-12-02T10:06:00Z', { token })
  expect(again.look.main.code).toBe(0)
  expect(github.issues).toMatchObject([{ comments: [] }])

  stage.aside('a freeze begins between the request and the time')
  await schedules('2026-12-03')
  const freeze = {
    name: 'sudden',
    from: '2026-12-03T00:00',
    to: '2026-12-04T00:00',
    timezone: 'Europe/Berlin',
  }
  await stage.policy({ production: { ...calling.production, freezes: [freeze] } })
  const frozen = await dispatches(stage, '2026-12-03T08:01:00Z', { token })
  expect(frozen.begun?.main).toMatchObject({ code: 1, outputs: { 'reason-code': 'frozen' } })
  expect(github.issues).toMatchObject([
    {
      state: 'open',
      comments: [{ body: expect.stringMatching(/scheduled as s3: refused[\s\S]*@rhea, you asked/) }],
    },
  ])

  stage.aside('the day after it is deployed')
  const options = { ...at('2026-12-04T08:00:00Z'), token }
  const served = await deploys(stage, 'v1.1.0', { options })
  expect(served.main.outputs).toMatchObject({ outcome: 'succeeded' })
  expect(github.issues).toMatchObject([{ state: 'closed', comments: [{}, {}] }])
  stage.asksAtMost(172)
})
