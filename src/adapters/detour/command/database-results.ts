import type { Closing } from '../../../domain/detour/deed.ts'
import type { DatabaseSeen } from '../../../domain/detour/detour-seen.ts'
import { type DetourSide, otherSide } from '../../../domain/detour/side.ts'
import type { Reading } from '../../../domain/reading.ts'
import { allOf, type Condition, type VerbResult, wants, wantsAny } from './sights.ts'

/** The observations that show the result of each verb on the databases. */

export const isOpen = ({ standIn, follows, writable }: DatabaseSeen): VerbResult =>
  allOf([
    wants('stand-in', standIn, 'running'),
    wants('follows', follows, true),
    wants('writable.stand-in', writable['stand-in'], 'impossible'),
  ])

/** The position of the last write is known, or the engine has none. */
export function isFenced({ writable, fence, position }: DatabaseSeen, side: DetourSide): VerbResult {
  const sight = allOf([
    wants(`writable.${side}`, writable[side], 'fenced', 'impossible'),
    wants('fence', fence, side),
  ])
  const at = position[side]
  if (sight.kind === 'not-shown' || at.kind === 'absent') return sight
  const known = allOf([wantsAny(`position.${side}`, at)])
  if (known.kind === 'not-shown' || at.kind === 'unknown') return known
  return { kind: 'shown', evidence: { ...sight.evidence, position: at.value } }
}

export const isUnfenced = ({ writable, fence }: DatabaseSeen, side: DetourSide): VerbResult =>
  allOf([wants(`writable.${side}`, writable[side], 'open'), wants('fence', fence, otherSide(side), null)])

export const isLevel = ({ position }: DatabaseSeen, at: string): VerbResult =>
  allOf([wants('position.stand-in', position['stand-in'], at)])

/** Without its fence held, home may have changed while the stand-in stopped following. */
export const mayBeCut = ({ fence }: DatabaseSeen): Condition => wants('fence', fence, 'home')

export const isCut = (seen: DatabaseSeen): VerbResult =>
  allOf([wants('follows', seen.follows, false), wantsAny('frozen-at', seen.frozenAt), mayBeCut(seen)])

export const isRejoined = ({ follows, frozenAt }: DatabaseSeen): VerbResult =>
  allOf([wants('follows', follows, true), wants('frozen-at', frozenAt, null)])

export const mayBeHardened = ({ follows }: DatabaseSeen): Condition => wants('follows', follows, false)

export const isHardened = ({ sessions, fence }: DatabaseSeen): VerbResult =>
  allOf([wants('sessions.home', sessions.home, 0, null), wants('fence', fence, 'stand-in', null)])

/** The position where the stand-in was frozen is that of the look before: taking home back may end the stand-in. */
export function isClosed(seen: DatabaseSeen, before: DatabaseSeen, way: Closing): VerbResult {
  const { writable } = seen
  switch (way) {
    case 'return':
    case 'revert-code':
      return allOf([wants('writable.home', writable.home, 'open'), ...nothingIsLost(seen)])
    case 'revert':
      return allOf([
        wants('writable.home', writable.home, 'open'),
        sameAs('position.home', seen.position.home, before.frozenAt),
      ])
    case 'move':
      return allOf([wants('writable.stand-in', writable['stand-in'], 'open')])
  }
}

/** A stand-in that refuses writes still stands where it was frozen; one that took them is fenced, so that they can be counted. */
function nothingIsLost({ writable, position, frozenAt }: DatabaseSeen): Condition[] {
  const ofStandIn = writable['stand-in']
  return ofStandIn.kind === 'found' && ofStandIn.value === 'impossible'
    ? [sameAs('position.stand-in', position['stand-in'], frozenAt)]
    : [wants('writable.stand-in', ofStandIn, 'fenced')]
}

const sameAs = (
  key: string,
  reading: DatabaseSeen['frozenAt'],
  wanted: DatabaseSeen['frozenAt'],
): Condition => (wanted.kind === 'found' ? wants(key, reading, wanted.value) : wantsAny('frozen-at', wanted))

/** A copy that applications may still use is not removed. */
export const mayBeDiscarded = ({ sessions }: DatabaseSeen): Condition =>
  wants('sessions.stand-in', sessions['stand-in'], 0, null)

/** The fence of a side is gone, and what waited there with it. */
export const isLeft = ({ fence }: DatabaseSeen, side: DetourSide): VerbResult =>
  allOf([wants('fence', fence, otherSide(side), null)])

/** A result that shows in the next count alone. */
export const nothingToSee: VerbResult = { kind: 'shown', evidence: {} }

/** Its place was seen before; only null says that it was looked for, and is gone. */
export const isRemoved = (failedHome: Reading<string>): VerbResult =>
  allOf([wants('failed-home', failedHome, null)])

export const isDiscarded = ({ standIn }: DatabaseSeen): VerbResult =>
  allOf([wants('stand-in', standIn, null)])
