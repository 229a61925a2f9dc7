import type { DatabaseSeen } from '../../../domain/detour/detour-seen.ts'
import { type BySide, type DetourSide, otherSide } from '../../../domain/detour/side.ts'
import { mapped } from '../../../domain/reading.ts'
import type { VerbResult } from './sights.ts'

/** Returns a look at the databases as a detour has it whose copy is on a side: the commands name the sides themselves. */
export function turnedTo(copied: DetourSide, seen: DatabaseSeen): DatabaseSeen {
  if (copied === 'stand-in') return seen
  const { position, timeline, writable, fence, sessions } = seen
  return {
    ...seen,
    position: swapped(position),
    timeline: swapped(timeline),
    writable: swapped(writable),
    fence: mapped(fence, otherSide),
    sessions: swapped(sessions),
  }
}

/** Returns a result in the words of the commands. */
export function namedBy(copied: DetourSide, result: VerbResult): VerbResult {
  if (copied === 'stand-in') return result
  if (result.kind === 'not-shown') return { ...result, why: inTheirWords(result.why) }
  const { evidence } = result
  return {
    ...result,
    evidence: Object.fromEntries(Object.entries(evidence).map(([key, value]) => [inTheirWords(key), value])),
  }
}

/** The keys that `observe` prints name the sides themselves. */
const inTheirWords = (text: string): string =>
  text.replace(
    /\b(position|timeline|writable|sessions)\.(home|stand-in)\b/g,
    (_, key: string, side: string) => `${key}.${side === 'home' ? 'stand-in' : 'home'}`,
  )

const swapped = <T>(of: BySide<T>): BySide<T> => ({ home: of['stand-in'], 'stand-in': of.home })
