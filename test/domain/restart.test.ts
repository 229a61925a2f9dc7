import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Happening } from '../../src/domain/journal/journal.ts'
import { next } from '../../src/domain/journal/next.ts'
import { lineage, servedAs, servedBefore } from '../../src/domain/ledger/history.ts'
import { emptyLedger, remember } from '../../src/domain/ledger/ledger.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { describePlan, isSameDeed, servicesIn } from '../../src/domain/plan/plan.ts'
import { planning } from '../../src/domain/plan/planning.ts'
import { feasibility } from '../../src/domain/release/feasibility.ts'
import { lastWord, releaseStanding } from '../../src/domain/release/release-state.ts'
import { verificationOf } from '../../src/domain/release/verification.ts'
import {
  aJournal,
  aRun,
  changed,
  lost,
  opened,
  resumed,
  seen,
  started,
  succeeded,
  taken,
  untold,
} from './a-journal.ts'
import { aFailed, aHistory, aPast } from './a-ledger.ts'
import {
  aLedgerServing,
  anSshFleet,
  aPlan,
  aPolicy,
  aRecipe,
  aRelease,
  aService,
  aWish,
  older,
} from './a-plan.ts'

const services = [aService('web', 3), aService('worker', 2)]
const block = { ...older, reason: 'it leaks', by: 'rhea', at: '' }
const restarting = {
  wanted: 'restart',
  release: older,
  relation: 'identical',
  recipe: aRecipe({ services }),
} as const
const kinds = (plan: ReturnType<typeof aPlan>) => plan.steps.map(({ kind }) => kind)

describe('the plan of a restart', () => {
  test('takes every instance of every service, and nothing else: no hook, no migration, no version CC-32', () => {
    const plan = aPlan(restarting)
    expect(kinds(plan)).toEqual(['source', 'approve', 'roll-services', 'roll-services'])
    expect(plan).toMatchObject({ mode: 'restart', release: older, from: older, refusals: [], wayBack: null })
    expect(describePlan(plan)).toBe('restart v1.0.0 (76312e3) in production')
  })

  test('has the batches and the floor that a deployment would have CC-32', () => {
    const rolls = ({ steps }: ReturnType<typeof aPlan>) =>
      steps.flatMap((step) =>
        step.kind === 'roll-services' ? [[step.width, step.floor, step.batches, step.service.rollout]] : [],
      )
    expect(rolls(aPlan(restarting))).toEqual(rolls(aPlan({ recipe: aRecipe({ services }) })))
  })

  test('installs nothing and brings no file to a host CC-32', () => {
    const ssh = aService('edge', 2, {}, { fleet: anSshFleet(['a', 'b'], { upload: 'edge.tgz' }) })
    const plan = aPlan({ ...restarting, recipe: aRecipe({ services: [...services, ssh] }) })
    const fleets = plan.steps.flatMap((step) => (step.kind === 'roll-services' ? [step.service.fleet] : []))
    expect(fleets.map(({ install }) => install)).toEqual([null, null, null])
    expect(fleets[2]).toMatchObject({ upload: null })
  })

  test('is for the named services alone, and says which it leaves', () => {
    const plan = aPlan({ ...restarting, services: ['worker'] })
    expect(servicesIn(plan)).toEqual(['worker'])
    expect(plan.omitted.at(-1)?.reason).toMatch(/./)
    expect(plan.omitted).toContainEqual({
      kind: 'roll-services',
      reason: 'web is not among the services that are asked for',
    })
  })

  test('is refused for a service that the release does not have', () => {
    const [refusal] = aPlan({ ...restarting, services: ['wbe'] }).refusals
    expect(refusal).toMatchObject({ code: 'input-invalid', what: expect.stringContaining('names wbe') })
    expect(refusal?.next).toContain('web, worker')
  })

  test('is refused where no instance may be taken, only for those that it takes', () => {
    const single = aRecipe({
      services: [aService('web', 1, { acceptDowntime: false }), aService('worker', 2)],
    })
    const codes = (named: string[]) =>
      aPlan({ ...restarting, recipe: single, services: named }).refusals.map(({ code }) => code)
    expect(codes([])).toEqual(['single-instance'])
    expect(codes(['worker'])).toEqual([])
  })

  test('asks nothing of a release that serves already: blocked, unproven or a candidate it may be', () => {
    const plan = aPlan({
      ...restarting,
      ledger: aLedgerServing(older, { blocked: [block] }),
      policy: aPolicy({ verifiedIn: 'staging', manifest: true }),
      snapshot: { kind: 'tag-alone' },
    })
    expect(plan.refusals).toEqual([])
    expect(plan.warnings).toContainEqual(expect.stringContaining('v1.0.0 serves, and is blocked by rhea'))
  })

  test('is held by a freeze that does not name it MM-29', () => {
    const freeze = (allow: ('restart' | 'rollback')[]) => ({
      now: '2026-11-20T10:00:00.000Z',
      windows: [],
      freezes: [{ name: 'year-end', allow, spans: [{ from: at('2026-11-01'), to: at('2026-12-01') }] }],
    })
    const codes = (allow: ('restart' | 'rollback')[]) =>
      aPlan({ ...restarting, timetable: freeze(allow) }).refusals.map(({ code }) => code)
    expect(codes(['rollback'])).toEqual(['frozen'])
    expect(codes(['restart'])).toEqual([])
  })
})

const at = (day: string) => ({ at: `${day}T00:00:00.000Z`, local: day })

describe('a restart that was begun', () => {
  const begun = aPlan(restarting)
  const underway = {
    number: 7,
    plan: begun,
    journal: [],
    holder: aRun(1),
    record: null,
    preDeploy: null,
    build: null,
    checkCompatibility: null,
  }
  const again = (named: string[]) =>
    planning(
      aWish({ ...restarting, services: named, ledger: aLedgerServing(older, { deployment: underway }) }),
    )

  test('goes on as it was planned when the same is asked for again', () => {
    expect(again([])).toEqual({ kind: 'planned', plan: begun })
  })

  test('is another than one of other services', () => {
    const other = again(['web'])
    expect(other.kind === 'planned' && servicesIn(other.plan)).toEqual(['web'])
    expect(other.kind === 'planned' && isSameDeed(begun, other.plan)).toBe(false)
    expect(isSameDeed(begun, begun)).toBe(true)
  })
})

describe('which instances a restart takes', () => {
  const plan = aPlan({ ...restarting, policy: aPolicy({ approval: { kind: 'none' } }), services: ['web'] })
  const roll = 'roll-services/web'
  const begun = [opened, started('source'), succeeded('source'), started(roll)]
  const all = { 'web-1': 'v1.0.0', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' }

  test('those that serve the release already, in their batches CC-32', () => {
    expect(next(plan, aJournal(...begun, seen(roll, all)))).toMatchObject({
      kind: 'roll',
      instances: ['web-1'],
    })
  })

  test('each once: one that was seen to its end is left alone by the run that goes on CC-32', () => {
    const first = [seen(roll, all), taken(roll, 'web-1'), changed(roll, 'web-1')]
    const journal = aJournal(...begun, ...first, lost, resumed, seen(roll, all))
    expect(next(plan, journal)).toMatchObject({ kind: 'roll', instances: ['web-2'] })
  })

  test('one whose restart nobody saw end is restarted, although it serves by now', () => {
    const journal = aJournal(...begun, seen(roll, all), taken(roll, 'web-1'), lost, resumed, seen(roll, all))
    expect(next(plan, journal)).toMatchObject({ kind: 'roll', instances: ['web-1'] })
  })

  test('one that came back and went down again is taken first, and costs no capacity WX-16', () => {
    const first = [seen(roll, all), taken(roll, 'web-1'), changed(roll, 'web-1')]
    const journal = aJournal(...begun, ...first, lost, resumed, seen(roll, { ...all, 'web-1': 'down' }))
    expect(next(plan, journal)).toMatchObject({ kind: 'roll', instances: ['web-1'] })
  })

  test('one that fails is asked about, and nobody is offered a way back', () => {
    const failure = { code: 'self-test-failed', what: 'No.', tail: [] }
    const fails = { kind: 'instance-failed', step: roll, instance: 'web-1', failure, ...untold } as const
    const move = next(plan, aJournal(...begun, seen(roll, all), taken(roll, 'web-1'), fails))
    expect(move).toMatchObject({
      kind: 'pause',
      pause: { withheld: { 'roll-back': 'v1.0.0 served here before, too' } },
    })
    expect(move.kind === 'pause' && move.pause.options).not.toContain('roll-back')
  })
})

describe('a restart in the ledger says nothing of its release CC-32', () => {
  const [a, b] = [aRelease('v1'), aRelease('v2')]
  const restart = (release: typeof a, change: Partial<Past> = {}) =>
    aPast(release, { mode: 'restart', from: release, ...change })
  const failedRestart = (release: typeof a) => aFailed(release, { mode: 'restart', from: release })
  const abandoned = { outcome: { kind: 'abandoned', by: 'rhea', reason: '' } } as const

  test('it is no release before the one that serves', () => {
    const history = aHistory(aPast(a), aPast(b), restart(b), restart(b))
    expect(lineage(history)).toEqual([b, a])
    expect(servedAs(history, 'v2')?.number).toBe(2)
    expect(servedBefore({ ...emptyLedger('shop', 'production'), history }, 9)).toEqual([b, a])
  })

  test('it proves nothing, and takes no proof away', () => {
    const proof = (...pasts: readonly Past[]) =>
      verificationOf({ environment: 'staging', history: aHistory(...pasts) }, b, null)
    expect(proof(restart(b)).kind).toBe('unverified')
    expect(proof(aPast(b), failedRestart(b))).toMatchObject({ kind: 'verified', deployment: 1 })
    expect(proof(aFailed(b), restart(b)).kind).toBe('unverified')
  })

  test('it neither gives a release a flag nor rids it of one', () => {
    expect(lastWord(b, aHistory(aPast(b), restart(b, abandoned)))).toBeNull()
    const left = aHistory(aPast(b), aPast(b, abandoned), restart(b))
    expect(lastWord(b, left)).toEqual({ kind: 'abandoned', deployment: 2 })
  })

  test('a failed migration before it is not forgotten', () => {
    const failed = aFailed(b, { from: a, migrated: 'contract' })
    const ledger = aLedgerServing(a, { history: aHistory(aPast(a), failed, restart(a)) })
    expect(aPlan({ ledger, release: b }).wayBack?.feasibility.kind).toBe('crosses-contract')
  })

  test('the release stands as it did', () => {
    const before = aLedgerServing(b, { history: aHistory(aPast(a), aPast(b)) })
    const after = { ...before, history: aHistory(aPast(a), aPast(b), restart(b)) }
    for (const release of [a, b])
      expect(releaseStanding(release, [after])).toEqual(releaseStanding(release, [before]))
  })
})

test('the history keeps what a restart was about, and what was confirmed CC-34', () => {
  const plan = aPlan({ ...restarting, services: ['web'] })
  const guarded = { ...plan, guard: { reasons: ['It is.'], words: 'production', confirmed: true } }
  const ended = { kind: 'ended', outcome: { kind: 'rejected', by: 'rhea', reason: '' } } as const
  const past = (of: typeof plan) => {
    const deployment = {
      number: 7,
      plan: of,
      journal: [],
      holder: null,
      record: null,
      preDeploy: null,
      build: null,
      checkCompatibility: null,
    }
    const journal = aJournal(opened, ended)
    return journal.reduce(remember, aLedgerServing(older, { deployment })).history[0]
  }
  expect(past(guarded)).toMatchObject({ subject: ['roll-services/web'], confirmed: ['It is.'] })
  expect(past(aPlan())).toMatchObject({ subject: [], confirmed: [] })
})

test('killed anywhere and as often as may be, a restart takes every instance, and none again that it kept CC-32', () => {
  const plan = aPlan({ ...restarting, policy: aPolicy({ approval: { kind: 'none' } }), services: ['web'] })
  const roll = 'roll-services/web'
  const all = { 'web-1': 'v1.0.0', 'web-2': 'v1.0.0', 'web-3': 'v1.0.0' }
  const fates = fc.array(fc.constantFrom('done', 'killed before it was kept', 'killed after'), {
    maxLength: 12,
  })
  fc.assert(
    fc.property(fates, (fate) => {
      const kept: Happening[] = [opened, started('source'), succeeded('source')]
      const restartedOnes: string[] = []
      for (let turn = 0; ; ) {
        const move = next(plan, aJournal(...kept))
        if (move.kind === 'observe') {
          const begun = kept.some((event) => event.kind === 'step-started' && event.step === roll)
          kept.push(...(begun ? [] : [started(roll)]), seen(roll, all))
        } else if (move.kind === 'roll') {
          const what = fate[turn++] ?? 'done'
          for (const name of move.instances) expect(restartedOnes).not.toContain(name)
          if (what === 'done') {
            restartedOnes.push(...move.instances)
            kept.push(taken(roll, ...move.instances), ...move.instances.map((name) => changed(roll, name)))
          } else if (what === 'killed after') kept.push(taken(roll, ...move.instances), lost, resumed)
          else kept.push(lost, resumed)
        } else if (move.kind === 'finish') kept.push(succeeded(roll))
        else {
          expect(move).toMatchObject({ kind: 'end', outcome: { kind: 'succeeded' } })
          break
        }
      }
      expect(restartedOnes).toEqual(['web-1', 'web-2', 'web-3'])
    }),
  )
})

test('with whatever brings no release taken out, a history says the same of every release CC-32', () => {
  const releases = ['v1', 'v2', 'v3'].map((tag) => aRelease(tag))
  const deeds = fc.array(
    fc.record({
      mode: fc.constantFrom<Past['mode']>(
        'deploy',
        'rollback',
        'restart',
        'restart',
        'scheduler-run',
        'task',
      ),
      release: fc.constantFrom(...releases),
      ends: fc.constantFrom('well', 'badly'),
      migrated: fc.constantFrom(null, 'expand', 'contract'),
    }),
    { maxLength: 20 },
  )
  const brings = ({ mode }: Past) => mode === 'deploy' || mode === 'rollback'
  fc.assert(
    fc.property(deeds, (done) => {
      const pasts: Past[] = []
      for (const { mode, release, ends, migrated } of done) {
        const serving = lineage(pasts.toReversed())[0] ?? null
        const bringing = mode === 'deploy' || mode === 'rollback'
        const subject = bringing ? release : serving
        if (subject === null) continue
        const past = { mode, from: serving, number: pasts.length + 1, migrated: bringing ? migrated : null }
        pasts.push(ends === 'well' ? aPast(subject, past) : aFailed(subject, past))
      }
      const [whole, without] = [pasts.toReversed(), pasts.filter(brings).toReversed()]
      expect(lineage(whole)).toEqual(lineage(without))
      for (const release of releases) {
        const said = (history: Past[]) => [
          lastWord(release, history),
          servedAs(history, release.tag),
          verificationOf({ environment: 'staging', history }, release, null),
          feasibility(release, aRelease('v9', { schemaVersion: '99' }), {
            environment: 'staging',
            history,
            migration: null,
          }),
        ]
        expect(said(whole)).toEqual(said(without))
      }
    }),
  )
})
