import { describe, expect, test } from 'vitest'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { describeVerification, verificationOf } from '../../src/domain/release/verification.ts'
import { aTime } from './a-journal.ts'
import { aFailed, aHistory, aPast } from './a-ledger.ts'
import { aPlan, aRelease, newer } from './a-plan.ts'

const [a, b] = [aRelease('v1'), aRelease('v2')]
const back = (release: typeof a, from: typeof a) => aPast(release, { mode: 'rollback', from })
const ended = (kind: 'abandoned' | 'rejected') => ({ outcome: { kind, by: 'rhea', reason: '' } }) as const
const none = { forced: [], excluded: [], failed: [], afterwards: null }
const succeeded = (change: Partial<Record<keyof typeof none, unknown>>) =>
  ({ outcome: { kind: 'succeeded', ...none, ...change } }) as Partial<Past>
const smoke = { code: 'command-failed', what: 'post-deploy exited with 3.', tail: [] }
const cancelled = { outcome: { kind: 'cancelled', why: 'a newer request', stays: [] } } as const

const proof = (...pasts: readonly Past[]) =>
  verificationOf({ ...emptyLedger('shop', 'staging'), history: aHistory(...pasts) }, b, null)

describe('a release is verified in another environment', () => {
  test.each<[string, Past[], number]>([
    ['by its deployment there', [aPast(a), aPast(b)], 2],
    ['also when another one serves there by now', [aPast(b), aPast(a)], 1],
    ['when it failed first and succeeded then', [aFailed(b), aPast(b)], 2],
    ['when somebody rejected it later: that tried nothing', [aPast(b), aPast(b, ended('rejected'))], 1],
    ['when a newer request took the place of another try', [aPast(b), aPast(b, cancelled)], 1],
    ['when a way back from it failed', [aPast(a), aPast(b), aFailed(a, { mode: 'rollback', from: b })], 2],
    ['when it was rehearsed: there, back and there again', [aPast(a), aPast(b), back(a, b), aPast(b)], 4],
    [
      'when it was forced first and was whole then F06',
      [aPast(b, succeeded({ forced: ['x'] })), aPast(b)],
      2,
    ],
    ['by the same commit with another tag', [aPast({ ...b, tag: 'v2-rc.1' })], 1],
  ])('%s MM-18', (_title, pasts, deployment) => {
    expect(proof(...pasts)).toMatchObject({ kind: 'verified', where: 'staging', deployment })
  })
})

test('a release is not verified by a deployment that the ledger has forgotten, and the words say since when F03', () => {
  const history = aHistory(aPast(a), aPast(a)).slice(0, 1)
  expect(verificationOf({ ...emptyLedger('shop', 'staging'), history }, b, null)).toMatchObject({
    kind: 'unverified',
    why: 'since deployment 2, the oldest that is remembered, no deployment of it to staging has succeeded',
  })
})

describe('a release is not verified', () => {
  test.each<[string, Past[], string]>([
    ['where it never was', [aPast(a)], 'no deployment of it to staging has succeeded'],
    ['by another commit of that tag', [aPast({ ...b, sha: a.sha })], 'no deployment of it'],
    ['where it was only rejected', [aPast(b, ended('rejected'))], 'no deployment of it'],
    ['when it failed there since', [aPast(b), aFailed(b)], 'deployment 2 of v2 to staging failed: x'],
    ['when it was abandoned there since', [aPast(b), aPast(b, ended('abandoned'))], 'abandoned by rhea'],
    ['with an instance forced F06', [aPast(b, succeeded({ forced: ['web/web-1'] }))], 'with 1 forced'],
    ['with an instance left out F06', [aPast(b, succeeded({ excluded: ['web/web-2'] }))], 'with 1 excluded'],
    ['with an instance that failed F06', [aPast(b, succeeded({ failed: ['web/web-2'] }))], 'with 1 failed'],
    [
      'when a smoke test failed afterwards F06',
      [aPast(b, succeeded({ afterwards: smoke }))],
      'exited with 3',
    ],
    [
      'when it was whole once and was forced since F06',
      [aPast(b), aPast(b, succeeded({ forced: ['web/web-1'] }))],
      'deployment 2 of v2 to staging converged with 1 forced',
    ],
    [
      'when the environment went back from it',
      [aPast(a), aPast(b), back(a, b)],
      'deployment 3 took staging back from it, to v1',
    ],
  ])('%s MM-18', (_title, pasts, why) => {
    expect(proof(...pasts)).toMatchObject({ kind: 'unverified', why: expect.stringContaining(why) })
  })
})

const where = 'staging'
const unverified = { kind: 'unverified', where, why: 'it never was there' } as const

describe('a plan', () => {
  test('is refused for an unverified release, and says what to do MM-18', () => {
    const { refusals, verification } = aPlan({ verification: unverified })
    expect(verification).toEqual(unverified)
    expect(refusals).toMatchObject([
      {
        code: 'not-verified',
        what: 'v1.1.0 is not verified in staging: it never was there.',
        next: expect.stringContaining('override-verified'),
      },
    ])
  })

  test('with an override warns with who and why, and is not refused MM-18', () => {
    const override = { by: 'dora', reason: 'the shop is down' }
    const empty = emptyLedger('shop', 'staging')
    const plan = aPlan({ verification: verificationOf(empty, newer, override) })
    expect(plan.refusals).toEqual([])
    expect(plan.warnings).toContain(
      'v1.1.0 is not verified in staging: no deployment of it to staging has succeeded; dora wants it anyway: the shop is down.',
    )
  })

  test('names the deployment that verified its release MM-17', () => {
    const history = aHistory(aPast(newer))
    const verification = verificationOf({ ...emptyLedger('shop', 'staging'), history }, newer, null)
    expect(aPlan({ verification })).toMatchObject({ refusals: [], warnings: [], verification })
    expect(describeVerification(verification)).toBe(
      `verified in staging by deployment 1: succeeded at ${aTime(60)}`,
    )
  })

  test('needs no proof for a rollback', () => {
    const plan = aPlan({ wanted: 'rollback', verification: unverified })
    expect(plan.refusals.filter(({ code }) => code === 'not-verified')).toEqual([])
    expect(plan.verification).toBeNull()
  })
})
