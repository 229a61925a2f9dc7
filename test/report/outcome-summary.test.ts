import { expect, test } from 'vitest'
import type { Event } from '../../src/domain/journal/journal.ts'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import { outcomeSummary } from '../../src/report/outcome/outcome-summary.ts'
import { command, failure, older, planOf, play, recipe, service, servingOlder } from './scenario.ts'

const golden = (name: string) => `golden/${name}.md`
const selfTest = failure('self-test-failed', 'The self test of web-3 failed: it answered 500.', [
  'GET /self-test',
  'cache: ok',
  'database: no such column orders.note',
])

test('a success names who is responsible, with the address to watch WX-27', async () => {
  const page = outcomeSummary(play(planOf()))
  expect(page).toContain('**alice**, please watch [')
  expect(page).toContain('(<https://shop.example.com/>)')
  await expect(page).toMatchFileSnapshot(golden('outcome-succeeded'))
})

test('every page of a deployment carries the warnings of its plan CC-07 F36', () => {
  const older = planOf({ relation: 'behind', acknowledged: { older: true, dataLoss: false } })
  const pages = [{}, { failures: { 'web-3': [selfTest] } }].map((script) =>
    outcomeSummary(play(older, script)),
  )
  for (const page of pages) expect(page).toContain('Deploying an older release is not recommended')
})

test('the time of the previous services on the new database is reported SP-26', () => {
  const page = outcomeSummary(play(planOf()))
  expect(page).toMatch(/v1\.2\.0 served on the database of v1\.3\.0 for \*\*\d+ min/)
})

test('the time in which both releases served is measured, and not called avoidable SP-32', () => {
  const page = outcomeSummary(play(planOf()))
  expect(page).toContain('v1.2.0 and v1.3.0 served side by side for **1 min 3 s**')
  expect(page).toContain('every rollout has a time of two releases')
  expect(page).not.toMatch(/avoid/i)
})

test('no report of a rollout says atomic or instant MM-12', () => {
  for (const view of [play(planOf()), play(planOf(), { failures: { 'web-3': [selfTest] } })])
    expect(outcomeSummary(view)).not.toMatch(/atomic|instant(?!an|-|c)|zero.downtime/i)
})

test('an outcome with excluded and forced instances is not a plain success WX-25', async () => {
  const answers = [{ decision: 'force-next' as const }, { decision: 'exclude' as const }]
  const view = play(planOf(), {
    failures: {
      'web-2': [failure('instance-unhealthy', 'web-2 was not healthy within 2 min.')],
      'worker-2': [selfTest],
    },
    answers,
  })
  const page = outcomeSummary(view)
  expect(page).toContain('converged with 1 forced, 1 excluded')
  expect(page).not.toContain('✅')
  await expect(page).toMatchFileSnapshot(golden('outcome-converged'))
})

test('a deployment that was rolled back says that data was not MM-21', async () => {
  const page = outcomeSummary(
    play(planOf(), { failures: { 'web-3': [selfTest] }, answers: [{ decision: 'roll-back' }] }),
  )
  expect(page).toContain('not the data')
  await expect(page).toMatchFileSnapshot(golden('outcome-rolled-back'))
})

test('a way back on which a person left an instance out does not say that everything is back F06', () => {
  const view = play(planOf(), {
    failures: { 'web-3': [selfTest, selfTest] },
    answers: [{ decision: 'roll-back' }, { decision: 'exclude' }],
  })
  const page = outcomeSummary(view)
  expect(page).toContain('rolled back with 1 excluded')
  expect(page).toContain('Apart from `web/web-3`, everything that was changed runs v1.2.0 again')
  expect(page).not.toContain('Everything that was changed')
})

test('a failed migration leaves the scheduler suspended, and the report cries it out SP-25', async () => {
  const view = play(planOf(), {
    failures: { migrate: [failure('command-failed', 'migrate exited with 1.', ['ERROR: lock timeout'])] },
    answers: [{ decision: 'abandon' }],
  })
  const page = outcomeSummary(view)
  expect(page).toContain('**The scheduler is still suspended**')
  expect(page).toContain('Only a person may end that, because a migration has begun and has not succeeded')
  await expect(page).toMatchFileSnapshot(golden('outcome-abandoned'))
})

test('a scheduler that does not drain fails the deployment and is resumed', async () => {
  const late = failure(
    'drain-timed-out',
    'The scheduler did not drain within 15 min: import-prices still ran.',
  )
  const page = outcomeSummary(play(planOf(), { failures: { 'suspend-scheduler': [late] } }))
  expect(page).not.toContain('still suspended')
  expect(page).toContain('No instance was changed.')
  await expect(page).toMatchFileSnapshot(golden('outcome-failed'))
})

test('a failed hook after the rollout leaves a success that says so SP-37', () => {
  const page = outcomeSummary(
    play(planOf(), {
      failures: { 'post-deploy': [failure('command-failed', 'post-deploy exited with 2.')] },
    }),
  )
  expect(page).toContain('## ⚠️ Deploy v1.3.0 to production: succeeded, post-deploy failed')
  expect(page).toContain('v1.3.0 does serve.')
})

test('a run that was cancelled in the migration leaves a deployment that is interrupted', async () => {
  const page = outcomeSummary(play(planOf(), { cancelledIn: 'migrate' }))
  expect(page).toContain('| 7 | `migrate` | **outcome unknown** |')
  await expect(page).toMatchFileSnapshot(golden('outcome-interrupted'))
})

test('a run that was lost is not said to have worked until it was missed', () => {
  const view = play(planOf(), { cancelledIn: 'migrate' })
  const missed = view.journal.flatMap((event): Event[] =>
    event.kind === 'interrupted' ? [{ ...event, at: '2026-11-21T15:00:00.000Z', cause: 'lost' }] : [event],
  )
  const journal = missed.filter(({ kind }) => kind !== 'left')
  const page = outcomeSummary({ ...view, journal, now: '2026-11-21T15:00:01.000Z' })
  expect(page).toContain('1 min 28 s at work, 5 h 59 min waiting')
  expect(page).toContain('interrupted, its run was lost')
})

test('a deployment that waits says what for, and that nothing more is changed', async () => {
  const page = outcomeSummary(play(planOf(), { failures: { 'web-3': [selfTest] } }))
  expect(page).toContain('Nothing more changes until a person answers question `7.2` with [the form]')
  expect(page.match(/The self test of web-3 failed/g)).toHaveLength(2)
  await expect(page).toMatchFileSnapshot(golden('outcome-waiting'))
})

test('a first deployment reports no time of two releases', () => {
  const ledger = emptyLedger('shop', 'production')
  const page = outcomeSummary(play(planOf({ ledger, relation: 'first' }), { ledger }))
  expect(page).not.toContain('While both releases lived')
  expect(page).toContain('first release → **v1.3.0**')
})

test('every failed instance of a large fleet is named, and the others are counted', () => {
  const names = Array.from({ length: 600 }, (_, place) => `web-${place + 1}`)
  const large = service('web', names)
  const rollout = {
    ...large.rollout,
    maxParallel: { kind: 'number' as const, value: 500 },
    maxFailures: 400,
    minAvailable: null,
  }
  const plan = planOf({ recipe: { ...recipe, services: [{ ...large, rollout }] } })
  const failures = Object.fromEntries(
    names
      .slice(0, 300)
      .map((name) => [name, [failure('self-test-failed', `The self test of ${name} failed.`)]]),
  )
  const page = outcomeSummary(play(plan, { failures }))
  for (const name of names.slice(0, 300)) expect(page).toContain(`\`${name}\``)
  expect(page).toContain('300 done')
  expect(Buffer.byteLength(page)).toBeLessThan(1024 * 1024)
})

test('a version is only shown for an instance that said it', () => {
  const mute = service('web', ['web-1', 'web-2'], { version: null })
  const page = outcomeSummary(play(planOf({ recipe: { ...recipe, services: [mute] } })))
  expect(page).toContain('v1.3.0, not read back')
})

test('without an approval no report says approved GH-05', () => {
  const open = planOf({
    recipe: { ...recipe, steps: { ...recipe.steps, build: { command: command('make'), unless: null } } },
    policy: {
      app: 'shop',
      name: 'staging',
      class: 'staging',
      url: null,
      approval: { kind: 'none' },
      unanswered: null,
      freezes: [],
      windows: [],
      freezeOverride: [],
      verifiedIn: null,
    },
  })
  expect(outcomeSummary(play(open, { ledger: servingOlder }))).not.toMatch(/approved/i)
})

const serving = { release: older, relation: 'identical', commits: 0 } as const

test('a restart that stopped for an instance asks, and offers no way back CC-32', async () => {
  const view = play(planOf({ ...serving, wanted: 'restart' }), {
    failures: { 'web-2': [failure('instance-unhealthy', 'web-2 was not healthy within 2 min.')] },
  })
  const page = outcomeSummary(view)
  expect(page).toContain('v1.2.0 served here before, too')
  await expect(page).toMatchFileSnapshot(golden('outcome-restart-waiting'))
})

test('a restart that is done says that the release serves as before CC-32', async () => {
  const page = outcomeSummary(play(planOf({ ...serving, wanted: 'restart' })))
  expect(page).not.toContain('→ **v1.2.0**')
  await expect(page).toMatchFileSnapshot(golden('outcome-restart'))
})

test('a build alone is no deployment SP-41', () => {
  const page = outcomeSummary(play(planOf({ wanted: 'build' })))
  expect(page).toContain('v1.3.0 is built. Nothing of `production` has changed')
  expect(page).not.toMatch(/Deployment \d/)
})
