import type { DatabaseSync } from 'node:sqlite'
import type { DetourSide } from '../../../domain/detour/side.ts'
import { opened } from './engine.ts'

/** The writers' locks that this process holds. Another process sees that a lock is held, and not which one holds it. */
export interface Fences {
  holds(side: DetourSide): boolean
  /** Throws if a writer does not let go. */
  take(side: DetourSide, file: string): void
  leave(side: DetourSide): void
}

export function createFences(): Fences {
  const held = new Map<DetourSide, DatabaseSync>()
  return {
    holds: (side) => held.has(side),
    take(side, file) {
      if (held.has(side)) return
      const database = opened(file)
      try {
        database.exec('BEGIN IMMEDIATE')
      } catch (error) {
        database.close()
        throw error
      }
      held.set(side, database)
    },
    leave(side) {
      held.get(side)?.close()
      held.delete(side)
    },
  }
}
