import { syncBuiltinESMExports } from 'node:module'
import promises from 'node:timers/promises'

/**
 * Loaded into the bundle before it starts: the seconds between two tries of a request to GitHub (1, 4 and 9, and what
 * `retry-after` names here) pass a hundred times faster. Every other timer keeps its pace.
 */
const waits = [1000, 4000, 9000]
const swift = (ms) => (waits.includes(ms) ? ms / 100 : ms)
const { setTimeout } = globalThis
globalThis.setTimeout = Object.assign(
  (callback, ms, ...args) => setTimeout(callback, swift(ms), ...args),
  setTimeout,
)

/** The looks at a signal that is unknown wait by the clock of a run, nine seconds each. */
const unknown = 9000
const { setTimeout: sleep } = promises
promises.setTimeout = (ms, ...args) => sleep(ms === unknown ? swift(ms) : ms, ...args)
syncBuiltinESMExports()
