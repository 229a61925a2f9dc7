import { expect, test } from 'vitest'
import { standing } from '../../src/domain/journal/standing.ts'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import { obstacleInWords } from '../../src/domain/ledger/obstacle.ts'
import { refusing } from '../../src/domain/plan/seal.ts'
import { found } from '../../src/domain/reading.ts'
import type { CommitsBetween } from '../../src/domain/release/commits-between.ts'
import { planSummary } from '../../src/report/plan/plan-summary.ts'
import { openQuestion } from '../../src/report/question/answer-page.ts'
import {
  command,
  failure,
  older,
  planOf,
  play,
  policy,
  recipe,
  service,
  servingOlder,
  servingWithChecks,
  wanted,
} from './scenario.ts'

const titles = Array.from({ length: 12 }, (_, at) => `Change no. ${at + 1}`)
const between: CommitsBetween = {
  total: 12,
  titles,
  added: { paths: ['db/migrations/0042-order-note.sql', 'src/order-note.ts'], whole: true },
}
const changes = {
  url: 'https://github.com/acme/shop/compare/v1.2.0...v1.3.0',
  between: found(between),
}
const golden = (name: string) => `golden/${name}.md`

test('a plan shows the app, the environment, what serves, what is wanted, and on which base MM-10 CC-10', () => {
  const [title = '', ...page] = planSummary(planOf()).split('\n')
  expect(title).toBe('## Deploy v1.3.0 to production')
  for (const line of [
    '`shop` · `production` (production)',
    '| release | v1.2.0 | **v1.3.0** |',
    '| base version | 2026.1 | 2026.1 |',
  ])
    expect(page).toContain(line)
})

test('a plan says whom it would call by an issue, and for what', () => {
  const calling = (issues: NonNullable<typeof policy.issues>) =>
    planSummary(planOf({ policy: { ...policy, issues } }))
  expect(calling({ on: ['failed', 'waiting'], labels: [], assignees: ['alice'] })).toContain(
    'An issue is opened when it fails or waits for a decision after a failure, for `alice`; the next success closes it.',
  )
  expect(calling({ on: ['failed'], labels: ['x'], assignees: [] })).toContain('when it fails; the next')
  expect(planSummary(planOf())).not.toContain('An issue')
})

test('a plan names the alarms that are read after the approval, and none that are overridden', () => {
  const halt = { labels: [], command: command('bin/alarms-quiet'), http: null, onHalt: 'ask' } as const
  const plan = planOf({ policy: { ...policy, halt } })
  expect(planSummary(plan)).toContain('but before the first change: `bin/alarms-quiet`.')
  const overridden = { ...plan, overriddenHalt: { by: 'alice', reason: 'the fix' } }
  expect(planSummary(overridden)).not.toContain('bin/alarms-quiet')
})

test('a plan says where its way back is rehearsed, and whether that is the way from here', () => {
  const times = { back: 8, again: 9, at: '2026-11-20T10:00:00.000Z' }
  const rehearsed = (to: typeof older) =>
    planSummary(planOf({ rehearsal: { kind: 'rehearsed', where: 'staging', to, ...times } }))
  expect(rehearsed(older)).toContain(
    'The rollback from v1.3.0 is rehearsed in staging: back to v1.2.0 by deployment 8, and to it again by deployment 9 at 2026-11-20T10:00:00.000Z. It is what serves here.',
  )
  expect(rehearsed({ ...older, tag: 'v1.1.0', sha: 'c'.repeat(40) })).toContain(
    'the rehearsal went to another release',
  )
})

test('the plan of a deployment lists what changes, what is done, and what cannot be undone MM-26', async () => {
  const page = planSummary(planOf(), { changes, ledger: servingOlder })
  expect(page).toContain('**12 commits ahead**')
  await expect(page).toMatchFileSnapshot(golden('plan-deploy'))
})

test('a plan marks the change of a broker as one that users may notice SP-08', () => {
  const configureBroker = command('bin/broker')
  const page = planSummary(planOf({ recipe: { ...recipe, steps: { ...recipe.steps, configureBroker } } }))
  expect(page).toMatch(/\| `configure-broker` \| set vhosts, .*`bin\/broker` \| \*\*yes\*\* \|/)
})

const ran = { where: 'staging', deployment: 9, at: '2026-11-19T10:00:00.000Z' }

test('a plan shows the checks that it runs, and what they have shown elsewhere', async () => {
  const plan = planOf({ ledger: servingWithChecks, compatibility: { kind: 'proven', ...ran } })
  const page = planSummary(plan, { changes, ledger: servingWithChecks })
  expect(page).toContain('proven in staging by deployment 9')
  await expect(page).toMatchFileSnapshot(golden('plan-checks'))
})

test('a plan shows the checks that the first new instance of each service meets, and their command', () => {
  const { serving } = servingOlder
  const checkCompatibility = { ...command('bin/check-client'), against: 'instance' as const }
  const page = planSummary(
    planOf({ ledger: { ...servingOlder, serving: serving && { ...serving, checkCompatibility } } }),
  )
  expect(page).toContain('the first new instance alone meets the checks of v1.2.0')
  expect(page).toContain('bin/check-client')
})

test('a plan warns of a way back that checks have shown to be none', () => {
  const compatibility = { kind: 'refuted', checked: null, on: 'v1.3.0', ...ran } as const
  const page = planSummary(planOf({ ledger: servingWithChecks, compatibility }))
  expect(page).toContain('> [!WARNING]\n> Once this has migrated there is no safe rollback to v1.2.0')
  expect(page).toContain('**v1.2.0** (`aaaaaaa`): not safe: its checks failed on the schema of v1.3.0')
})

test('the plan of a rollback says that data is not taken back MM-21', async () => {
  const ledger = withWantedServing()
  const plan = planOf({ wanted: 'rollback', release: older, relation: 'behind', ledger })
  const page = planSummary(plan, { ledger })
  expect(page).toContain('not the data')
  await expect(page).toMatchFileSnapshot(golden('plan-rollback'))
})

test('a first deployment says that there is nothing to go back to', async () => {
  const ledger = emptyLedger('shop', 'production')
  const page = planSummary(planOf({ ledger, relation: 'first', commits: 0 }), { ledger })
  expect(page).toContain('There is none: no release served here before v1.3.0.')
  await expect(page).toMatchFileSnapshot(golden('plan-first'))
})

test('a plan does not call the only instance down that is changed while it serves F32', () => {
  const alone = service('web', ['web-1'])
  const stop = alone.fleet.stop === null ? null : { ...alone.fleet.stop, run: 'true' }
  const inPlace = { ...alone, fleet: { ...alone.fleet, stop } }
  const pageOf = (only: typeof alone) => planSummary(planOf({ recipe: { ...recipe, services: [only] } }))
  expect(pageOf(alone)).toContain('web is down meanwhile')
  expect(pageOf(inPlace)).not.toContain('down')
  expect(pageOf(inPlace)).toContain('it is changed while it serves')
})

test('a plan that is refused says why and what to do next before anything else', async () => {
  const single = { ...recipe, services: [service('web', ['web-1'])] }
  const page = planSummary(
    planOf({ release: older, relation: 'behind', recipe: single, ledger: withWantedServing() }),
  )
  expect(page.indexOf('[!CAUTION]')).toBeLessThan(page.indexOf('### What will be done'))
  expect(page.match(/\*\*Next:\*\*/g)).toHaveLength(2)
  await expect(page).toMatchFileSnapshot(golden('plan-refused'))
})

test('a plan against a commit that is gone says that nothing can be compared, and links no comparison F27', () => {
  const page = planSummary(planOf({ relation: 'unknown', commits: 0 }), { changes })
  expect(page).toContain('**cannot be compared**: the commit of v1.2.0 is gone.')
  expect(page).not.toContain(changes.url)
  expect(page).not.toContain('0 commits')
})

test('a plan that an open question keeps waiting shows the question and the link to its form F14', () => {
  const failed = failure('self-test-failed', 'The self test of web-3 failed: it answered 500.', [])
  const view = play(planOf(), { failures: { 'web-3': [failed] } })
  const { pause } = standing(view.plan, view.journal)
  if (pause === null || view.ledger.deployment === null) throw new Error('it waits')
  const obstacle = { kind: 'question', underway: view.ledger.deployment, pause } as const
  const plan = refusing(planOf(), obstacleInWords(obstacle, view.ledger))
  const page = planSummary(plan, { question: openQuestion(view, pause) })
  expect(page.indexOf('decision-needed')).toBeLessThan(page.indexOf('### The question that waits'))
  expect(page).toContain('[**Open the form**](<https://github.com/acme/shop/actions/workflows/')
  expect(page).toContain('-f question=7.2 -f decision=DECISION')
  expect(page.indexOf('Open the form')).toBeLessThan(page.indexOf('### What will be done'))
})

test('a plan never promises to wait for jobs that it cannot see F08', () => {
  const scheduler = recipe.steps.scheduler && { ...recipe.steps.scheduler, running: null }
  const page = planSummary(planOf({ recipe: { ...recipe, steps: { ...recipe.steps, scheduler } } }))
  expect(page).toContain('running jobs are not waited for: no `running`')
  expect(page).toContain('suspended, **not drained**')
  expect(page).toContain('**beside jobs that still run**')
  expect(page).not.toMatch(/wait until none runs|suspended, drained/)
})

test('after a rollback the plan tells the schema of the database, not that of the release that serves F12', () => {
  const [first] = servingOlder.history
  if (first === undefined) throw new Error('it has a history')
  const newer = {
    ...first,
    number: 7,
    release: wanted,
    from: older,
    migrated: 'expand',
    migrationDone: true,
  } as const
  const back = { ...first, number: 8, mode: 'rollback', from: wanted } as const
  const ledger = { ...servingOlder, history: [back, newer, first] }
  const plan = planOf({ ledger })
  const page = planSummary(plan, { ledger })
  expect(page).toContain('| database schema | 42, by v1.3.0 (deployment 7) | 42 |')
  expect(page).toContain('| before | as it is | schema 42 | v1.2.0 |')
  const going = { wanted: 'rollback', release: older, ledger: { ...ledger, serving: null } } as const
  expect(planSummary(planOf(going), { ledger })).toContain('| as it is (v1.2.0 is made for 41) |')
})

test('the first line of a rollback is its verdict, and the page names the way to return F34', () => {
  const [first] = servingOlder.history
  if (first === undefined) throw new Error('it has a history')
  const history = [{ ...first, number: 7, release: wanted, from: older, migrated: 'expand' } as const, first]
  const serving = servingOlder.serving && { ...servingOlder.serving, release: wanted }
  const ledger = { ...servingOlder, serving, history }
  const page = planSummary(planOf({ wanted: 'rollback', release: older, relation: 'behind', ledger }), {
    ledger,
    by: ['alice'],
  })
  const [, , verdict = ''] = page.split('\n')
  expect(verdict).toMatch(/^\*\*v1\.3\.0\*\* → \*\*v1\.2\.0\*\* \(back\) · .* · this rollback is safe · /)
  expect(page).toContain('Asked for by **alice**')
  expect(page.indexOf('[!WARNING]')).toBeLessThan(page.indexOf('| now | after'))
  expect(page).toContain('Nothing further back: the ledger remembers no release before v1.2.0.')
  expect(page).toContain('To return to v1.3.0, which serves now, deploy it again.')
})

test('a plan that nobody approves never says approved GH-05', () => {
  const page = planSummary(planOf({ policy: { ...policy, approval: { kind: 'none' } } }))
  expect(page).not.toMatch(/\bapproved\b/i)
  expect(page).toContain('No approval: the config requires none')
})

test('a release that failed here before is announced', () => {
  const [past] = servingOlder.history
  if (past === undefined) throw new Error('the history is empty')
  const failed = {
    ...past,
    number: 5,
    release: wanted,
    outcome: { kind: 'rolled-back' as const, forced: [], excluded: [], failure: null },
  }
  const page = planSummary(planOf(), { ledger: { ...servingOlder, history: [failed, past] } })
  expect(page).toContain('v1.3.0 was tried here before: deployment 5')
})

test('after a contract migration the rollout is not said to be undoable', () => {
  const contract = {
    ...recipe,
    steps: {
      ...recipe.steps,
      migrate: { command: command('migrate'), phase: 'contract' as const, repeatable: false },
    },
  }
  const page = planSummary(planOf({ recipe: contract }))
  expect(page).toContain('**no**: v1.2.0 does not work on the migrated database')
  expect(page).toContain('not safe: this deployment runs a contract migration')
})

test('a redeployment does not promise a way back to another release', () => {
  const page = planSummary(planOf({ release: older, relation: 'identical', commits: 0, redeploy: true }))
  expect(page).toContain('## Redeploy v1.2.0 to production')
  expect(page).toContain('**no**: v1.2.0 served here before, too')
})

test('a large fleet is folded, and the page stays far below the limit', async () => {
  const names = Array.from({ length: 400 }, (_, place) => `web-${place + 1}`)
  const large = service('web', names)
  const rollout = {
    ...large.rollout,
    maxParallel: { kind: 'percent' as const, value: 5 },
    minAvailable: null,
  }
  const page = planSummary(planOf({ recipe: { ...recipe, services: [{ ...large, rollout }] } }))
  expect(Buffer.byteLength(page)).toBeLessThan(20_000)
  await expect(page).toMatchFileSnapshot(golden('plan-large'))
})

test('a plan says which deployment verified its release, or who goes without MM-17 MM-18', () => {
  const where = 'staging'
  const words = 'succeeded at 2026-11-20T10:00:00.000Z'
  const verified = planSummary(planOf({ verification: { kind: 'verified', where, deployment: 4, words } }))
  expect(verified).toContain(
    'v1.3.0 is verified in staging by deployment 4: succeeded at 2026-11-20T10:00:00.000Z. The same commit comes here.',
  )
  const why = 'no deployment of it to staging has succeeded'
  const refused = planSummary(planOf({ verification: { kind: 'unverified', where, why } }))
  expect(refused).toContain(`**v1.3.0 is not verified in staging: ${why}.**`)
  const override = { kind: 'overridden', where, why, by: 'alice', reason: 'the shop is down' } as const
  expect(planSummary(planOf({ verification: override }))).toContain(
    `> v1.3.0 is not verified in staging: ${why}; alice wants it anyway: the shop is down.`,
  )
})

test('the way back says where the config differs, or that it cannot be read SD-33', () => {
  const differences = ['steps.post-deploy', 'services.web.fleet']
  expect(planSummary(planOf({ configBack: { kind: 'read', differences } }))).toContain(
    'could go back to **v1.2.0** (`aaaaaaa`): safe (no migration ran since), but the config differs in steps.post-deploy, services.web.fleet; this deployment runs an expand migration',
  )
  expect(planSummary(planOf({ configBack: { kind: 'unreadable', why: 'It has one mistake.' } }))).toContain(
    'refused, because its config cannot be read: It has one mistake.',
  )
})

function withWantedServing() {
  return {
    ...servingOlder,
    serving: {
      release: wanted,
      deployment: 7,
      since: '2026-11-21T09:10:00.000Z',
      record: 107,
      preDeploy: null,
      build: null,
      checkCompatibility: null,
      hosts: null,
      outputs: {},
      images: {},
    },
  }
}

test('the plan of a restart says that the release stays, and that nothing is installed CC-32', async () => {
  const serving = { wanted: 'restart', release: older, relation: 'identical', commits: 0 } as const
  const page = planSummary(planOf(serving), { ledger: servingOlder })
  expect(page).toContain('## Restart v1.2.0 in production')
  expect(page).toContain('None is needed: v1.2.0 serves before and after.')
  expect(page).not.toContain('install')
  await expect(page).toMatchFileSnapshot(golden('plan-restart'))
})

test('the plan of what destroys says so before anything else, with the word that confirms it CC-33', async () => {
  const tasks = { 'sync-data': { ...command('bin/sync-data'), destructive: true as const } }
  const wish = {
    wanted: 'task',
    task: 'sync-data',
    release: older,
    relation: 'identical',
    commits: 0,
    recipe: { ...recipe, tasks },
  } as const
  const staging = { ...policy, name: 'staging', class: 'staging' as const }
  const page = planSummary(planOf({ ...wish, policy: staging }), { ledger: servingOlder })
  expect(page.indexOf('**This cannot be taken back.**')).toBeLessThan(page.indexOf('| now | after'))
  expect(page).toContain('To confirm it, type `staging` into `confirm`.')
  const confirmed = planSummary(planOf({ ...wish, policy: staging, confirm: 'staging' }))
  expect(confirmed).toContain('It was confirmed by the word `staging`.')
  await expect(page).toMatchFileSnapshot(golden('plan-destructive'))
})

test('the plan of a base deployment says what changes with the base, and that there is no rollback CC-31', async () => {
  const release = { ...wanted, baseVersion: '2026.2' }
  const wish = { release, changeBase: true, confirm: 'production' }
  const page = planSummary(planOf(wish), { ledger: servingOlder })
  expect(page).toContain('| base version | 2026.1 | 2026.2 |')
  expect(page).toContain('only another base deployment')
  await expect(page).toMatchFileSnapshot(golden('plan-base'))
})

test('the plan of a scheduler run has the scheduler and nothing else SP-41', async () => {
  const wish = { wanted: 'scheduler-run', release: older, relation: 'identical', commits: 0 } as const
  const page = planSummary(planOf(wish), { ledger: servingOlder })
  expect(page).not.toContain('web')
  await expect(page).toMatchFileSnapshot(golden('plan-scheduler-run'))
})

test('the plan of a reset says what is lost SP-29', () => {
  const steps = { ...recipe.steps, reset: command('vendor/bin/install -r everything') }
  const staging = { ...policy, name: 'staging', class: 'staging' as const }
  const page = planSummary(
    planOf({ reset: true, confirm: 'staging', policy: staging, recipe: { ...recipe, steps } }),
  )
  expect(page).toContain('| `reset` | set all data up anew<br>**destructive**')
  expect(page).toContain('**no**: the data that was there is gone')
  expect(page).toContain('disconnect them first')
})
