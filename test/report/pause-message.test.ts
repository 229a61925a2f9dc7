import { expect, test } from 'vitest'
import { standing } from '../../src/domain/journal/standing.ts'
import type { Pause } from '../../src/domain/question/pause.ts'
import { formAt } from '../../src/report/form/form.ts'
import type { View } from '../../src/report/outcome/view.ts'
import { answerPage } from '../../src/report/question/answer-page.ts'
import { pauseMessage } from '../../src/report/question/pause-message.ts'
import { command, failure, planOf, play, policy, recipe, service, servingWithChecks } from './scenario.ts'

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
  expect(page).toContain('-f do=decide -f environment=production \\\n  -f question=7.2 -f decision=DECISION')
  await expect(page).toMatchFileSnapshot(golden('pause-instance'))
})

test('the page of an answer says who answers what and why, and links the run that asked F34', () => {
  const view = play(planOf(), { failures: { 'web-3': [selfTest] } })
  const shown = { ...view, run: 'https://github.com/acme/shop/actions/runs/999' }
  const given = {
    pause: '7.2',
    decision: 'roll-back',
    instances: [],
    reason: 'orders fail',
    by: 'rhea',
  } as const
  const page = answerPage(shown, pauseOf(view), given)
  expect(page).toMatch(/^## rhea answers roll-back: Deploy v1\.3\.0 to production\n/)
  expect(page).toContain('| why | orders fail |')
  expect(page).toContain('take back what was changed')
  expect(page).not.toContain('runs/999')
  const late = answerPage(shown, pauseOf(view), { ...given, pause: '7.1' })
  expect(late).toMatch(/^## ❌ /)
  expect(late).toContain('question `7.1`, and `7.2` waits')
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

test('a failed migration is reported with the scheduler suspended SP-25', async () => {
  const page = messageOf(
    play(planOf(), {
      failures: { migrate: [failure('command-timed-out', 'migrate did not end within 20 min.')] },
    }),
  )
  expect(page).toContain('**The scheduler is still suspended**')
  await expect(page).toMatchFileSnapshot(golden('pause-migrate'))
})

test('when the checks of what serves fail on the new schema, the message says what that means', async () => {
  const what = 'The checks of v1.2.0 fail on the schema of v1.3.0: check-compatibility exited with 1.'
  const failed = failure('not-compatible', what, ['orders: no such column note', '1 of 12 checks failed'])
  const page = messageOf(
    play(planOf({ ledger: servingWithChecks }), { failures: { 'check-compatibility': [failed] } }),
  )
  expect(page).toContain(
    'v1.2.0 serves on the schema of v1.3.0 at this moment, and there is no safe rollback',
  )
  await expect(page).toMatchFileSnapshot(golden('pause-checks'))
  const late = failure('command-timed-out', 'check-compatibility did not end within 10 min.')
  const unknown = play(planOf({ ledger: servingWithChecks }), { failures: { 'check-compatibility': [late] } })
  expect(messageOf(unknown)).toContain('whether it works there is not known: its checks came to no end')
})

test('when the release that serves does not suit the first new instance, the message says what each answer does', () => {
  const what = 'The checks of v1.2.0 fail against web-1 with v1.3.0: check-compatibility exited with 1.'
  const page = messageOf(play(planOf(), { failures: { 'web-1': [failure('not-compatible', what)] } }))
  expect(page).toContain('`web-1` does not suit the release that serves')
  expect(page).toContain('**The checks of v1.2.0 fail against `web-1`, the first new instance')
  expect(page).not.toContain('no safe rollback')
})

test('the gate for approval shows both releases first, then who may answer, and the plan SP-03', async () => {
  const page = messageOf(play(planOf(), { atTheGate: true }))
  expect(page.split('\n').find((line, at) => at > 0 && line !== '')).toMatch(
    /^\*\*v1\.2\.0\*\* → \*\*v1\.3\.0\*\*/,
  )
  expect(page).toContain('One of `bob`, `acme/releasers` decides, but not the requester.')
  expect(page).toContain('<summary>The plan</summary>')
  await expect(page).toMatchFileSnapshot(golden('pause-approve'))
})

const testBed = {
  instances: { kind: 'first' as const, count: { kind: 'number' as const, value: 1 } },
  bakeTime: 600_000,
  warmUp: 0,
  on: 'clock' as const,
  onSuccess: 'go-on' as const,
  compare: {
    figures: null,
    tolerance: 0.1,
    readings: 5,
    watchedOnly: 'none' as const,
    command: command('bin/compare'),
  },
}
const trying = planOf({
  recipe: { ...recipe, services: [service('web', ['web-1', 'web-2', 'web-3'], { testBed })] },
  policy: { ...policy, unanswered: { after: 7_200_000, decision: 'roll-back' } },
})

test('while the test bed is watched the message says until when, who goes on, and what may be answered WX-34', async () => {
  const page = messageOf(play(trying))
  expect(page).toContain('`web-1` is watched until 2026-11-21 09:42:35 UTC')
  await expect(page).toMatchFileSnapshot(golden('pause-bake'))
})

test('a test bed that is worse is shown with its figures, and with what becomes of the question unanswered WX-31', async () => {
  const what = 'The test bed is worse: p95 is 130, the others have 105.'
  const tail = ['p95: 130, the others 105', 'errors: 0, the others 0']
  const page = messageOf(play(trying, { verdict: { kind: 'worse', what, tail, evidence: [], longer: null } }))
  expect(page).toContain('it counts as `roll-back`')
  await expect(page).toMatchFileSnapshot(golden('pause-worse'))
})

test('a verdict by figures shows them as a table, and not a second time as lines WX-31', async () => {
  const side = (level: number, count: number) => ({ readings: 20, level, counted: { count, of: 10_000 } })
  const times = (level: number) => ({ readings: 20, level, counted: null })
  const verdict = {
    kind: 'inconclusive' as const,
    what: 'The readings do not tell if the test bed is worse in errors: about 12 minutes more would tell.',
    tail: ['errors is 12 of 10000, the others have 9 of 10000'],
    longer: 720_000,
    evidence: [
      {
        name: 'errors',
        found: 'open' as const,
        decides: true,
        here: side(0.0012, 12),
        there: side(0.0009, 9),
        ratio: { best: 1.33, low: 0.64, high: 2.77 },
      },
      {
        name: 'p95',
        found: 'no-worse' as const,
        decides: true,
        here: times(201),
        there: times(198.4),
        ratio: { best: 1.013, low: 0.96, high: 1.07 },
      },
      {
        name: 'p99',
        found: 'worse' as const,
        decides: false,
        here: times(612),
        there: times(400),
        ratio: { best: 1.53, low: 1.31, high: 1.79 },
      },
      {
        name: 'queue',
        found: 'not-compared' as const,
        decides: true,
        here: times(4),
        there: none,
        ratio: null,
      },
    ],
  }
  const page = messageOf(play(trying, { verdict }))
  expect(page).not.toContain('The readings it was judged by')
  await expect(page).toMatchFileSnapshot(golden('pause-evidence'))
})

const none = { readings: 0, level: null, counted: null }

test('in a repository of 0.1.0 the message names the form for decisions and its own fields', () => {
  const form = formAt({ serverUrl: 'https://github.com', repository: 'acme/shop' }, 'decide')
  const page = messageOf({ ...play(planOf(), { failures: { 'web-3': [selfTest] } }), form })
  expect(page).toContain('/acme/shop/actions/workflows/rollgate-decide.yml')
  expect(page).toContain('| `pause` | `7.2` |')
  expect(page).not.toContain('`do`')
})

test('the command line holds whatever an environment is called', () => {
  const policy = {
    app: 'shop',
    name: "it's $(rm) `x`",
    class: 'staging' as const,
    url: null,
    approval: { kind: 'none' as const },
    unanswered: null,
    freezes: [],
    windows: [],
    freezeOverride: [],
    verifiedIn: null,
  }
  const page = messageOf(play(planOf({ policy }), { failures: { 'web-3': [selfTest] } }))
  expect(page).toContain(`-f environment='it'\\''s $(rm) \`x\`'`)
})
