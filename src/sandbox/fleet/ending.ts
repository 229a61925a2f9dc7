import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const GRACE_MS = 3000

/** Ends a process, at first politely. False when it still runs after it was killed. */
export async function endProcess(pid: number): Promise<boolean> {
  return (await endBy('SIGTERM', pid)) || (await endBy('SIGKILL', pid))
}

async function endBy(signal: NodeJS.Signals, pid: number): Promise<boolean> {
  if (!isRunning(pid)) return true
  process.kill(pid, signal)
  const deadline = Date.now() + GRACE_MS
  while (isRunning(pid) && Date.now() < deadline) await delay(10)
  return !isRunning(pid)
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return !isZombie(pid)
}

/** Ended, but not collected by its parent: where a container's first process collects nobody, an orphan stays so for ever. */
function isZombie(pid: number): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
