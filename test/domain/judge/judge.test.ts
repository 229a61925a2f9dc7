import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { chanceOf } from '../../../scripts/bench/judge/chance.ts'
import { type Conditions, errors, p95, shares, three } from '../../../scripts/bench/judge/trials.ts'
import { holm } from '../../../src/domain/judge/holm.ts'
import { type JudgeRules, judge } from '../../../src/domain/judge/judge.ts'
import type { Figures } from '../../../src/domain/judge/series.ts'
import type { InstanceReadings } from '../../../src/domain/judge/trial.ts'

const rules: JudgeRules = { tolerance: 0.1, readings: 5, watchedOnly: 'none' }

/** Twenty readings, around the means given. */
function instance(
  name: string,
  means: Figures,
  seed: number,
  before: Figures | null = means,
): InstanceReadings {
  const chance = chanceOf(seed)
  const around = (one: Figures): Figures =>
    Object.fromEntries(
      Object.entries(one).map(([figure, mean]) => [
        figure,
        typeof mean === 'number'
          ? mean * (1 + 0.1 * chance.normal())
          : { count: chance.events(mean.count), of: mean.of },
      ]),
    )
  const readings = (one: Figures, length: number) => Array.from({ length }, () => around(one))
  return { name, before: before === null ? [] : readings(before, 120), during: readings(means, 20) }
}

const of = (here: Figures, there: Figures, before: Figures | null = there) => ({
  testBed: [instance('web-1', here, 1, before)],
  others: [2, 3, 4].map((at) => instance(`web-${at}`, there, at, before)),
  length: 600_000,
})

const verdictOf = (here: Figures, there: Figures, change: Partial<JudgeRules> = {}) =>
  judge(of(here, there), { ...rules, ...change })

describe('a verdict WX-31', () => {
  test('tells a figure that is worse from one that is not, with the interval of each', () => {
    const verdict = verdictOf({ p95: 300, p99: 400 }, { p95: 200, p99: 400 })
    expect(verdict.kind).toBe('worse')
    expect(verdict.what).toMatch(/^The test bed is worse: p95 is \d{3}(\.\d)?, the others have/)
    expect(verdict.evidence.map(({ name, found }) => [name, found])).toEqual([
      ['p95', 'worse'],
      ['p99', 'no-worse'],
    ])
    const ratio = verdict.evidence[0]?.ratio ?? { best: 0, low: 0, high: 0 }
    expect(ratio.low).toBeGreaterThan(1.2)
    expect(ratio.low).toBeLessThan(1.5)
    expect(ratio.high).toBeGreaterThan(1.4)
  })

  test('a figure that is better is never worse', () => {
    expect(verdictOf({ p95: 100 }, { p95: 200 }).kind).toBe('better-or-equal')
  })

  test('a share that the tolerance allows is not worse, however surely it is there', () => {
    expect(verdictOf({ p95: 240 }, { p95: 200 }).kind).toBe('worse')
    expect(verdictOf({ p95: 240 }, { p95: 200 }, { tolerance: 0.3 }).kind).toBe('better-or-equal')
  })

  test('a figure that is only watched is shown, and decides nothing', () => {
    const watched = { watchedOnly: ['p95'] }
    const verdict = verdictOf({ p95: 300, p99: 400 }, { p95: 200, p99: 400 }, watched)
    expect(verdict.kind).toBe('better-or-equal')
    expect(verdict.evidence).toMatchObject([{ name: 'p95', found: 'worse', decides: false }, { name: 'p99' }])
    expect(verdictOf({ p95: 300 }, { p95: 200 }, { watchedOnly: 'all' }).kind).toBe('better-or-equal')
  })

  test.each<[string, Figures, Figures, string]>([
    ['no figure in common', { a: 1 }, { b: 1 }, 'No figure is known of the test bed and of the others.'],
    [
      'figures that are no shares',
      { a: -1 },
      { a: -2 },
      'No figure is known of the test bed and of the others.',
    ],
  ])('%s is no verdict', (_title, here, there, what) => {
    expect(verdictOf(here, there)).toMatchObject({ kind: 'inconclusive', what })
  })

  test('too few readings are no verdict, of the test bed as well as of all others', () => {
    const { testBed, others, length } = of({ p95: 300 }, { p95: 200 })
    const cut = (all: InstanceReadings[]) => all.map((one) => ({ ...one, during: one.during.slice(0, 4) }))
    expect(judge({ testBed: cut(testBed), others, length }, rules)).toMatchObject({
      kind: 'inconclusive',
      what: 'web-1 has fewer than 5 readings of figures.',
    })
    expect(judge({ testBed, others: cut(others), length }, rules).kind).toBe('inconclusive')
    // One that says nothing leaves the others to compare with.
    expect(
      judge({ testBed, others: [...cut(others.slice(0, 1)), ...others.slice(1)], length }, rules).kind,
    ).toBe('worse')
  })

  test('no error among many requests is no worse; among few nothing is known', () => {
    const none = (requests: number) => ({ errors: { count: 0, of: requests } })
    expect(verdictOf(none(5000), none(5000)).kind).toBe('better-or-equal')
    expect(verdictOf(none(5), none(5)).kind).toBe('inconclusive')
  })

  test('bare whole numbers with a zero among them are counts', () => {
    const chance = chanceOf(7)
    const counts = (mean: number) => Array.from({ length: 20 }, () => ({ errors: chance.events(mean) }))
    const side = (name: string, mean: number) => ({ name, before: [], during: counts(mean) })
    const trial = { testBed: [side('web-1', 8)], others: [side('web-2', 2), side('web-3', 2)], length: 1 }
    expect(judge(trial, rules)).toMatchObject({
      kind: 'worse',
      evidence: [{ here: { counted: { of: 20 } }, there: { counted: { of: 40 } } }],
    })
  })

  test('an inconclusive one says how much longer it needs, and that is enough', () => {
    const counts = (name: string, count: number): InstanceReadings => ({
      name,
      before: [],
      during: Array.from({ length: 20 }, (_, at) => ({
        errors: { count: (at * 7) % 20 < count ? 1 : 0, of: 500 },
      })),
    })
    const few = {
      testBed: [counts('web-1', 10)],
      others: [counts('web-2', 9), counts('web-3', 8)],
      length: 600_000,
    }
    const verdict = judge(few, rules)
    expect(verdict.kind).toBe('inconclusive')
    expect(verdict.what).toMatch(/about \d+ minutes? more would tell\.$/)
    const times = 1 + (verdict.longer ?? 0) / 600_000
    const conditions: Conditions = {
      ...plain,
      figures: errors(0.8),
      readings: Math.ceil(20 * times),
      before: true,
    }
    expect(shares(conditions, 200, 3).inconclusive).toBeLessThan(0.3)
  })

  test('instances that differ by themselves leave it open for ever, and the verdict says so', () => {
    const differ = (name: string, mean: number, seed: number) => instance(name, { p95: mean }, seed, null)
    const others = [differ('web-2', 150, 2), differ('web-3', 200, 3), differ('web-4', 320, 4)]
    const verdict = judge({ testBed: [differ('web-1', 260, 1)], others, length: 600_000 }, rules)
    expect(verdict).toMatchObject({ kind: 'inconclusive', longer: null })
    expect(verdict.what).toContain('the series of the time before the change')
  })

  test('a difference from before the change is not the release', () => {
    const testBed = [instance('web-1', { p95: 300 }, 1, { p95: 300 })]
    const others = [2, 3, 4].map((at) => instance(`web-${at}`, { p95: 200 }, at))
    expect(judge({ testBed, others, length: 600_000 }, rules).kind).toBe('better-or-equal')
  })
})

const plain: Conditions = {
  figures: p95,
  fleet: 4,
  readings: 20,
  before: true,
  likeness: 0,
  offset: 0,
  times: 1,
}
const hard = { likeness: 0.5, offset: 0.1 }

/** A sample of `npm run bench:judge`, with the room that so few trials need. */
describe('many bakes', () => {
  test.each<[string, Partial<Conditions>]>([
    ['errors, mean 1', { figures: errors(1) }],
    ['errors, mean 5, autocorrelated, instances apart', { figures: errors(5), ...hard }],
    ['errors, mean 50, the bake alone', { figures: errors(50), before: false, offset: 0.1 }],
    ['p95, autocorrelated, instances apart', hard],
    ['three figures', { figures: three, fleet: 3 }],
  ])('identical releases are seldom worse: %s F13', (_title, change) => {
    const found = shares({ ...plain, ...change }, 250, 1)
    expect(found.worse).toBeLessThanOrEqual(0.028)
    if (change.figures !== undefined && 'errors' in change.figures && _title.includes('mean 1')) return
    expect(found.inconclusive).toBeLessThanOrEqual(0.2)
  })

  test.each<[string, Partial<Conditions>]>([
    ['a doubled rate', { figures: errors(5), times: 2 }],
    ['three tenths more of p95', { times: 1.3 }],
    ['three tenths more of p95, autocorrelated, instances apart', { times: 1.3, ...hard, fleet: 10 }],
  ])('%s is found', (_title, change) => {
    expect(shares({ ...plain, ...change }, 200, 2).worse).toBeGreaterThanOrEqual(0.93)
  })

  test('a doubled rate of few errors is open or found, and never called good', () => {
    expect(shares({ ...plain, figures: errors(0.3), times: 2 }, 300, 4)['better-or-equal']).toBeLessThan(0.08)
  })
})

test('Holm leaves no chance smaller than it was, keeps their order, and a single one as it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 }),
      (chances) => {
        const corrected = holm(chances)
        chances.forEach((chance, at) => {
          expect(corrected[at]).toBeGreaterThanOrEqual(chance)
          expect(corrected[at]).toBeLessThanOrEqual(1)
          chances.forEach((other, place) => {
            if (other < chance) expect(corrected[place]).toBeLessThanOrEqual(corrected[at] ?? 0)
          })
        })
        if (chances.length === 1) expect(corrected).toEqual(chances)
      },
    ),
  )
})
