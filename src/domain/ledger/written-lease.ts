import type { Command } from '../config/command.ts'
import type { CommandFleet } from '../config/command-fleet.ts'
import type { ReleaseId, Run } from '../release/release.ts'
import type { Lease } from './lease.ts'

/**
 * A lease in the shape of ledgers since 0.1.0, under the key `scheduler`. While the scheduler's lease is the
 * only kind, a ledger keeps this shape and schema 1, so that a run of 0.1.0 knows of the suspension. A second
 * kind needs schema 2: 0.1.0 refuses that, and would otherwise begin a deployment beside a lease that it
 * cannot see.
 */
export interface WrittenSuspension {
  readonly deployment: number
  readonly since: string
  readonly until: string
  readonly release: ReleaseId
  readonly resume: Command
  /** Left out for a command of the runner, and by 0.1.0. */
  readonly fleets?: readonly CommandFleet[]
  readonly migrating: boolean
  readonly resumedBy: Run | null
}

export function leasesFrom(written: WrittenSuspension | null): Lease[] {
  if (written === null) return []
  const { deployment, since, until, release, resume, fleets = [], migrating, resumedBy } = written
  return [
    {
      kind: 'scheduler',
      ...{ deployment, since, until, release },
      giveBack: resume,
      fleets,
      pinned: migrating,
      givenBackBy: resumedBy,
    },
  ]
}

export function writtenLeases(leases: readonly Lease[]): WrittenSuspension | null {
  const [lease] = leases
  if (lease === undefined) return null
  const { deployment, since, until, release, giveBack, fleets, pinned, givenBackBy } = lease
  const only: 'scheduler' = lease.kind
  if (only !== 'scheduler' || leases.length > 1) throw new Error('schema 1 has room for one lease')
  return {
    ...{ deployment, since, until, release, resume: giveBack },
    ...(fleets.length === 0 ? {} : { fleets }),
    ...{ migrating: pinned, resumedBy: givenBackBy },
  }
}
