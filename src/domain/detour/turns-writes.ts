import { known } from '../reading.ts'
import type { DetourState } from './turn.ts'

/**
 * True if the door is to be told that visitors' writes are open, or shut. A run that was lost may have told one balancer of
 * two, so that the answer is unknown: it is told once more, and has to be seen afterwards. Throws the problem of that.
 */
export function turnsWrites({ seen, fresh }: DetourState, to: 'open' | 'shut'): boolean {
  const { writes } = seen.door
  if (writes.kind === 'unknown' && !fresh.includes(`writes-${to}`)) return true
  const now = known(writes)
  return now !== null && now !== to
}
