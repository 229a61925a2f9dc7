/**
 * Loaded into the bundle before it starts: the seconds between two tries of a request to GitHub (1, 4 and 9, and what
 * `retry-after` names here) pass a hundred times faster. Every other timer keeps its pace.
 */
const waits = [1000, 4000, 9000]
const { setTimeout } = globalThis
globalThis.setTimeout = Object.assign(
  (callback, ms, ...args) => setTimeout(callback, waits.includes(ms) ? ms / 100 : ms, ...args),
  setTimeout,
)
