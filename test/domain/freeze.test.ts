import { describe, expect, test } from 'vitest'
import type { Mode } from '../../src/domain/plan/undertaking.ts'
import { freezingOf, type Moment, type TimeSpan, type Timetable } from '../../src/domain/schedule/freeze.ts'
import {
  describeOverridden,
  type FreezeOverride,
  frozen,
  overriding,
} from '../../src/domain/schedule/freeze-words.ts'
import { differences, shownPlan } from '../../src/domain/shown/shown-plan.ts'
import { aPlan, aPolicy } from './a-plan.ts'

/** `12-18 09:30`, in a zone that is an hour ahead. */
const moment = (short: string): Moment => {
  const at = new Date(`2026-${short.replace(' ', 'T')}:00Z`).toISOString()
  return { at, local: `local ${short}` }
}
const span = (from: string, to: string): TimeSpan => ({ from: moment(from), to: moment(to) })
const freeze = (name: string, allow: readonly Mode[], ...spans: TimeSpan[]) => ({ name, allow, spans })
const window = (name: string, ...spans: TimeSpan[]) => ({ name, spans })
const at = (now: string, change: Partial<Timetable> = {}): Timetable => ({
  now: moment(now).at,
  freezes: [],
  windows: [],
  ...change,
})
const next = (mode: Mode, timetable: Timetable) => freezingOf(mode, timetable)?.next?.local

describe('a freeze', () => {
  const freezes = [freeze('yearly', ['rollback'], span('12-10 00:00', '12-20 00:00'))]

  test.each([
    ['12-09 23:59', false],
    ['12-10 00:00', true],
    ['12-19 23:59', true],
    ['12-20 00:00', false],
  ])('from its beginning on and until just before its end: %s', (now, holds) => {
    expect(freezingOf('deploy', at(now, { freezes })) !== null).toBe(holds)
  })

  test('lets through what it allows', () => {
    const timetable = at('12-15 12:00', { freezes })
    expect(freezingOf('rollback', timetable)).toBeNull()
    expect(freezingOf('redeploy', timetable)).not.toBeNull()
  })

  test('names each that holds, and the time at which none does any more', () => {
    const several = [
      ...freezes,
      freeze('nightly', [], span('12-19 22:00', '12-20 06:00'), span('12-20 22:00', '12-21 06:00')),
      freeze('a-week', ['deploy'], span('12-01 00:00', '12-30 00:00')),
    ]
    const hold = freezingOf('deploy', at('12-19 23:00', { freezes: several }))
    expect(hold?.freezes.map(({ name, until }) => `${name} ${until.local}`)).toEqual([
      'yearly local 12-20 00:00',
      'nightly local 12-20 06:00',
    ])
    expect(hold?.next?.local).toBe('local 12-20 06:00')
    expect(next('deploy', at('12-15 12:00', { freezes: several }))).toBe('local 12-20 06:00')
  })

  test('is one if its spans touch: it ends with the last', () => {
    const days = [
      freeze('weekend', [], span('12-19 00:00', '12-20 00:00'), span('12-20 00:00', '12-21 00:00')),
    ]
    expect(freezingOf('deploy', at('12-19 10:00', { freezes: days }))?.freezes[0]?.until.local).toBe(
      'local 12-21 00:00',
    )
  })
})

describe('windows', () => {
  const windows = [
    window('tue', span('12-15 09:00', '12-15 17:00')),
    window('thu', span('12-17 09:00', '12-17 17:00')),
  ]

  test('outside of all of them it is held until the next CC-19', () => {
    expect(freezingOf('deploy', at('12-15 12:00', { windows }))).toBeNull()
    expect(freezingOf('deploy', at('12-15 17:00', { windows }))).toEqual({
      freezes: [],
      outside: ['tue', 'thu'],
      next: moment('12-17 09:00'),
    })
  })

  test('never hold a rollback CC-19', () => {
    expect(freezingOf('rollback', at('12-15 17:00', { windows }))).toBeNull()
  })

  test('a window within a freeze is not the next one, and one that a freeze leaves a part of is that part CC-19', () => {
    const freezes = [freeze('held', [], span('12-16 00:00', '12-17 10:00'))]
    expect(next('deploy', at('12-15 18:00', { windows, freezes }))).toBe('local 12-17 10:00')
    const whole = [freeze('held', [], span('12-16 00:00', '12-18 00:00'))]
    expect(freezingOf('deploy', at('12-15 18:00', { windows, freezes: whole }))?.next).toBeNull()
    expect(freezingOf('deploy', at('12-17 12:00', { windows, freezes: whole }))).toMatchObject({
      freezes: [{ name: 'held' }],
      outside: [],
      next: null,
    })
  })

  test('none ahead: there is no next time within a year', () => {
    expect(freezingOf('deploy', at('12-18 12:00', { windows }))?.next).toBeNull()
    expect(freezingOf('deploy', at('12-18 12:00', { windows: [window('over')] }))?.outside).toEqual(['over'])
  })

  test('a freeze that outlasts the year leaves no time within it', () => {
    const to = { at: '2028-06-01T00:00:00.000Z', local: 'much later' }
    const freezes = [freeze('for-long', [], { from: moment('12-01 00:00'), to })]
    expect(freezingOf('deploy', at('12-18 12:00', { freezes }))).toMatchObject({
      freezes: [{ until: to }],
      next: null,
    })
  })
})

describe('the words', () => {
  const timetable = at('12-15 12:00', {
    freezes: [freeze('year-end', ['rollback'], span('12-10 00:00', '12-20 00:00'))],
    windows: [window('tue', span('12-22 09:00', '12-22 17:00'))],
  })
  const words = (mayOverride: readonly string[], override: FreezeOverride | null, given = timetable) => {
    const hold = freezingOf('deploy', given)
    if (hold === null) throw new Error('nothing holds it')
    return frozen(hold, {
      mode: 'deploy',
      environment: 'production',
      timetable: given,
      mayOverride,
      override,
    })
  }

  test('name what holds it and until when, what is let through, the next time, and who may override CC-19', () => {
    expect(words(['alice', 'org/releasers'], null)).toEqual({
      code: 'frozen',
      what: 'production is frozen: year-end until local 12-20 00:00 (2026-12-20 00:00 UTC). It is outside the windows of production: tue.',
      why: 'The config holds every deploy then, and lets a rollback through.',
      next: 'A deploy is allowed from local 12-22 09:00 (2026-12-22 09:00 UTC) on. One of alice, org/releasers may override it, with a reason in the input override-freeze.',
    })
  })

  test('say when nobody may, and when it never is allowed', () => {
    const never = at('12-15 12:00', { windows: [window('over')] })
    expect(words([], null, never).next).toBe(
      'There is no time within a year at which a deploy is allowed. No one may override it: environments.production.freeze-override is empty.',
    )
  })

  test('say who tried', () => {
    const override = { by: 'mallory', reason: 'please', may: false }
    expect(words(['alice'], override).why).toContain(
      'mallory gave a reason to override it, and is not among those who may.',
    )
  })

  test('say a time in UTC once', () => {
    const utc = (short: string): Moment => ({ at: moment(short).at, local: `2026-${short} UTC` })
    const freezes = [freeze('held', [], { from: utc('12-10 00:00'), to: utc('12-20 00:00') })]
    expect(words([], null, at('12-15 12:00', { freezes })).what).toBe(
      'production is frozen: held until 2026-12-20 00:00 UTC.',
    )
  })
})

describe('in a plan', () => {
  const timetable = at('12-15 12:00', {
    freezes: [freeze('year-end', ['rollback'], span('12-10 00:00', '12-20 00:00'))],
  })
  const policy = aPolicy({ freezeOverride: ['alice'] })
  const alice = { by: 'alice', reason: 'the fix cannot wait', may: true }

  test('a freeze is a refusal', () => {
    expect(aPlan({ timetable, policy }).refusals.map(({ code }) => code)).toEqual(['frozen'])
    expect(aPlan({ timetable, policy, override: { ...alice, may: false } }).refusals).toHaveLength(1)
    expect(aPlan({ timetable: { ...timetable, now: moment('12-20 00:00').at }, policy }).refusals).toEqual([])
  })

  test('an override is a warning that names who and why', () => {
    const plan = aPlan({ timetable, policy, override: alice })
    expect(plan.refusals).toEqual([])
    expect(plan.warnings[0]).toBe('alice overrides the freeze year-end: the fix cannot wait.')
    expect(plan.overridden).toEqual({
      freezes: ['year-end'],
      windows: [],
      by: 'alice',
      reason: 'the fix cannot wait',
    })
  })

  test('a plan that overrides nothing does not say so', () => {
    expect(aPlan({ policy, override: alice }).overridden).toBeNull()
  })

  test('an override stays when its freeze is over by the time it is approved', () => {
    const planned = aPlan({ timetable, policy, override: alice })
    const before = { overriddenBefore: planned.overridden }
    expect(differences(shownPlan(planned), aPlan({ policy, override: alice, ...before }))).toEqual([])
    const other = aPlan({ policy, override: { ...alice, by: 'bob' }, ...before })
    expect(differences(shownPlan(planned), other)).toContain('the override of a freeze (now: none)')
  })

  test('a freeze that begins after the plan was approved is not overridden with it', () => {
    const planned = aPlan({ policy, override: alice })
    expect(differences(shownPlan(planned), aPlan({ timetable, policy, override: alice }))[0]).toBe(
      'the override of a freeze (now: alice overrides the freeze year-end: the fix cannot wait)',
    )
  })

  test('an override names all that held', () => {
    const hold = { freezes: [{ name: 'a', until: moment('12-20 00:00') }], outside: ['b', 'c'], next: null }
    expect(describeOverridden(overriding(hold, alice))).toBe(
      'alice overrides the freeze a and the window b, c: the fix cannot wait',
    )
  })
})
