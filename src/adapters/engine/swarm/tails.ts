import type { Calling, Tool } from '../tool.ts'
import { hasWritten, type TroubledTask } from './trouble.ts'

/** Reads the last log lines of tasks that ended. */
export interface Tails {
  of(troubled: TroubledTask, calling: Calling): Promise<readonly string[]>
}

const LINES = 20

/** A node that is down keeps the reader of its logs waiting. */
const LONGEST_MS = 5_000

/** An ended task says nothing more: its lines are read once. */
export function createTails(docker: Tool): Tails {
  const read = new Map<string, readonly string[]>()
  return {
    async of({ task }, calling) {
      const known = read.get(task.ID)
      if (known !== undefined) return known
      if (!hasWritten(task)) return []
      const words = ['service', 'logs', '--raw', '--tail', String(LINES), '--', task.ID]
      const lines = await docker.tail(words, { ...calling, timeout: LONGEST_MS })
      if (lines.length > 0) read.set(task.ID, lines)
      return lines
    },
  }
}
