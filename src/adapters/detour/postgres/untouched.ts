import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import { isCut, sourcesOf, timelineOf } from './cut.ts'
import { onSide } from './engine/on-side.ts'
import type { StandInSeen } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { DatabaseTrouble } from './trouble.ts'

/** In recovery since the cut, at its position and on its timeline: no role can have written there. */
export async function untouched(
  work: PostgresWork,
  { cut, timeline }: StandInSeen['notes'],
): Promise<DetourEvidence> {
  return onSide(work, 'stand-in', async (on) => {
    const now = await sourcesOf(on)
    const nowOn = await timelineOf(on)
    if (cut !== undefined && isCut(now) && now.at === cut && nowOn === timeline)
      return { position: now.at, cut, timeline: nowOn, recovery: 'yes', lost: '0' }
    throw new DatabaseTrouble(
      'detour-moved',
      `The stand-in is not where it was cut: it is ${now.recovery ? 'in' : 'out of'} recovery at ${now.at} on timeline ${nowOn}, and was cut at ${cut ?? 'no position'} on timeline ${timeline ?? 'unknown'}.`,
      { next: 'Look what was written there before it is given up.' },
    )
  })
}
