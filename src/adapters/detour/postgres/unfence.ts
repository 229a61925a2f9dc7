import type { DetourEvidence } from '../../../domain/detour/deed.ts'
import type { DetourSide } from '../../../domain/detour/side.ts'
import { onSide } from './engine/on-side.ts'
import { endFence } from './fence.ts'
import { seeStandIn } from './host/stand-in.ts'
import type { PostgresWork } from './means.ts'
import { openForWrites } from './promote.ts'

/** Lets a side take writes: a stand-in that visitors write to must leave recovery for that, and counts from there on. */
export async function unfence(work: PostgresWork, side: DetourSide): Promise<DetourEvidence> {
  if (side === 'stand-in' && (await waitsToOpen(work))) return openForWrites(work)
  return onSide(work, side, async (on) => {
    await endFence(work, side, on)
    return { fence: 'gone' }
  })
}

async function waitsToOpen(work: PostgresWork): Promise<boolean> {
  if (work.shape.mode === 'read-only') return false
  const { notes } = await seeStandIn(work)
  return notes.cut !== undefined && notes.opened === undefined
}
