import type { DetourSide } from '../../../domain/detour/side.ts'
import type { DatabaseSession } from './engine/session.ts'

/** The sessions of this process that hold a fence, one a side. */
export interface HeldFences {
  keep(side: DetourSide, session: DatabaseSession): void
  /** Ends the session of a side, and the fence with it. */
  end(side: DetourSide): Promise<void>
}

export function createFences(): HeldFences {
  const held = new Map<DetourSide, DatabaseSession>()
  return {
    keep(side, session) {
      session.rest()
      held.set(side, session)
    },
    async end(side) {
      const session = held.get(side)
      held.delete(side)
      await session?.end()
    },
  }
}
