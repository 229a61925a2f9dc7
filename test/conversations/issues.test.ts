import { expect, test } from 'vitest'
import type { ConfigVariation } from '../../src/sandbox/shop-config.ts'
import { lose } from './lost.ts'
import { aStory, decides, deploys, does, lean, type Story, serving, unguarded } from './story.ts'

const calling: ConfigVariation = {
  ...lean,
  production: {
    ...unguarded,
    issues: { on: ['failed', 'waiting'], labels: ['incident'], assignees: ['alice'] },
  },
}

const jobPermissions = { contents: 'write', deployments: 'write', actions: 'read' } as const

/** A job that may write issues, as the workflows ask for it. */
const mayCall = ({ github }: Story) => ({
  options: { token: github.token('github-actions[bot]', { ...jobPermissions, issues: 'write' }) },
})

test('CC-24: a question opens an issue, the next failure comments on it, and the release that serves closes it', async () => {
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
  ])
    expect(issue?.body).toContain(words)
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
  await stage.tells('issue')
})

test('CC-24: a job that may not write issues says so, and deploys all the same', async () => {
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
  await stage.tells('issue-without-permission')
})

test('CC-24: of a run that was lost the watch tells, with no secret in it', async () => {
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
  await stage.tells('issue-of-a-lost-run')
})
