import type { DetourSide } from '../../../domain/detour/side.ts'
import type { DatabaseSession } from './engine/session.ts'

/** The sessions of this process that hold a fence, one a side. */
export interface HeldFences {
  keep(side: DetourSide, session: DatabaseSession, position: string): void
  /** The position at which this process took the fence of a side; null where it holds none. */
  takenAt(side: DetourSide): string | null
  /** Ends the session of a side, and the fence with it. */
  end(side: DetourSide): Promise<void>
}

export function createFences(): HeldFences {
  const held = new Map<DetourSide, { readonly session: DatabaseSession; readonly position: string }>()
  return {
    keep(side, session, position) {
      session.rest()
      held.set(side, { session, position })
    },
    takenAt: (side) => held.get(side)?.position ?? null,
    async end(side) {
      const kept = held.get(side)
      held.delete(side)
      await kept?.session.end()
    },
  }
}
