import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ThousandInstances {
  /** Milliseconds. */
  readonly took: number
  /** Bytes of resident memory. */
  readonly peak: number
  readonly before: number
}

/** Runs in a process of its own, so that its peak memory is its own. */
export function thousandInstances(): ThousandInstances {
  const script = fileURLToPath(new URL('./simulated-roll.ts', import.meta.url))
  return JSON.parse(execFileSync(process.execPath, [script], { encoding: 'utf8' }))
}
