import { hasBrought } from '../plan/modes.ts'
import { type Release, sameCommit } from '../release/release.ts'
import { lineage } from './history.ts'
import type { Past } from './past.ts'

/**
 * Returns the release by whose word two releases must not serve together; null without one. Each release speaks of itself
 * and the one before, so that the word of any release on the way from one to the other keeps the two apart. `says`: the
 * word of a release that no history has yet.
 */
export function apartBetween(
  one: Release,
  other: Release,
  history: readonly Past[],
  says: (release: Release) => boolean = () => false,
): Release | null {
  const here = downFrom(one, history)
  const there = downFrom(other, history)
  const shared = here.find((release) => there.some((before) => sameCommit(before, release)))
  const way = [here, there].flatMap((line) => line.slice(0, placeOf(line, shared)))
  return way.find((release) => says(release) || hasSaid(release, history)) ?? null
}

/** Returns a release and those that served below it when it last came. One that never came lies on all of them. */
function downFrom(release: Release, history: readonly Past[]): Release[] {
  const came = history.findIndex((past) => hasBrought(past) && sameCommit(past.release, release))
  return came < 0 ? [release, ...lineage(history)] : lineage(history.slice(came))
}

function placeOf(line: readonly Release[], shared: Release | undefined): number {
  const place = line.findIndex((release) => sameCommit(release, shared))
  return place < 0 ? line.length : place
}

const hasSaid = (release: Release, history: readonly Past[]): boolean =>
  history.some((past) => past.apart && sameCommit(past.release, release))
