import type { DetourDeed, DetourEvidence } from '../../domain/detour/deed.ts'
import type { DetourSeen } from '../../domain/detour/detour-seen.ts'
import type { Watch } from '../ports.ts'
import type { DetourWork } from './work.ts'

/** Does one deed, and says what was observed after it. */
export type Doing = (work: DetourWork, watch: Watch) => Promise<DetourDeed>

export interface ActRow {
  readonly do: Doing
  /**
   * True if the ledger is not asked before it, nor saved after it: visitors' writes wait from the fence to the marker,
   * and a run that is lost meanwhile finds in the world how far it came.
   */
  readonly quick?: true
  /** True if the deeds before it are saved first: what a lost run does here cannot be repeated from the look alone. */
  readonly savedBefore?: true
  /** Returns what the look before it adds to its evidence. */
  keeps?(seen: DetourSeen): DetourEvidence
}
