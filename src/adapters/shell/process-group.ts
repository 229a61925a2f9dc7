import { setTimeout as delay } from 'node:timers/promises'
import { allStats } from './process-stat.ts'

/** The longest time for a group to end by itself after SIGTERM, and to be gone after SIGKILL. */
const GRACE_MS = 2000
const POLL_MS = 25

/** Ends every process of a group: politely, and after two seconds for good. `leader`: the pid that started it. */
export async function endGroup(leader: number): Promise<void> {
  if (!(await endBy('SIGTERM', leader))) await endBy('SIGKILL', leader)
}

/** Returns true if the group was gone in time. */
async function endBy(signal: NodeJS.Signals, leader: number): Promise<boolean> {
  const deadline = performance.now() + GRACE_MS
  reaches(leader, signal)
  while (isThere(leader)) {
    if (performance.now() > deadline) return false
    await delay(POLL_MS)
  }
  return true
}

/** Returns true if a process of the group still runs. Signals reach zombies too, so a signal alone is no proof. */
function isThere(leader: number): boolean {
  if (!reaches(leader, 0)) return false
  return allStats()?.some(({ group, zombie }) => group === leader && !zombie) ?? true
}

function reaches(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal)
  } catch {
    return false
  }
}
