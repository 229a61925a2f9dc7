import { hasBrought, modes } from '../plan/modes.ts'
import { type Release, type ReleaseId, sameCommit } from '../release/release.ts'
import type { Past } from './past.ts'

/**
 * Returns the releases of an environment down to the serving one, which comes first. A deployment goes on
 * top; a rollback removes all above its target, so that a second one goes further back and never toggles.
 */
export function lineage(history: readonly Pick<Past, 'mode' | 'release' | 'outcome'>[]): Release[] {
  const stack: Release[] = []
  for (const past of history.toReversed()) {
    if (!hasBrought(past)) continue
    const place = stack.findLastIndex((release) => sameCommit(release, past.release))
    if (modes[past.mode].goesBack && place >= 0) stack.length = place
    else if (sameCommit(past.release, stack.at(-1))) stack.pop()
    stack.push(past.release)
  }
  return stack.reverse()
}

/** The number of the oldest deployment that a history remembers. What it does not name may have happened before. */
export const oldestIn = (history: readonly Pick<Past, 'number'>[]): number => history.at(-1)?.number ?? 1

/** Returns the release that served before the present one, or null. */
export const previousRelease = (history: readonly Past[]): Release | null => lineage(history)[1] ?? null

/** The last deployment that brought a release by this tag, or null: proof that it did serve. */
export const servedAs = (history: readonly Past[], tag: string): Past | null =>
  history.find((past) => hasBrought(past) && past.release.tag === tag) ?? null

/**
 * True if a release has served: a deployment has brought it, or began from it. The latter counts where the history has
 * forgotten how the release came there.
 */
export const hasServed = (
  history: readonly Past[],
  release: ReleaseId,
  equals: (one: ReleaseId, other: ReleaseId) => boolean = sameCommit,
): boolean =>
  history.some(
    (past) =>
      (hasBrought(past) && equals(past.release, release)) ||
      (past.from !== null && equals(past.from, release)),
  )

/** Returns the deployments that ended since a release last came to serve; all of them if it never did. */
export function sinceServed(release: Pick<Release, 'sha'>, history: readonly Past[]): readonly Past[] {
  const served = history.findIndex((past) => hasBrought(past) && sameCommit(past.release, release))
  return history.slice(0, served < 0 ? history.length : served)
}

/** An environment by its serving and its earlier releases. */
interface Lived {
  readonly serving: { readonly release: Release } | null
  readonly history: readonly Past[]
}

/** Returns the last releases that served an environment, each once and the latest first, without the present one. */
export function servedBefore({ serving, history }: Lived, most: number): Release[] {
  const served = history.filter(hasBrought).map(({ release }) => release)
  const others = served.filter((release) => !sameCommit(release, serving?.release))
  return others
    .filter((release, at) => others.findIndex((other) => sameCommit(other, release)) === at)
    .slice(0, most)
}
