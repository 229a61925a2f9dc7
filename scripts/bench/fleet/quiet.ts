import { cpus } from 'node:os'

/** The share of the machine's cores that other work may use when a contestant starts. */
const quietEnough = 0.25

/** Milliseconds over which the machine is watched, and how long a quieter moment is waited for. */
const lookMs = 500
const patienceMs = 30_000

/** Waits for a quiet moment, a while. Returns the share of the cores that other work used at last. */
export async function quiet(stop: AbortSignal): Promise<number> {
  const until = performance.now() + patienceMs
  for (;;) {
    const before = times()
    await new Promise((resolve) => setTimeout(resolve, lookMs))
    stop.throwIfAborted()
    const after = times()
    const used = 1 - (after.idle - before.idle) / (after.whole - before.whole)
    if (used <= quietEnough || performance.now() > until) return used
  }
}

function times(): { readonly idle: number; readonly whole: number } {
  const all = cpus().map((core) => core.times)
  return {
    idle: all.reduce((sum, { idle }) => sum + idle, 0),
    whole: all.reduce((sum, core) => sum + core.user + core.nice + core.sys + core.idle + core.irq, 0),
  }
}
