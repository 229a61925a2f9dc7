import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const GRACE_MS = 3000

/** Ends a process, at first politely. False when it still runs after it was killed. */
export async function endProcess(pid: number): Promise<boolean> {
  return (await endBy('SIGTERM', pid)) || (await endBy('SIGKILL', pid))
}

async function endBy(signal: NodeJS.Signals, pid: number): Promise<boolean> {
  if (!isRunning(pid) || !signalled(pid, signal)) return true
  const deadline = Date.now() + GRACE_MS
  while (isRunning(pid) && Date.now() < deadline) await delay(10)
  return !isRunning(pid)
}

/**
 * Sends a signal to a process, or to a group by its negative number. False if nothing is left to signal: a process may end
 * between any look at it and the signal.
 */
export function signalled(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
    throw error
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return !isZombie(pid)
}

/**
 * Ended, but not collected by its parent: in a container whose first process collects no children, an orphan
 * stays so for ever.
 */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
