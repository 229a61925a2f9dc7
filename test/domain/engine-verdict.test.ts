import { describe, expect, test } from 'vitest'
import type { EngineSeen } from '../../src/domain/engine/engine-seen.ts'
import { type Awaited, isComplete, judgeRollout, type Patience } from '../../src/domain/engine/verdict.ts'
import { absent } from '../../src/domain/reading.ts'
import { aDigest } from './a-plan.ts'

const images = { api: `registry/api@${aDigest('2')}` }
const older = { api: `registry/api@${aDigest('1')}` }

const whole: EngineSeen = {
  rollout: '2',
  wanted: images,
  noticed: true,
  phase: 'settled',
  replicas: { wanted: 3, updated: 3, ready: 3, old: 0 },
  troubles: [],
  changedBy: absent,
}

const awaited: Awaited = { images, rollout: '2', before: '1', minHealthyTime: 10_000, deadline: 60_000 }
const patience: Patience = { since: 20_000, complete: 10_000, troubled: 0 }

describe('a look', () => {
  test('is complete when every replica runs the images and is ready, and none other is left', () => {
    expect(isComplete(whole, images)).toBe(true)
    expect(
      isComplete({ ...whole, wanted: { api: `mirror/api@${aDigest('2')}`, log: 'log:1' } }, images),
    ).toBe(true)
  })

  test.each<[string, Partial<EngineSeen>]>([
    ['an older replica still serves', { replicas: { wanted: 3, updated: 3, ready: 3, old: 1 } }],
    ['one is not ready', { replicas: { wanted: 3, updated: 3, ready: 2, old: 0 } }],
    ['one is not updated', { replicas: { wanted: 3, updated: 2, ready: 3, old: 0 } }],
    ['no replica is to run', { replicas: { wanted: 0, updated: 0, ready: 0, old: 0 } }],
    ['the engine has not noticed yet', { noticed: false }],
    ['the engine still rolls', { phase: 'rolling' }],
    ['it wants other images', { wanted: older }],
    ['it names its image by a tag', { wanted: { api: 'registry/api:v2' } }],
  ])('is not complete while %s', (_, change) => {
    expect(isComplete({ ...whole, ...change }, images)).toBe(false)
  })
})

describe('a rollout', () => {
  test('is done after the minimal time of complete looks, and not before', () => {
    expect(judgeRollout(whole, awaited, patience).kind).toBe('done')
    expect(judgeRollout(whole, awaited, { ...patience, complete: 9_999 }).kind).toBe('settling')
  })

  test('is awaited while the engine shows the one from before it for a moment, and superseded later', () => {
    const before = { ...whole, rollout: '1', wanted: older }
    expect(judgeRollout(before, awaited, { ...patience, complete: null }).kind).toBe('rolling')
    expect(judgeRollout(before, awaited, { ...patience, complete: null, since: 30_000 }).kind).toBe(
      'superseded',
    )
  })

  test('that the engine began by itself, with the images that are to come back, is awaited and done', () => {
    const back = { ...whole, phase: 'rolled-back', rollout: '2 again' } as const
    const replicas = { wanted: 3, updated: 4, ready: 4, old: 0 }
    expect(judgeRollout({ ...back, replicas }, awaited, { ...patience, complete: null }).kind).toBe('rolling')
    expect(isComplete(back, images)).toBe(true)
    expect(judgeRollout(back, awaited, patience).kind).toBe('done')
    expect(judgeRollout({ ...back, wanted: older }, awaited, patience).kind).toBe('rolled-back')
  })

  test('is superseded by a newer one, with the same images as well', () => {
    for (const wanted of [images, older])
      expect(judgeRollout({ ...whole, rollout: '3', wanted }, awaited, patience).kind).toBe('superseded')
  })

  test('is stuck by a lasting trouble that is seen twice in a row', () => {
    const trouble = { replica: 'api-1', reason: 'Quota', message: '', tail: [], lasting: true }
    const seen: EngineSeen = { ...whole, phase: 'rolling', troubles: [trouble] }
    const judged = (troubled: number) =>
      judgeRollout(seen, awaited, { ...patience, complete: null, troubled })
    expect([judged(1).kind, judged(2).kind]).toEqual(['rolling', 'stuck'])
  })

  test('is not stuck by the end of an earlier replica, once every replica is as it must be', () => {
    const trouble = { replica: 'api-1', reason: 'Ended', message: '', tail: [], lasting: true }
    const seen: EngineSeen = { ...whole, troubles: [trouble] }
    expect(judgeRollout(seen, awaited, { ...patience, troubled: 2 }).kind).toBe('done')
    expect(judgeRollout(seen, awaited, { ...patience, complete: 0, troubled: 2 }).kind).toBe('settling')
  })
})
