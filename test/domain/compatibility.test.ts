import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { next } from '../../src/domain/journal/next.ts'
import { handedOn } from '../../src/domain/ledger/handed-on.ts'
import { remember } from '../../src/domain/ledger/ledger.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import type { Underway } from '../../src/domain/ledger/underway.ts'
import { asThoughDone } from '../../src/domain/plan/expectation.ts'
import { adviseWayBack } from '../../src/domain/plan/way-back.ts'
import {
  compatibilityIn,
  compatibilityOf,
  compatibilityThere,
} from '../../src/domain/release/compatibility.ts'
import type { CompatibilityCheck } from '../../src/domain/release/compatibility-check.ts'
import { describeFeasibility, feasibility, isUnsafe } from '../../src/domain/release/feasibility.ts'
import type { Release } from '../../src/domain/release/release.ts'
import {
  aFailure,
  aJournal,
  answered,
  aTime,
  done,
  failed,
  lost,
  pauseOf,
  resumed,
  started,
  upTo,
} from './a-journal.ts'
import { aFailed, aHistory, aPast } from './a-ledger.ts'
import {
  aCommand,
  aLedgerServing,
  aLedgerWithChecks,
  allSteps,
  aPlan,
  aPolicy,
  aRecipe,
  aRelease,
  newer,
  noSteps,
  older,
} from './a-plan.ts'

const check = 'check-compatibility'
const checked = aPlan({ ledger: aLedgerWithChecks() })
const kinds = (plan: typeof checked) => plan.steps.map(({ kind }) => kind)
const migrating = (phase: 'expand' | 'contract') =>
  aRecipe({ steps: { ...allSteps, migrate: { command: aCommand('migrate'), phase, repeatable: false } } })

test('checks that are still to come prove nothing to a plan upon their deployment', () => {
  const ledger = aLedgerWithChecks()
  const ahead = {
    plan: checked,
    at: aTime(0),
    by: 'dora',
    run: 'https://github.com/acme/shop/actions/runs/7',
  }
  const after = asThoughDone(ledger, { ...ahead, ...handedOn(allSteps) })
  const [from, to] = [checked.from, checked.release]
  if (from === null) throw new Error('nothing serves')
  expect(kinds(checked)).toContain(check)
  expect(after.serving?.release).toEqual(to)
  expect(after.history[0]).toMatchObject({ release: to, outcome: { kind: 'succeeded' } })
  expect(compatibilityOf(after, from, to)).toBeNull()
})

describe('the step that runs the checks of the release that serves', () => {
  test('stands after the migration, before anything of the new release serves, as that release defines it', () => {
    const recipe = aRecipe({ steps: { ...allSteps, checkCompatibility: aCommand('check-newer') } })
    const plan = aPlan({ ledger: aLedgerWithChecks(), recipe })
    const place = kinds(plan).indexOf(check)
    expect(kinds(plan).slice(place - 1, place + 2)).toEqual(['migrate', check, 'resume-scheduler'])
    expect(plan.steps[place]).toMatchObject({ id: check, command: { run: 'check-older' } })
  })

  test.each<[string, Parameters<typeof aPlan>[0], RegExp]>([
    [
      'a first deployment',
      {
        ledger: aLedgerServing(null),
        recipe: aRecipe({ steps: { ...allSteps, checkCompatibility: aCommand('check') } }),
      },
      /nothing serves yet/,
    ],
    [
      'a deployment that migrates nothing',
      { ledger: aLedgerWithChecks(), recipe: aRecipe({ steps: noSteps }) },
      /nothing is migrated/,
    ],
    [
      'a contract migration',
      { ledger: aLedgerWithChecks(), recipe: migrating('contract') },
      /after a contract migration v1\.0\.0 does not work/,
    ],
    [
      'a reset of all data',
      {
        ledger: aLedgerWithChecks(),
        policy: aPolicy({ class: 'sandbox' }),
        reset: true,
        recipe: aRecipe({ steps: { ...allSteps, reset: aCommand('reset') } }),
      },
      /set up anew/,
    ],
    [
      'a release with the same schema',
      { ledger: aLedgerWithChecks(), release: { ...newer, schemaVersion: older.schemaVersion } },
      /both releases have schema 41/,
    ],
    ['a rollback', { ledger: aLedgerWithChecks(), wanted: 'rollback' }, /never migrates/],
    [
      'a redeployment',
      { ledger: aLedgerWithChecks(), release: older, redeploy: true },
      /went through it here already/,
    ],
  ])('is left out of %s, which says why', (_title, wish, why) => {
    const plan = aPlan(wish)
    expect(kinds(plan)).not.toContain(check)
    expect(plan.omitted.find(({ kind }) => kind === check)?.reason).toMatch(why)
  })

  test('runs in spite of the same schema where the checks have failed: that may have been put right by hand', () => {
    const history = aHistory(aPast(older), refuted(newer, older, abandoned))
    const fixed = { ...aRelease('v1.0.1'), schemaVersion: older.schemaVersion }
    expect(kinds(aPlan({ ledger: aLedgerWithChecks({ history }), release: fixed }))).toContain(check)
    expect(kinds(aPlan({ ledger: aLedgerWithChecks(), release: fixed }))).not.toContain(check)
  })

  test('is no part of what brings no release, nor named there', () => {
    for (const wanted of ['restart', 'scheduler-run', 'build'] as const) {
      const plan = aPlan({ ledger: aLedgerWithChecks(), release: older, wanted })
      expect([...kinds(plan), ...plan.omitted.map(({ kind }) => kind)]).not.toContain(check)
    }
  })

  test('is nowhere, and a plan what it was, while the release that serves has no checks', () => {
    const recipe = aRecipe({ steps: { ...allSteps, checkCompatibility: aCommand('check') } })
    expect(aPlan({ recipe }).digest).toBe(aPlan().digest)
  })

  test('runs again where a lost run had begun it: it changes nothing', () => {
    const journal = aJournal(...upTo(checked, check), started(check), lost, resumed)
    expect(compatibilityIn(checked, journal)).toBeNull()
    expect(upTo(checked, check).length).toBeGreaterThan(1)
    expect(next(checked, journal)).toMatchObject({ kind: 'run', step: { id: check } })
  })
})

describe('when the checks fail', () => {
  const stuck = [...upTo(checked, check), ...failed(check)]

  test('somebody is asked, and may end it there: nothing of the new release serves', () => {
    const { options, step } = pauseOf(checked, aJournal(...stuck))
    expect(step).toBe(check)
    expect(options).toEqual(['retry', 'force-next', 'roll-back', 'abandon'])
  })

  test('and somebody goes on, there is no way back any more, asked for or not', () => {
    const web = 'roll-services/web'
    const broken: Happening[] = [
      ...answered(checked, stuck, 'force-next'),
      ...done('resume-scheduler'),
      started(web),
      { kind: 'instances-observed', step: web, instances: {} },
      { kind: 'step-failed', step: web, failure: aFailure() },
    ]
    const { withheld, options } = pauseOf(checked, aJournal(...broken))
    expect(options).not.toContain('roll-back')
    expect(withheld['roll-back']).toBe('the checks of v1.0.0 did not pass on the migrated database')
  })

  test.each<[string, Happening[], CompatibilityCheck | null]>([
    ['nothing, before they have ended', [...upTo(checked, check), started(check)], null],
    ['that they passed', [...upTo(checked, check), ...done(check)], { passed: true, at: aTime(20) }],
    ['that they failed', stuck, { passed: false, at: aTime(20) }],
    [
      'what came of it when they were tried again',
      [...answered(checked, stuck, 'retry'), ...done(check)],
      { passed: true, at: aTime(25) },
    ],
    [
      'who continued anyway',
      answered(checked, stuck, 'force-next'),
      { passed: false, at: aTime(20), forced: { by: 'bob', reason: 'seen to' } },
    ],
    [
      'nothing of who went on after another step',
      answered(
        checked,
        [...upTo(checked, check), ...done(check), ...failed('resume-scheduler')],
        'force-next',
      ),
      { passed: true, at: aTime(20) },
    ],
  ])('the journal says %s', (_title, happenings, expected) => {
    expect(compatibilityIn(checked, aJournal(...happenings))).toEqual(expected)
  })

  test('the history keeps it, and the release hands its own checks on once it serves', () => {
    const deployment: Underway = {
      number: 7,
      plan: checked,
      journal: [],
      holder: null,
      record: null,
      ...handedOn({ preDeploy: null, checkCompatibility: aCommand('check-newer') }),
    }
    const ended: Happening[] = [
      ...answered(checked, stuck, 'force-next'),
      ...done('record-version'),
      { kind: 'ended', outcome: { kind: 'abandoned', by: 'bob', reason: '' } },
    ]
    const after = aJournal(...ended).reduce(remember, { ...aLedgerWithChecks(), deployment })
    expect(after.history[0]?.compatibility).toEqual({
      passed: false,
      at: aTime(20),
      forced: { by: 'bob', reason: 'seen to' },
    })
    expect(after.serving).toMatchObject({ release: newer, checkCompatibility: { run: 'check-newer' } })
    expect(handedOn({ preDeploy: null })).toEqual({ preDeploy: null, build: null, checkCompatibility: null })
  })
})

const [v1, v2, v3] = ['41', '42', '43'].map((schemaVersion, at) =>
  aRelease(`v${at + 1}`, { schemaVersion }),
) as [Release, Release, Release]
const passed = (release: Release, from: Release, change: Partial<Past> = {}) =>
  aPast(release, { from, migrated: 'expand', compatibility: { passed: true, at: aTime(30) }, ...change })
const refuted = (release: Release, from: Release, change: Partial<Past> = {}) =>
  passed(release, from, { compatibility: { passed: false, at: aTime(30) }, ...change })
const abandoned = { outcome: { kind: 'abandoned', by: 'bob', reason: '' } } as const
const cancelled = { kind: 'cancelled', why: 'a newer request', stays: [] } as const
const plainly = (release: Release, from: Release, change: Partial<Past> = {}) =>
  aPast(release, { from, migrated: 'expand', ...change })
const back = (release: Release, from: Release) => aPast(release, { mode: 'rollback', from })
const here = (pasts: readonly Past[], environment = 'production') => ({
  environment,
  history: aHistory(...pasts),
  migration: null,
})

describe('checks and the verdict on going back', () => {
  const proven = (deployment: number) => ({ kind: 'proven', where: 'production', deployment, at: aTime(30) })
  const against = (deployment: number, checks: string | null, on: string) =>
    ({ kind: 'refuted', checked: checks, on, deployment, where: 'production' }) as const

  test.each<[string, Past[], [Release, Release], object | null]>([
    ['nothing, where none ran', [aPast(v1), plainly(v2, v1)], [v1, v2], null],
    ['proven, where its own passed', [aPast(v1), passed(v2, v1)], [v1, v2], proven(2)],
    ['nothing, when another schema came since', [aPast(v1), passed(v2, v1), plainly(v3, v2)], [v1, v3], null],
    [
      'still proven, when the same release came once more',
      [aPast(v1), passed(v2, v1, abandoned), plainly(v2, v1)],
      [v1, v2],
      proven(2),
    ],
    [
      'still proven, when what came since has the same schema',
      [aPast(v1), passed(v2, v1), plainly({ ...v3, schemaVersion: '42' }, v2)],
      [v1, { ...v3, schemaVersion: '42' }],
      proven(2),
    ],
    ['nothing of a release that is still to migrate', [aPast(v1), passed(v2, v1, abandoned)], [v1, v3], null],
    ['refuted, where its own failed', [aPast(v1), refuted(v2, v1)], [v1, v2], against(2, null, 'v2')],
    [
      'refuted by a deployment that was abandoned: its migration stays',
      [aPast(v1), refuted(v2, v1, abandoned), aPast({ ...v1, sha: 'f'.repeat(40), tag: 'v1.1' })],
      [v1, { ...v1, sha: 'f'.repeat(40), tag: 'v1.1' }],
      against(2, null, 'v2'),
    ],
    [
      'refuted for everything from before it',
      [aPast(v1), passed(v2, v1), refuted(v3, v2)],
      [v1, v3],
      against(3, 'v2', 'v3'),
    ],
    [
      'no longer refuted, when the same checks passed on what put it right',
      [aPast(v1), refuted(v2, v1, abandoned), passed(v3, v1)],
      [v1, v3],
      proven(3),
    ],
    [
      'not refuted by what was before it served again',
      [aPast(v1), refuted(v2, v1), back(v1, v2), plainly(v3, v1)],
      [v1, v3],
      null,
    ],
  ])('%s', (_title, pasts, [target, current], expected) => {
    const found = compatibilityOf(here(pasts), target, current)
    if (expected === null) expect(found).toBeNull()
    else expect(found).toMatchObject(expected)
  })

  test.each<[string, Past[], object | null]>([
    ['of the same pair', [aPast(v1), passed(v2, v1)], { kind: 'proven', where: 'staging', deployment: 2 }],
    [
      'as it was then, although it is further by now',
      [aPast(v1), passed(v2, v1), refuted(v3, v2)],
      { kind: 'proven', deployment: 2 },
    ],
    [
      'the last time that it was brought there',
      [aPast(v1), passed(v2, v1), back(v1, v2), refuted(v2, v1)],
      { kind: 'refuted', deployment: 4 },
    ],
    [
      'nothing of what was cancelled before it began',
      [aPast(v1), passed(v2, v1), refuted(v3, v2), aPast(v2, { from: v3, outcome: cancelled })],
      { kind: 'proven', deployment: 2 },
    ],
    ['nothing, where the newer one never was', [aPast(v1), passed(v3, v1)], null],
    ['nothing, where the older one never was', [refuted(v2, v3)], null],
  ])('another environment tells %s', (_title, pasts, expected) => {
    const found = compatibilityThere(here(pasts, 'staging'), v1, v2)
    if (expected === null) expect(found).toBeNull()
    else expect(found).toMatchObject(expected)
  })
})

describe('the feasibility of going back', () => {
  test.each<[string, Past[], Release]>([
    [
      `safe: only expand migrations ran since; proven in production by deployment 2 at ${aTime(30)}`,
      [aPast(v1), passed(v2, v1)],
      v2,
    ],
    [
      `not safe: its checks failed on the schema of v2, in production by deployment 2 at ${aTime(30)}; it needs a restore`,
      [aPast(v1), refuted(v2, v1)],
      v2,
    ],
    [
      `not safe: the checks of v2, which is newer, failed on the schema of v3, in production by deployment 3 at ${aTime(30)}; it needs a restore`,
      [aPast(v1), passed(v2, v1), refuted(v3, v2)],
      v3,
    ],
  ])('says: %s', (words, pasts, current) => {
    expect(describeFeasibility(feasibility(v1, current, here(pasts)))).toBe(words)
  })

  test('says so beside what the configs differ in', () => {
    const differing = { kind: 'read', differences: ['steps.post-deploy'] } as const
    expect(describeFeasibility(feasibility(v1, v2, here([aPast(v1), passed(v2, v1)]), differing))).toBe(
      `safe (only expand migrations ran since; proven in production by deployment 2 at ${aTime(30)}), but the config differs in steps.post-deploy`,
    )
  })

  test('another environment counts where none of its own have run', () => {
    const elsewhere = compatibilityThere(here([aPast(v1), refuted(v2, v1)], 'staging'), v1, v2)
    const untold = here([aPast(v1)])
    expect(feasibility(v1, v2, untold, null, elsewhere)).toMatchObject({
      kind: 'incompatible',
      checks: { where: 'staging' },
    })
    const own = here([aPast(v1), passed(v2, v1, abandoned)])
    expect(feasibility(v1, v2, own, null, elsewhere)).toMatchObject({ kind: 'safe' })
  })

  const releases = [v1, v2, v3, { ...v3, tag: 'v4', sha: '4'.repeat(40), baseVersion: '2027.1' }]
  const anyPast = fc
    .record({
      release: fc.constantFrom(...releases),
      from: fc.constantFrom(...releases),
      mode: fc.constantFrom('deploy', 'deploy', 'deploy', 'rollback', 'redeploy', 'task'),
      ends: fc.constantFrom('well', 'well', 'badly'),
      migrated: fc.constantFrom('expand', 'expand', 'contract', null),
      checks: fc.constantFrom('passed', 'failed', 'none'),
    } as const)
    .map(({ release, from, mode, ends, migrated, checks }) => {
      const past: Partial<Past> = {
        mode,
        from,
        migrated: mode === 'deploy' ? migrated : null,
        ...(checks === 'none' || mode !== 'deploy' || migrated !== 'expand'
          ? {}
          : { compatibility: { passed: checks === 'passed', at: aTime(30) } }),
      }
      return ends === 'well' ? aPast(release, past) : aFailed(release, past)
    })

  test('checks never make a way back feasible that is not, and one that failed always shows SD-33', () => {
    const both = fc.record({
      pasts: fc.array(anyPast, { maxLength: 8 }),
      target: fc.constantFrom(...releases),
      current: fc.constantFrom(...releases),
    })
    let shown = 0
    fc.assert(
      fc.property(both, ({ pasts, target, current }) => {
        const mute = pasts.map((past) => ({ ...past, compatibility: null }))
        const declared = feasibility(target, current, here(mute))
        const judged = feasibility(target, current, here(pasts))
        if (declared.kind !== 'safe') expect(judged).toEqual(declared)
        else expect(['safe', 'incompatible']).toContain(judged.kind)
        // The last word of the target's own checks, if they ran after it came to serve.
        const since = sinceIt(pasts, target)
        const last = since.findLast(({ from, compatibility }) => from?.sha === target.sha && compatibility)
        if (last?.compatibility?.passed === false && declared.kind === 'safe') {
          shown += 1
          expect(isUnsafe(judged)).toBe(true)
        }
      }),
      { numRuns: 2_000 },
    )
    expect(shown).toBeGreaterThan(20)
  })
})

function sinceIt(pasts: readonly Past[], { sha }: Release): readonly Past[] {
  const served = pasts.findLastIndex(
    ({ mode, release, outcome }) =>
      ['deploy', 'rollback', 'redeploy'].includes(mode) &&
      release.sha === sha &&
      outcome.kind === 'succeeded',
  )
  return pasts.slice(served + 1)
}

describe('a plan', () => {
  const served = (...pasts: Past[]) => aLedgerServing(v2, { history: aHistory(...pasts) })
  const rollback = (ledger: ReturnType<typeof served>, dataLoss = false) =>
    aPlan({ wanted: 'rollback', release: v1, ledger, acknowledged: { older: false, dataLoss } })
  const failedHere = served(aPast(v1), refuted(v2, v1))

  test('refuses a rollback whose checks failed, and names the alternatives', () => {
    const v0 = aRelease('v0')
    const v15 = aRelease('v1.5', { schemaVersion: '41' })
    const ledger = served(aPast(v0), aPast(v1), refuted(v15, v1, abandoned), aPast(v15), passed(v2, v15))
    const plan = aPlan({ wanted: 'rollback', release: v1, ledger })
    expect(plan.refusals).toMatchObject([
      {
        code: 'rollback-unsafe',
        what: expect.stringContaining(
          'from v2 to v1 in production is not safe: its checks failed on the schema of v1.5',
        ),
        next: expect.stringMatching(
          /^Safe to go back to, the nearest first: v1\.5\. You may also deploy a fixed release/,
        ),
      },
    ])
  })

  test('names at most three safe releases for a rollback, and none that is blocked', () => {
    const others = ['a', 'b', 'c', 'd', 'e'].map((tag) => aRelease(tag))
    const [a = v1] = others
    const block = { sha: others[4]?.sha ?? '', tag: 'e', reason: 'it loses orders', by: 'rhea', at: '' }
    const ledger = (base: Partial<Release> = {}) => ({
      ...served(aPast({ ...a, ...base }), ...others.slice(1).map((release) => aPast(release)), aPast(v2)),
      blocked: [block],
    })
    const nearest = 'Safe to go back to, the nearest first: d, c, b, and others.'
    const base = { baseVersion: '2025.4' }
    const elsewhere = aPlan({ wanted: 'rollback', release: { ...a, ...base }, ledger: ledger(base) })
    expect(elsewhere.refusals[0]).toMatchObject({
      code: 'base-differs',
      next: 'Safe to go back to, the nearest first: d, c, b. Only a base deployment brings another base: deploy a with change-base: true.',
    })
    const blocked = aPlan({ wanted: 'rollback', release: aRelease('e'), ledger: ledger() })
    expect(blocked.refusals[0]).toMatchObject({
      code: 'release-blocked',
      next: expect.stringMatching(new RegExp(`^${nearest.replaceAll('.', '\\.')} Choose another release`)),
    })
  })

  test('never advises a rollback to a release that was gone back from', () => {
    const ledger = aLedgerServing(v1, { history: aHistory(aPast(v1), aPast(v2), back(v1, v2)) })
    expect(adviseWayBack(ledger)).toMatch(/^The ledger of production remembers no release that is safe/)
    expect(adviseWayBack(served(aPast(v1), aPast(v2)))).toBe('Safe to go back to, the nearest first: v1.')
  })

  test('says plainly when a rollback has no target', () => {
    expect(rollback(failedHere).refusals[0]?.next).toMatch(
      /^The ledger of production remembers no release that is safe to go back to\./,
    )
  })

  test('warns of an acknowledged rollback, and the history keeps its reason', () => {
    const plan = rollback(failedHere, true)
    expect(plan.refusals).toEqual([])
    expect(plan.unsafe).toContain('not safe: its checks failed on the schema of v2')
    expect(plan.warnings.join()).toMatch(/not safe: its checks failed on .*that was acknowledged/)
    const deployment = {
      number: 9,
      plan,
      journal: [],
      holder: null,
      record: null,
      preDeploy: null,
      build: null,
      checkCompatibility: null,
    }
    const outcome = { kind: 'succeeded', forced: [], excluded: [], failed: [], afterwards: null } as const
    const ended = aJournal({ kind: 'ended', outcome }).reduce(remember, { ...failedHere, deployment })
    expect(ended.history[0]).toMatchObject({ mode: 'rollback', unsafe: plan.unsafe })
    const safe = rollback(served(aPast(v1), passed(v2, v1)), true)
    expect(safe.unsafe).toBeNull()
    expect(safe.warnings.join()).not.toContain('acknowledged')
  })

  test('warns of a deployment where another environment has seen that no rollback will be safe', () => {
    const compatibility = compatibilityThere(
      here([aPast(older), refuted(newer, older)], 'staging'),
      older,
      newer,
    )
    const plan = aPlan({ compatibility })
    expect(plan.refusals).toEqual([])
    expect(plan.wayBack?.feasibility.kind).toBe('incompatible')
    expect(plan.warnings).toContain(
      `Once this has migrated there is no safe rollback to v1.0.0: its checks failed on the schema of v1.1.0, in staging by deployment 2 at ${aTime(30)}.`,
    )
    expect(aPlan({ compatibility: null }).digest).toBe(aPlan().digest)
  })
})
