import { readFileSync } from 'node:fs'
import type { StartedJob } from '../../src/sandbox/stage.ts'

/** The most memory that a process has had, in bytes; null once it is gone. */
function peakOf(pid: number | undefined): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kilobytes === undefined ? null : Number(kilobytes) * 1024
  } catch {
    return null
  }
}

/** Waits for the end of a job, and returns the most memory that its main process has had, in bytes. */
export async function peakUntilEnd({ child, ended }: StartedJob): Promise<number> {
  let peak = 0
  const looking = setInterval(() => {
    peak = peakOf(child.pid) ?? peak
  }, 200)
  await ended.finally(() => clearInterval(looking))
  return peak
}
