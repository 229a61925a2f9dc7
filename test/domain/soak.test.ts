import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emptyLedger, type Ledger } from '../../src/domain/ledger/ledger.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { keptVerificationOf } from '../../src/domain/release/soak.ts'
import { aTime } from './a-journal.ts'
import { aHistory, aPast } from './a-ledger.ts'
import { aPlan, aPolicy, aRelease, newer } from './a-plan.ts'

const [a, b] = [aRelease('v1'), aRelease('v2')]
const hour = 3_600
const day = 24 * hour
const forced = {
  kind: 'succeeded',
  forced: ['web/web-1'],
  excluded: [],
  failed: [],
  afterwards: null,
} as const

/** A deployment in staging that began and ended at these seconds. */
const at = (from: number, until: number, release: typeof a, change: Partial<Past> = {}): Past =>
  aPast(release, { startedAt: aTime(from), endedAt: aTime(until), record: 1, ...change })

const staging = (pasts: readonly Past[], change: Partial<Ledger> = {}): Ledger => ({
  ...emptyLedger('shop', 'staging'),
  history: aHistory(...pasts),
  ...change,
})

const proof = (now: number, pasts: readonly Past[], change: Partial<Ledger> = {}) =>
  keptVerificationOf(staging(pasts, change), b, null, { lasts: day * 1_000, now: aTime(now) })

describe('a release that staging must keep for a day', () => {
  const success = at(0, 60, b)

  test('is proven a day after its success, and says until when it is not MM-18', () => {
    expect(proof(60 + day - 1, [success])).toMatchObject({
      kind: 'soaking',
      since: aTime(60),
      until: aTime(60 + day),
    })
    expect(proof(60 + day, [success])).toMatchObject({
      kind: 'verified',
      words: expect.stringContaining('kept for 1 d'),
    })
  })

  test.each<[string, Past[]]>([
    ['another release', [success, at(hour, hour + 9, a)]],
    [
      'another release that failed',
      [success, at(hour, hour + 9, a, { outcome: { kind: 'abandoned', by: 'rhea', reason: '' } })],
    ],
    [
      'an instance forced in a restart',
      [success, at(hour - 9, hour, b, { mode: 'restart', outcome: forced })],
    ],
  ])('is not proven by time alone once it was ended by %s MM-18', (_title, pasts) => {
    expect(proof(9 * day, pasts)).toMatchObject({
      kind: 'unverified',
      why: expect.stringContaining('it was kept for 59 min, not for 1 d: deployment 2'),
    })
  })

  test('is not proven while an instance there may not serve it', () => {
    const unfinished = [{ service: 'web', instance: 'web-2', deployment: 1, out: false }]
    expect(proof(9 * day, [success], { unfinished })).toMatchObject({
      kind: 'unverified',
      why: expect.stringContaining('web/web-2'),
    })
  })

  test('stays proven by the time before another release came', () => {
    expect(proof(9 * day, [success, at(2 * day, 2 * day + 9, a)])).toMatchObject({
      kind: 'verified',
      deployment: 1,
    })
  })

  test('begins anew with a rollback to it and with a redeployment', () => {
    const back = at(3 * day, 3 * day + 60, b, { mode: 'rollback', from: a })
    expect(proof(3 * day + hour, [success, at(hour, 2 * hour, a), back])).toMatchObject({
      kind: 'soaking',
      deployment: 3,
    })
    const again = at(2 * day, 2 * day + 60, b, { mode: 'redeploy', from: b })
    expect(proof(2 * day + hour, [success, again])).toMatchObject({ kind: 'soaking', deployment: 2 })
  })

  test('is not ended by what changed nothing, a restart or a task of it', () => {
    const rejected = at(hour, hour, a, {
      record: null,
      outcome: { kind: 'rejected', by: 'rhea', reason: '' },
    })
    const pasts = [
      success,
      rejected,
      at(2 * hour, 2 * hour, b, { mode: 'restart' }),
      at(3 * hour, 3 * hour, b, { mode: 'task' }),
    ]
    expect(proof(60 + day, pasts)).toMatchObject({ kind: 'verified', deployment: 1 })
  })

  test('passes with an override, which keeps the reason', () => {
    const override = { by: 'dora', reason: 'the shop is down' }
    const asked = { lasts: day * 1_000, now: aTime(hour) }
    expect(keptVerificationOf(staging([success]), b, override, asked)).toMatchObject({
      kind: 'overridden',
      ...override,
    })
  })

  test('is never proven before its time, whatever happens there', () => {
    const event = fc.record({
      after: fc.integer({ min: 1, max: day }),
      release: fc.constantFrom(a, b),
      mode: fc.constantFrom('deploy' as const, 'rollback' as const, 'redeploy' as const, 'restart' as const),
    })
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 6 }),
        fc.integer({ min: 0, max: 3 * day }),
        (events, later) => {
          let clock = 60
          const pasts = events.map(({ after, release, mode }) => {
            clock += after
            return at(clock - 1, clock, mode === 'restart' ? b : release, {
              mode,
              from: release === a ? b : a,
            })
          })
          const now = clock + later
          if (proof(now, [success, ...pasts]).kind !== 'verified') return
          const marks = [
            60,
            ...pasts
              .filter(({ mode }) => mode !== 'restart')
              .map(({ endedAt }) => (Date.parse(endedAt) - Date.parse(aTime(0))) / 1_000),
            now,
          ]
          const gaps = marks.slice(1).map((mark, index) => mark - (marks[index] ?? 0))
          expect(Math.max(...gaps)).toBeGreaterThanOrEqual(day - 1)
        },
      ),
    )
  })
})

test('a plan is refused while the time is not over, and says when it is MM-18', () => {
  const verification = keptVerificationOf(staging([at(0, 60, newer)]), newer, null, {
    lasts: day * 1_000,
    now: aTime(hour),
  })
  const policy = aPolicy({ verifiedIn: 'staging', verifiedFor: day * 1_000 })
  expect(aPlan({ verification, policy }).refusals).toMatchObject([
    { code: 'soak-too-short', next: expect.stringContaining(aTime(60 + day)) },
  ])
})
