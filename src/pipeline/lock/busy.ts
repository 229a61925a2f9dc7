import { givenBackIn } from '../../domain/ledger/lease.ts'
import type { Ledger } from '../../domain/ledger/ledger.ts'
import type { Ports } from '../ports.ts'
import type { Doer } from './doer.ts'
import { isHolderLive } from './holder.ts'

/** Returns true if a live run works on an environment: with a deployment, or because it gives a lease back. */
export async function isBusy(
  ports: Pick<Ports, 'repository'>,
  ledger: Pick<Ledger, 'deployment' | 'leases'>,
  doer: Pick<Doer, 'run' | 'over'>,
): Promise<boolean> {
  const { deployment } = ledger
  if (deployment !== null && (await isHolderLive(ports, deployment, doer))) return true
  return isHolderLive(ports, { holder: givenBackIn(ledger)?.givenBackBy ?? null }, doer)
}
