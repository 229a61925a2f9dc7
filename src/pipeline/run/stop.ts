import type { Stop } from './context.ts'

/** For work that nobody is waiting to stop. */
export const neverStops: Stop = { asked: new AbortController().signal, forced: new AbortController().signal }
