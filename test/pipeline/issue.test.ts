import { expect, test } from 'vitest'
import { Problem } from '../../src/domain/problem.ts'
import { type Tidings, tellIssue } from '../../src/pipeline/run/issue.ts'
import { createFakeVoice } from '../fakes/fake-voice.ts'
import { createMemoryIssues } from '../fakes/memory-issues.ts'

const tidings = (key: string, change: Partial<Tidings> = {}): Tidings => ({
  place: { app: 'shop', environment: 'production' },
  telling: 'opens',
  policy: { on: ['failed'], labels: ['incident'], assignees: ['alice'] },
  title: 'shop: deploy of v2 to production failed',
  key,
  text: `what happened at ${key}`,
  ...change,
})

function aRoom() {
  const issues = createMemoryIssues()
  const voice = createFakeVoice()
  return { issues, voice, tell: (told: Tidings) => tellIssue({ issues, voice }, told) }
}

test('the first failure opens an issue, the next ones comment on it, and a success closes it CC-24', async () => {
  const { issues, tell } = aRoom()
  expect(await tell(tidings('7'))).toEqual({ issue: 1, how: 'opened' })
  expect(await tell(tidings('8'))).toEqual({ issue: 1, how: 'told' })
  expect(await tell(tidings('8', { telling: 'follows' }))).toEqual({ issue: 1, how: 'told' })
  expect(await tell(tidings('9', { telling: 'closes' }))).toEqual({ issue: 1, how: 'closed' })
  expect(issues.shown).toMatchObject([
    {
      title: 'shop: deploy of v2 to production failed',
      text: 'what happened at 7',
      labels: ['rollgate', 'incident'],
      assignees: ['alice'],
      open: false,
      comments: ['what happened at 8', 'what happened at 9'],
    },
  ])
})

test('after it was closed the next failure opens another one', async () => {
  const { issues, tell } = aRoom()
  await tell(tidings('7'))
  await tell(tidings('8', { telling: 'closes' }))
  expect(await tell(tidings('9'))).toEqual({ issue: 2, how: 'opened' })
  expect(issues.shown.map(({ open }) => open)).toEqual([false, true])
})

test.each(['follows', 'closes', 'nothing'] as const)(
  'without an open issue, %s opens none',
  async (telling) => {
    const { issues, tell } = aRoom()
    expect(await tell(tidings('7', { telling }))).toBeNull()
    expect(issues.shown).toEqual([])
  },
)

test('another environment, or another app, has an issue of its own', async () => {
  const { issues, tell } = aRoom()
  await tell(tidings('7'))
  await tell(tidings('7', { place: { app: 'shop', environment: 'staging' } }))
  await tell(tidings('7', { place: { app: 'till', environment: 'production' } }))
  expect(issues.shown.map(({ open }) => open)).toEqual([true, true, true])
})

test('two that open one at the same moment leave one issue with both texts', async () => {
  const { issues, tell } = aRoom()
  const told = await Promise.all([tell(tidings('7')), tell(tidings('8'))])
  expect(told.map((one) => one?.issue)).toEqual([1, 1])
  expect(issues.shown.map(({ open }) => open)).toEqual([true, false])
  expect(issues.shown[0]).toMatchObject({ text: 'what happened at 7', comments: ['what happened at 8'] })
})

test('an issue that GitHub refuses is a warning that names the cause, and nothing more CC-24', async () => {
  const { issues, voice } = aRoom()
  const words = { what: 'Could not open.', why: 'It needs `issues: read`.', next: 'Add it.' }
  const create = () => Promise.reject(new Problem('permission-missing', words))
  expect(await tellIssue({ issues: { ...issues, create }, voice }, tidings('7'))).toBeNull()
  expect(voice.texts('warning').join()).toContain('All of it takes `issues: write`')
  const broken = () => Promise.reject(new Error('a mistake of ours'))
  await expect(tellIssue({ issues: { ...issues, create: broken }, voice }, tidings('7'))).rejects.toThrow(
    'ours',
  )
})
