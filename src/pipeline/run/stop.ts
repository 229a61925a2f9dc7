import type { Stop } from './context.ts'

/** For work that is never stopped. */
export const neverStops: Stop = { asked: new AbortController().signal, forced: new AbortController().signal }
