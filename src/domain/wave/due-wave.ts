import type { Ledger } from '../ledger/ledger.ts'
import type { Past } from '../ledger/past.ts'
import { keptVerificationOf } from '../release/soak.ts'
import { isTaken, leadsOn } from './wave.ts'
import type { Wave } from './wave-policy.ts'

/**
 * Returns the deployment whose release a wave now takes on; null where nothing is to be taken on. The release must serve
 * here with its proof, for as long as the next environment asks, and no deployment may be under way.
 */
export function dueWave(ledger: Ledger, wave: Wave, now: string): Past | null {
  const { serving, history, deployment, waves } = ledger
  if (serving === null || deployment !== null) return null
  const brought = history.find(({ number }) => number === serving.deployment)
  if (brought === undefined || !leadsOn(brought)) return null
  if (isTaken(waves, wave.environment, brought.release)) return null
  const { lasts } = wave
  const proof = keptVerificationOf(ledger, brought.release, null, lasts === 0 ? null : { lasts, now })
  return proof.kind === 'verified' ? brought : null
}
