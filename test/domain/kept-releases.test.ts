import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { neededReleases } from '../../src/domain/ledger/needed-releases.ts'
import { isThere, type ReleaseThere, toClear } from '../../src/domain/release/kept-releases.ts'
import { aPast } from './a-ledger.ts'
import { aLedgerServing, aPlan, aRelease, newer, older } from './a-plan.ts'

const at = (tag: string, change: Partial<ReleaseThere> = {}): ReleaseThere => ({
  tag,
  sha: aRelease(tag).sha,
  whole: true,
  digest: null,
  ...change,
})
const shas = (...tags: string[]) => tags.map((tag) => aRelease(tag).sha)
const rule = { comes: aRelease('v9').sha, keep: 3, needed: [], runs: '' }

describe('the releases on an instance', () => {
  test('the last used ones stay, with the one that comes among them', () => {
    const there = ['v8', 'v7', 'v6', 'v5'].map((tag) => at(tag))
    expect(toClear(there, rule)).toEqual(shas('v6', 'v5'))
    expect(toClear([at('v9'), ...there], rule)).toEqual(shas('v6', 'v5'))
  })

  test('a release that a rollback needs stays however old it is, and takes the place of another', () => {
    const there = ['v8', 'v7', 'v6', 'v5'].map((tag) => at(tag))
    expect(toClear(there, { ...rule, needed: shas('v5') })).toEqual(shas('v7', 'v6'))
    expect(toClear(there, { ...rule, keep: 1, needed: shas('v5', 'v6') })).toEqual(shas('v8', 'v7'))
  })

  test('a release that runs stays by its tag or its commit, and all stay while that is unknown', () => {
    const there = ['v8', 'v7', 'v6', 'v5'].map((tag) => at(tag))
    for (const runs of ['v5', aRelease('v5').sha])
      expect(toClear(there, { ...rule, runs })).toEqual(shas('v7', 'v6'))
    expect(toClear(there, { ...rule, runs: null })).toEqual([])
  })

  test('an answer that names none of them is unknown as well: any of them may run', () => {
    const there = ['v8', 'v7', 'v6', 'v5'].map((tag) => at(tag))
    for (const runs of ['<html>', '5', 'V5']) expect(toClear(there, { ...rule, runs })).toEqual([])
  })

  test('a half-written folder goes first', () => {
    expect(toClear([at('v8', { whole: false }), at('v7')], rule)).toEqual(shas('v8'))
  })

  test('whatever is there: nothing needed, running or coming is cleared, and no more stay than are kept or needed', () => {
    const tag = fc.constantFrom(...Array.from({ length: 12 }, (_, number) => `v${number}`))
    const release = fc.record({ tag, whole: fc.boolean() }).map(({ tag, whole }) => at(tag, { whole }))
    const some = fc.uniqueArray(release, { selector: ({ sha }) => sha })
    fc.assert(
      fc.property(
        some,
        fc.integer({ min: 1, max: 6 }),
        fc.array(tag),
        tag,
        tag,
        (there, keep, needs, runs, comes) => {
          const needed = shas(...needs)
          const cleared = toClear(there, { comes: aRelease(comes).sha, keep, needed, runs })
          if (!there.some((one) => one.tag === runs)) {
            expect(cleared).toEqual([])
            return
          }
          const held = new Set([...needed, ...shas(runs, comes)])
          expect(cleared.filter((sha) => held.has(sha))).toEqual([])
          const left = there.filter(({ sha }) => !cleared.includes(sha))
          const whole = left.filter((one) => one.whole && !held.has(one.sha)).length
          const holds = new Set([
            ...shas(comes),
            ...left.filter(({ sha }) => held.has(sha)).map(({ sha }) => sha),
          ]).size
          expect(whole).toBeLessThanOrEqual(Math.max(0, keep - holds))
          expect(left.filter((one) => !one.whole && !held.has(one.sha))).toEqual([])
        },
      ),
    )
  })

  test('a release is there only if it is whole and has the very file', () => {
    const there = [at('v1', { digest: 'abc' }), at('v2', { whole: false })]
    expect(isThere(there, aRelease('v1'), 'abc')).toBe(true)
    expect(isThere(there, aRelease('v1'), 'abd')).toBe(false)
    expect(isThere(there, aRelease('v1'), null)).toBe(false)
    expect(isThere(there, aRelease('v2'), null)).toBe(false)
    expect(isThere(there, aRelease('v3'), null)).toBe(false)
  })
})

test('a rollback needs the release that comes, that serves, and the one before: each once', () => {
  const before = aRelease('v0.9.0')
  const history = [aPast(older, { number: 6, from: before }), aPast(before, { number: 5 })]
  const ledger = aLedgerServing(older, { history })
  expect(neededReleases(aPlan({ ledger }), ledger)).toEqual([newer.sha, older.sha, before.sha])
})
