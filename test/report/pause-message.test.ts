import { expect, test } from 'vitest'
import type { Pause } from '../../src/domain/decision.ts'
import { standing } from '../../src/domain/standing.ts'
import { pauseMessage } from '../../src/report/pause-message.ts'
import type { View } from '../../src/report/view.ts'
import { command, failure, planOf, play, recipe } from './scenario.ts'

const golden = (name: string) => `golden/${name}.md`
const selfTest = failure('self-test-failed', 'The self test of web-3 failed: it answered 500.', [
  'GET /self-test',
  'cache: ok',
  '```',
  'database: no such column orders.note',
])

function pauseOf({ plan, journal }: View): Pause {
  const { pause } = standing(plan, journal)
  if (pause === null) throw new Error('nothing waits')
  return pause
}

const messageOf = (view: View) => pauseMessage(view, pauseOf(view))

test('a failed instance is reported with its last lines, the capacity left and every possible answer', async () => {
  const page = messageOf(play(planOf(), { failures: { 'web-3': [selfTest] } }))
  expect(page).toContain('**2 of 3** available, 1 must stay')
  expect(page).toContain('-f environment=production -f pause=7.2 -f decision=DECISION')
  await expect(page).toMatchFileSnapshot(golden('pause-instance'))
})

test('log lines cannot close the block that they stand in', () => {
  const page = messageOf(play(planOf(), { failures: { 'web-3': [selfTest] } }))
  expect(page).toContain(
    '\n````text\nGET /self-test\ncache: ok\n```\ndatabase: no such column orders.note\n````\n',
  )
})

test('after a contract migration the message says why going back is not offered', async () => {
  const migrate = { command: command('bin/migrate'), phase: 'contract' as const, repeatable: false }
  const contract = planOf({ recipe: { ...recipe, steps: { ...recipe.steps, migrate } } })
  const page = messageOf(play(contract, { failures: { 'web-2': [selfTest] } }))
  expect(page).toContain('| ~~roll-back~~ | not possible: v1.2.0 cannot work on the database')
  await expect(page).toMatchFileSnapshot(golden('pause-contract'))
})

test('SP-25: a failed migration is reported with the scheduler suspended', async () => {
  const page = messageOf(
    play(planOf(), {
      failures: { migrate: [failure('command-timed-out', 'migrate did not end within 20 min.')] },
    }),
  )
  expect(page).toContain('**The scheduler is still suspended**')
  await expect(page).toMatchFileSnapshot(golden('pause-migrate'))
})

test('the gate for approval shows the plan and says who may answer', async () => {
  const page = messageOf(play(planOf(), { atTheGate: true }))
  expect(page).toContain('One of `bob`, `acme/releasers` decides, but not whoever asked for it.')
  expect(page).toContain('<summary>The plan</summary>')
  await expect(page).toMatchFileSnapshot(golden('pause-approve'))
})

test('without a workflow for decisions the message says that one is needed', () => {
  const view = { ...play(planOf(), { failures: { 'web-3': [selfTest] } }), decide: null }
  expect(messageOf(view)).toContain('no workflow that takes decisions')
})

test('the command line holds whatever an environment is called', () => {
  const policy = {
    app: 'shop',
    name: "it's $(rm) `x`",
    class: 'staging' as const,
    url: null,
    approval: { kind: 'none' as const },
    unanswered: null,
  }
  const page = messageOf(play(planOf({ policy }), { failures: { 'web-3': [selfTest] } }))
  expect(page).toContain(`-f environment='it'\\''s $(rm) \`x\`'`)
})
