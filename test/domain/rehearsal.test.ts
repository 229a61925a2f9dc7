import { describe, expect, test } from 'vitest'
import { emptyLedger } from '../../src/domain/ledger/ledger.ts'
import type { Past } from '../../src/domain/ledger/past.ts'
import { describeRehearsal, rehearsalOf, rehearsals } from '../../src/domain/release/rehearsal.ts'
import { aTime } from './a-journal.ts'
import { aFailed, aHistory, aPast } from './a-ledger.ts'
import { aPlan, aRelease, newer, older } from './a-plan.ts'

const [a, b, c] = [aRelease('v1'), aRelease('v2'), aRelease('v3')]
const back = (release: typeof a, from: typeof a, change: Partial<Past> = {}) =>
  aPast(release, { mode: 'rollback', from, ...change })
const rejected = { outcome: { kind: 'rejected', by: 'rhea', reason: '' } } as const
const cancelled = { outcome: { kind: 'cancelled', why: 'a newer request', stays: [] } } as const
const excluding = {
  outcome: { kind: 'succeeded', forced: [], excluded: ['web/web-2'], failed: [], afterwards: null },
} as const

const staging = (...pasts: readonly Past[]) => ({
  ...emptyLedger('shop', 'staging'),
  history: aHistory(...pasts),
})
const of = (pasts: readonly Past[], here: typeof a = a) => rehearsalOf(staging(...pasts), b, here, null)

describe('a way back is rehearsed', () => {
  test.each<[string, Past[], [number, number, string]]>([
    ['there, back and there again', [aPast(a), aPast(b), back(a, b), aPast(b)], [3, 4, 'v1']],
    [
      'after a first deployment that failed',
      [aPast(a), aFailed(b), aPast(b), back(a, b), aPast(b)],
      [4, 5, 'v1'],
    ],
    [
      'also when another release came after it',
      [aPast(a), aPast(b), back(a, b), aPast(b), aPast(c)],
      [3, 4, 'v1'],
    ],
    [
      'when what was tried in between changed nothing',
      [aPast(a), aPast(b), back(a, b), aPast(b, rejected), aPast(c, cancelled), aPast(b)],
      [3, 6, 'v1'],
    ],
    [
      'to what serves here, although another way was rehearsed later',
      [aPast(c), aPast(a), aPast(b), back(a, b), aPast(b), back(c, b), aPast(b)],
      [4, 5, 'v1'],
    ],
    [
      'once more after a failure',
      [aPast(a), aPast(b), back(a, b), aPast(b), aFailed(b), aPast(b), back(a, b), aPast(b)],
      [7, 8, 'v1'],
    ],
  ])('%s', (_title, pasts, [wayBack, again, to]) => {
    expect(of(pasts)).toMatchObject({
      kind: 'rehearsed',
      where: 'staging',
      back: wayBack,
      again,
      to: { tag: to },
    })
  })

  test('to any release, where what serves here never served there', () => {
    const there = [aPast(c), aPast(b), back(c, b), aPast(b)]
    expect(of(there, a)).toMatchObject({ kind: 'rehearsed', to: { tag: 'v3' } })
  })

  test('by its commit, whatever its tag was then', () => {
    const candidate = { ...b, tag: 'v2-rc.1' }
    const there = [aPast(a), aPast(candidate), back(a, candidate), aPast(candidate)]
    expect(of(there)).toMatchObject({ kind: 'rehearsed', back: 3 })
  })
})

describe('a way back is not rehearsed', () => {
  test.each<[string, Past[], string]>([
    ['where the release never was', [aPast(a)], 'no deployment of it to staging has succeeded'],
    ['by a deployment alone', [aPast(a), aPast(b)], 'no rollback from it to v1 and back again'],
    ['by the first half', [aPast(a), aPast(b), back(a, b)], 'took staging back from it, to v1'],
    [
      'when another release came in between',
      [aPast(a), aPast(b), back(a, b), aPast(c), aPast(b)],
      'no rollback from it to v1',
    ],
    [
      'when the way back failed',
      [aPast(a), aPast(b), aFailed(a, { mode: 'rollback', from: b }), aPast(b)],
      'no rollback',
    ],
    [
      'when an instance was left out',
      [aPast(a), aPast(b), back(a, b), aPast(b, excluding)],
      'converged with 1 excluded',
    ],
    [
      'when an instance was left out on the way back',
      [aPast(a), aPast(b), back(a, b, excluding), aPast(b)],
      'no rollback',
    ],
    [
      'when the second half failed',
      [aPast(a), aPast(b), back(a, b), aFailed(b)],
      'deployment 4 of v2 to staging failed',
    ],
    [
      'when it failed there since',
      [aPast(a), aPast(b), back(a, b), aPast(b), aFailed(b), aPast(b)],
      'no rollback',
    ],
    [
      'when the way back failed since',
      [aPast(a), aPast(b), back(a, b), aPast(b), aFailed(a, { mode: 'rollback', from: b })],
      'no rollback',
    ],
    [
      'to another release than serves here, which staging could show',
      [aPast(c), aPast(a), aPast(b), back(c, b), aPast(b)],
      'deployment 4 went back to v3, not to v1',
    ],
    ['by a redeployment', [aPast(a), aPast(b), back(a, b), aPast(b, { mode: 'redeploy' })], 'no rollback'],
    [
      'of another commit of its tag',
      [aPast(a), aPast({ ...b, sha: c.sha }), back(a, { ...b, sha: c.sha })],
      'no deployment of it',
    ],
  ])('%s', (_title, pasts, why) => {
    expect(of(pasts)).toMatchObject({ kind: 'unrehearsed', why: expect.stringContaining(why) })
  })
})

test('all rehearsals of a release are known, the newest first', () => {
  const there = staging(aPast(c), aPast(a), aPast(b), back(a, b), aPast(b), back(c, b), aPast(b))
  expect(rehearsals(there, b).map(({ to, again }) => [to.tag, again])).toEqual([
    ['v3', 7],
    ['v1', 5],
  ])
  expect(rehearsals(there, a)).toEqual([])
})

const where = 'staging'
const unrehearsed = { kind: 'unrehearsed', where, to: 'v1.0.0', why: 'nobody tried' } as const

describe('a plan', () => {
  test('is refused if its rollback is not rehearsed, and says what to do', () => {
    const { refusals, rehearsal } = aPlan({ rehearsal: unrehearsed })
    expect(rehearsal).toEqual(unrehearsed)
    expect(refusals).toMatchObject([
      {
        code: 'not-rehearsed',
        what: 'The rollback from v1.1.0 is not rehearsed in staging: nobody tried.',
        next: expect.stringMatching(/rehearse.*staging.*release: v1\.0\.0.*override-rehearsed/),
      },
    ])
  })

  test('with an override warns with who and why, and is not refused', () => {
    const override = { by: 'dora', reason: 'the shop is down' }
    const rehearsal = rehearsalOf(staging(aPast(older), aPast(newer)), newer, older, override)
    const plan = aPlan({ rehearsal })
    expect(plan.refusals).toEqual([])
    expect(plan.warnings).toContain(
      'The rollback from v1.1.0 is not rehearsed in staging: no rollback from it to v1.0.0 and back again, without a failure since; dora wants it anyway: the shop is down.',
    )
  })

  test('names the deployments that rehearsed it', () => {
    const there = staging(aPast(older), aPast(newer), back(older, newer), aPast(newer))
    const rehearsal = rehearsalOf(there, newer, older, null)
    expect(aPlan({ rehearsal })).toMatchObject({ refusals: [], warnings: [], rehearsal })
    expect(describeRehearsal(rehearsal)).toBe(
      `rehearsed in staging: back to v1.0.0 by deployment 3, and to it again by deployment 4 at ${aTime(60)}`,
    )
  })

  test('needs none for a rollback, and a plan without the rule is unchanged', () => {
    const plan = aPlan({ wanted: 'rollback', rehearsal: unrehearsed })
    expect(plan.refusals.filter(({ code }) => code === 'not-rehearsed')).toEqual([])
    expect(plan.rehearsal).toBeNull()
    expect(aPlan().rehearsal).toBeNull()
    expect(aPlan({ rehearsal: null }).digest).toBe(aPlan().digest)
  })
})
