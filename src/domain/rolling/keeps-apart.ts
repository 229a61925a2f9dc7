import { apartBetween } from '../ledger/apart.ts'
import { modes } from '../plan/modes.ts'
import type { Mode } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import { type Release, sameCommit } from '../release/release.ts'

/** The part of the world that tells whether two releases must not serve together. */
export type WorldApart = Pick<World, 'release' | 'recipe' | 'ledger'>

/**
 * Returns the release by whose word the release of a deployment and the one that serves must not serve together; null
 * without one, and where the deployment keeps the release.
 */
export function keepsApart(mode: Mode, { release, recipe, ledger }: WorldApart): Release | null {
  const from = ledger.serving?.release
  if (!modes[mode].bringsRelease || from === undefined || sameCommit(from, release)) return null
  const says = (one: Release) =>
    sameCommit(one, release) ? recipe.compatible === false : saysServing(one, ledger)
  return apartBetween(from, release, ledger.history, says)
}

const saysServing = (release: Release, { serving }: WorldApart['ledger']): boolean =>
  serving?.compatible === false && sameCommit(serving.release, release)
