import { canonical } from '../../canonical.ts'
import type { Command } from '../../config/command.ts'
import type { CommandFleet } from '../../config/command-fleet.ts'
import { noSources, type VariableSources } from '../../config/commands/variable-sources.ts'
import type { ReleaseId, Run } from '../../release/release.ts'
import { isOfCronJobs } from '../../step/step-traits.ts'
import type { Lease } from '../lease.ts'

/**
 * The lease on the scheduler in the shape of ledgers since 0.1.0, under the key `scheduler`, so that a run of 0.1.0 knows
 * of the suspension. The other leases stand under `leases`, in a ledger of schema 2.
 */
export interface WrittenSuspension {
  readonly deployment: number
  readonly since: string
  readonly until: string
  readonly release: ReleaseId
  readonly resume: Command
  /** Left out for a command of the runner, and by 0.1.0. */
  readonly fleets?: readonly CommandFleet[]
  /** Left out where no source gives any. */
  readonly sources?: VariableSources
  readonly migrating: boolean
  readonly resumedBy: Run | null
}

/** The leases that 0.1.0 knows nothing of, as they are. */
export type WrittenLeases = readonly Lease[]

export function suspensionFrom(written: WrittenSuspension | null): Lease[] {
  if (written === null) return []
  const {
    deployment,
    since,
    until,
    release,
    resume,
    fleets = [],
    sources = noSources,
    migrating,
    resumedBy,
  } = written
  return [
    {
      kind: 'scheduler',
      ...{ deployment, since, until, release },
      giveBack: resume,
      fleets,
      sources,
      pinned: migrating,
      givenBackBy: resumedBy,
    },
  ]
}

/** 0.1.0 gives a lease on the scheduler back by a command, and knows no other. */
const isKnownEarlier = (lease: Lease): lease is Lease & { readonly giveBack: Command } =>
  lease.kind === 'scheduler' && !isOfCronJobs(lease.giveBack)

export function writtenSuspension(leases: readonly Lease[]): WrittenSuspension | null {
  const lease = leases.find(isKnownEarlier)
  if (lease === undefined) return null
  const { deployment, since, until, release, giveBack, fleets, sources, pinned, givenBackBy } = lease
  return {
    ...{ deployment, since, until, release, resume: giveBack },
    ...(fleets.length === 0 ? {} : { fleets }),
    ...(canonical(sources) === canonical(noSources) ? {} : { sources }),
    ...{ migrating: pinned, resumedBy: givenBackBy },
  }
}

export const writtenLeases = (leases: readonly Lease[]): WrittenLeases =>
  leases.filter((lease) => !isKnownEarlier(lease))
