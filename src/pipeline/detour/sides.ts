import type { DetourDeed } from '../../domain/detour/deed.ts'
import * as engines from './engine-sides.ts'
import * as fleets from './fleet-sides.ts'
import type { DetourWork } from './work.ts'

/** The applications of both sides, on fleets and on engines. */

type SideDeed = (work: DetourWork) => Promise<DetourDeed>

export const startStandIn = both(fleets.startOnStandIn, engines.startOnStandIn)
export const stopStandIn = both(fleets.stopOnStandIn, engines.stopOnStandIn)
export const stopHome = both(fleets.stopAtHome, engines.stopAtHome)
export const startHome = both(fleets.startAtHome, engines.startAtHome)
export const warmHome = both(fleets.warmAtHome, engines.warmAtHome)

/** Returns a deed that is done on fleets and on engines at the same time. */
function both(onFleets: SideDeed, onEngines: SideDeed): SideDeed {
  return async (work) => {
    const [one, other] = await Promise.all([onFleets(work), onEngines(work)])
    if (one.kind === 'failed') return one
    return other.kind === 'failed'
      ? other
      : { kind: 'done', evidence: { ...one.evidence, ...other.evidence } }
  }
}
