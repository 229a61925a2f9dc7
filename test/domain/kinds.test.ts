import { describe, expect, test } from 'vitest'
import { describePlan } from '../../src/domain/plan/plan.ts'
import {
  aLedgerServing,
  allSteps,
  aPlan,
  aPolicy,
  aRecipe,
  aRelease,
  aService,
  newer,
  noSteps,
  older,
  type Wishes,
} from './a-plan.ts'

const ids = ({ steps }: ReturnType<typeof aPlan>) => steps.map(({ id }) => id)
const codes = ({ refusals }: ReturnType<typeof aPlan>) => refusals.map(({ code }) => code)

describe('a scheduler run SP-41', () => {
  const wish = { wanted: 'scheduler-run', release: older, relation: 'identical' } as const

  test('suspends and drains, brings the scheduler, and resumes it: no service, no data, no version', () => {
    const plan = aPlan(wish)
    expect(ids(plan)).toEqual([
      'source',
      'approve',
      'suspend-scheduler',
      'deploy-scheduler',
      'resume-scheduler',
    ])
    expect(plan).toMatchObject({ mode: 'scheduler-run', from: older, refusals: [], wayBack: null })
    expect(describePlan(plan)).toBe('bring the scheduler of v1.0.0 (76312e3) in production')
  })

  test('says nothing of services that it does not roll', () => {
    const recipe = aRecipe({ services: [aService('web', 1, { acceptDowntime: false }, { version: null })] })
    expect(aPlan({ ...wish, recipe })).toMatchObject({ refusals: [], warnings: [] })
  })

  test('is refused where the release has no scheduler', () => {
    expect(codes(aPlan({ ...wish, recipe: aRecipe({ steps: noSteps }) }))).toEqual(['input-invalid'])
  })
})

describe('a build alone SP-41', () => {
  test('checks the source, who approved, and builds: its commands see the secrets of the environment F43', () => {
    const plan = aPlan({ wanted: 'build' })
    expect(ids(plan)).toEqual(['source', 'approve', 'build'])
    expect(plan).toMatchObject({ mode: 'build', release: newer, refusals: [], wayBack: null, omitted: [] })
  })

  test('no freeze holds it', () => {
    const span = {
      from: { at: '2026-11-01T00:00:00.000Z', local: '' },
      to: { at: '2026-12-01T00:00:00.000Z', local: '' },
    }
    const freeze = { name: 'year-end', allow: [], spans: [span] }
    const timetable = { now: '2026-11-20T10:00:00.000Z', freezes: [freeze], windows: [] }
    expect(codes(aPlan({ wanted: 'build', timetable }))).toEqual([])
    expect(codes(aPlan({ timetable }))).toEqual(['frozen'])
  })

  test('is refused where the release has no build', () => {
    const recipe = aRecipe({ steps: { ...allSteps, build: null } })
    expect(codes(aPlan({ wanted: 'build', recipe }))).toEqual(['input-invalid'])
  })
})

describe('a base deployment CC-31', () => {
  const other = aRelease('v2.0.0', { baseVersion: '2026.2' })
  const wish = { release: other, changeBase: true, confirm: 'production' } as const

  test('is none unless it is asked for: a release of another base is refused, and both bases are named CC-06', () => {
    const [refusal] = aPlan({ release: other }).refusals
    expect(refusal).toMatchObject({
      code: 'base-differs',
      what: 'v2.0.0 was made for base version 2026.2, production is on 2026.1.',
      next: expect.stringContaining('change-base: true'),
    })
  })

  test('brings the base: the plan says from which to which, what can come afterwards, and that there is no rollback', () => {
    const plan = aPlan(wish)
    expect(plan).toMatchObject({ mode: 'deploy', refusals: [], baseChange: { from: '2026.1', to: '2026.2' } })
    expect(plan.warnings.join()).toContain('from then on releases that were made for 2026.2 can come here')
    expect(plan.warnings.join()).toContain('only another base deployment')
    expect(plan.wayBack?.feasibility).toEqual({ kind: 'other-base', target: '2026.1', current: '2026.2' })
  })

  test('has every step of a deployment', () => {
    expect(ids(aPlan(wish))).toEqual(ids(aPlan()))
  })

  test('must be confirmed in a production, and only there', () => {
    const unconfirmed = aPlan({ ...wish, confirm: '' })
    expect(codes(unconfirmed)).toEqual(['confirmation-missing'])
    expect(unconfirmed.guard?.reasons).toEqual([
      'The base version of production changes from 2026.1 to 2026.2.',
    ])
    const policy = aPolicy({ name: 'staging', class: 'staging' })
    expect(aPlan({ ...wish, confirm: '', policy }).guard).toBeNull()
  })

  test('is an ordinary deployment where the base stays, or where nothing serves', () => {
    for (const change of [{ release: newer }, { ledger: aLedgerServing(null), relation: 'first' } as const]) {
      const plan = aPlan({ ...wish, ...change })
      expect(plan.refusals).toEqual([])
      expect(plan.baseChange).toBeNull()
      expect(plan.guard).toBeNull()
    }
  })

  test('afterwards releases of the new base can come, and those of the old one no more', () => {
    const ledger = aLedgerServing(other)
    const [next, old] = [aRelease('v2.1.0', { baseVersion: '2026.2' }), aRelease('v1.2.0')]
    expect(codes(aPlan({ ledger, release: next }))).toEqual([])
    expect(codes(aPlan({ ledger, release: old }))).toEqual(['base-differs'])
  })

  test('no rollback crosses it, asked for or not', () => {
    const back: Wishes = { wanted: 'rollback', relation: 'behind', release: older, changeBase: true }
    expect(codes(aPlan({ ...back, ledger: aLedgerServing(other) }))).toEqual(['base-differs'])
  })
})
