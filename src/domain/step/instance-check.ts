import type { Command } from '../config/command.ts'
import { instanceCheck } from '../config/compatibility-recipe.ts'
import { modes } from '../plan/modes.ts'
import type { Mode } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import { sameCommit } from '../release/release.ts'

/** The checks of the serving release against the first new instance: only a release that takes its place meets them. */
export function checkOfInstance(
  mode: Mode,
  { ledger: { serving }, release }: Pick<World, 'ledger' | 'release'>,
): Command | null {
  if (serving === null || !modes[mode].goesForward || sameCommit(serving.release, release)) return null
  return instanceCheck(serving.checkCompatibility)
}
