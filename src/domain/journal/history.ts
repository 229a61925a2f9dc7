import { hasBrought, modes } from '../plan/modes.ts'
import type { Release } from '../release/release.ts'
import type { Past } from './past.ts'

/**
 * The releases this environment came through to what serves now, the serving one first. A deployment goes on
 * top; a rollback takes away down to its target, so that a second one goes further back and never toggles.
 */
export function lineage(history: readonly Pick<Past, 'mode' | 'release' | 'outcome'>[]): Release[] {
  const stack: Release[] = []
  for (const past of history.toReversed()) {
    if (!hasBrought(past)) continue
    const place = stack.findLastIndex((release) => release.sha === past.release.sha)
    if (modes[past.mode].goesBack && place >= 0) stack.length = place
    else if (stack.at(-1)?.sha === past.release.sha) stack.pop()
    stack.push(past.release)
  }
  return stack.reverse()
}

/** The release that served before the one that serves now, or null. */
export const previousRelease = (history: readonly Past[]): Release | null => lineage(history)[1] ?? null

/** The latest successful deployment of a release here, or null: proof that it did serve. */
export const servedAs = (history: readonly Past[], tag: string): Past | null =>
  history.find((past) => hasBrought(past) && past.release.tag === tag) ?? null
