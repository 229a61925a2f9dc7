import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { seenInSlots } from '../../src/domain/rolling/sight.ts'
import {
  isSettled,
  observationOf,
  otherSlot,
  releasesInTraffic,
  type SlotSeen,
  type SlotsSeen,
  serving,
  sidesOf,
} from '../../src/domain/rolling/slots.ts'

const isNew = (version: string) => version === 'v2'
const silent: SlotSeen = { version: null, answers: false, healthy: false, inTraffic: false }
const serves = (version: string): SlotSeen => ({ version, answers: true, healthy: true, inTraffic: true })
const waits = (version: string): SlotSeen => ({ ...serves(version), inTraffic: false })

describe('the sides of a change', () => {
  test.each<[string, SlotsSeen, object]>([
    ['one serves → the other gets it', { a: serves('v1'), b: silent }, { kind: 'bring', to: 'b', from: 'a' }],
    [
      'it was started and is out of traffic → it is started once more',
      { a: serves('v1'), b: waits('v2') },
      { kind: 'bring', to: 'b', from: 'a' },
    ],
    [
      'both serve → the old one goes',
      { a: serves('v2'), b: serves('v1') },
      { kind: 'retire', to: 'a', from: 'b' },
    ],
    [
      'the old one left and is up → it goes',
      { a: waits('v1'), b: serves('v2') },
      { kind: 'retire', to: 'b', from: 'a' },
    ],
    [
      'nothing is there → slot a, and nothing goes',
      { a: silent, b: silent },
      { kind: 'bring', to: 'a', from: null },
    ],
    [
      'one is up and out of traffic → the other, and it stops when that was seen',
      { a: waits('v1'), b: silent },
      { kind: 'bring', to: 'b', from: 'a' },
    ],
  ])('%s', (_what, seen, sides) => {
    expect(sidesOf(seen, isNew, false)).toEqual(sides)
  })

  test.each<[string, SlotsSeen]>([
    ['both are up and neither gets requests', { a: waits('v1'), b: waits('v2') }],
    ['the front door does not tell', { a: serves('v1'), b: { ...silent, inTraffic: null } }],
  ])('%s → no slot may be stopped', (_what, seen) => {
    expect(sidesOf(seen, isNew, false).kind).toBe('unclear')
  })

  test('a restart brings a release once more where it serves', () => {
    expect(sidesOf({ a: serves('v2'), b: silent }, isNew, true)).toEqual({
      kind: 'bring',
      to: 'b',
      from: 'a',
    })
  })

  const slot: fc.Arbitrary<SlotSeen> = fc.record({
    version: fc.constantFrom('v1', 'v2', null),
    answers: fc.boolean(),
    healthy: fc.boolean(),
    inTraffic: fc.constantFrom(true, false, null),
  })

  test('whatever is seen, the slot that is cleared first is not the only one in traffic CC-21', () => {
    fc.assert(
      fc.property(slot, slot, fc.boolean(), (a, b, anew) => {
        const seen = { a, b }
        const sides = sidesOf(seen, isNew, anew)
        if (sides.kind === 'bring') expect(serving(seen)).not.toEqual([sides.to])
        if (sides.kind === 'retire') {
          expect(seen[sides.to]).toMatchObject({ version: 'v2', healthy: true, inTraffic: true })
          expect(sides.from).toBe(otherSlot(sides.to))
        }
        if (a.inTraffic === null || b.inTraffic === null) expect(sides.kind).toBe('unclear')
      }),
    )
  })
})

describe('an instance as the sum of its slots', () => {
  test('serves what its slot in traffic serves, and is settled while the other is silent', () => {
    const seen = { a: silent, b: serves('v2') }
    expect(observationOf(seen)).toEqual({ version: 'v2', healthy: true, inTraffic: true, slots: seen })
    expect(isSettled(seen)).toBe(true)
  })

  test('with both in traffic names both and no single release', () => {
    const seen = { a: serves('v1'), b: serves('v2') }
    expect(observationOf(seen)).toMatchObject({ version: null, healthy: true })
    expect(releasesInTraffic(seen)).toEqual(['v1', 'v2'])
    expect(isSettled(seen)).toBe(false)
  })

  test('is not settled while the idle slot answers, or its traffic is unknown', () => {
    expect(isSettled({ a: serves('v2'), b: waits('v1') })).toBe(false)
    expect(isSettled({ a: serves('v2'), b: { ...silent, inTraffic: null } })).toBe(false)
    expect(observationOf({ a: waits('v1'), b: silent })).toMatchObject({ version: null, healthy: false })
  })
})

test('an instance is not called out of traffic while one of its slots could not be seen', () => {
  const no = { kind: 'found', value: false, why: null } as const
  const unseen = { kind: 'unanswered', why: 'no balancer listens' } as const
  const place = { version: { kind: 'unanswered', why: 'refused' }, healthy: no, inTraffic: no } as const
  const seen = seenInSlots(
    'web-1',
    { a: { ...place, inTraffic: unseen }, b: place },
    ({ inTraffic }) => inTraffic,
  )
  expect(seen.inTraffic).toEqual(unseen)
})
