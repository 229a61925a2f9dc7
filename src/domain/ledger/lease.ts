import { type CommandFleet, instancesOf } from '../config/command-fleet.ts'
import type { VariableSources } from '../config/commands/variable-sources.ts'
import { suspendedSince } from '../engine/cron-jobs.ts'
import type { ReleaseId, Run } from '../release/release.ts'
import type { Step } from '../step/step.ts'
import {
  type Bracket,
  type GiveBack,
  isOfCronJobs,
  type LeaseKind,
  type LeaseTerms,
} from '../step/step-traits.ts'
import { traitsOf } from '../step/traits.ts'

/** A thing taken for a time that must be given back. It has an owner, and a time after which any run may give it back. */
export interface Lease {
  readonly kind: LeaseKind
  readonly deployment: number
  readonly since: string
  readonly until: string
  /** The release whose commands took it, so that its own command gives it back. */
  readonly release: ReleaseId
  readonly giveBack: GiveBack
  /** The fleet on which that command runs; none for a command of the runner. */
  readonly fleets: readonly CommandFleet[]
  /** The sources of variables for that command. */
  readonly sources: VariableSources
  /** True while a step that pins it has begun and not succeeded: then only a person may give it back. */
  readonly pinned: boolean
  /** The run that gives it back because it ran out; meanwhile no deployment may begin. */
  readonly givenBackBy: Run | null
}

/** The part of a ledger that leases need. */
interface Leasing {
  readonly leases: readonly Lease[]
}

export const leaseIn = ({ leases }: Leasing, kind: LeaseKind): Lease | null =>
  leases.find((lease) => lease.kind === kind) ?? null

/** The lease on the scheduler: while it lasts no new job starts. */
export const suspensionIn = (ledger: Leasing): Lease | null => leaseIn(ledger, 'scheduler')

/** The lease that a run is about to give back, or null. */
export const givenBackIn = ({ leases }: Leasing): Lease | null =>
  leases.find(({ givenBackBy }) => givenBackBy !== null) ?? null

export const withLease = <L extends Leasing>(ledger: L, lease: Lease): L => ({
  ...ledger,
  leases: [...ledger.leases.filter(({ kind }) => kind !== lease.kind), lease],
})

export const withoutLease = <L extends Leasing>(ledger: L, kind: LeaseKind): L => ({
  ...ledger,
  leases: ledger.leases.filter((lease) => lease.kind !== kind),
})

/** The deployment that works with the leases. */
interface Owner {
  readonly number: number
  readonly plan: {
    readonly release: ReleaseId
    readonly steps: readonly Step[]
    readonly fleets: readonly CommandFleet[]
    readonly pinned: readonly LeaseKind[]
  }
  readonly sources: VariableSources
}

/** A turn of a step, as the journal has it. */
export interface StepTurn {
  readonly kind: 'step-started' | 'step-succeeded' | 'undo-started' | 'undo-succeeded'
  readonly at: string
}

/** Returns the ledger with the leases as an event of a step leaves them: they follow from its parts in brackets. */
export const leased = <L extends Leasing>(ledger: L, step: Step, turn: StepTurn, owner: Owner): L =>
  traitsOf(step).brackets.reduce((before, bracket) => bracketed(before, bracket, turn, owner), ledger)

function bracketed<L extends Leasing>(ledger: L, bracket: Bracket, { kind, at }: StepTurn, owner: Owner): L {
  switch (bracket.part) {
    case 'opens':
      if (kind === 'step-started') return taken(ledger, bracket.lease, owner, at)
      return kind === 'undo-succeeded' ? withoutLease(ledger, bracket.lease) : ledger
    case 'needs':
      // Its undo needs the lease as well: another scheduler can only replace it while no job runs.
      if (kind === 'undo-started') return taken(ledger, bracket.lease, owner, at)
      if (!bracket.pins || kind === 'undo-succeeded') return ledger
      return pinned(ledger, bracket.lease, kind === 'step-started')
    case 'closes':
      if (kind === 'undo-started') return taken(ledger, bracket.lease, owner, at)
      return kind === 'step-succeeded' ? withoutLease(ledger, bracket.lease) : ledger
  }
}

/** Taken again, by the next run or by a later deployment, the lease runs from then and is theirs. */
function taken<L extends Leasing>(
  ledger: L,
  kind: LeaseKind,
  { number, plan, sources }: Owner,
  at: string,
): L {
  const terms = termsIn(plan, kind)
  if (terms === null) return ledger
  const { tag, sha } = plan.release
  const before = leaseIn(ledger, kind)
  return withLease(ledger, {
    kind,
    deployment: number,
    since: before?.since ?? at,
    until: new Date(Date.parse(at) + terms.lasts).toISOString(),
    release: { tag, sha },
    giveBack: remembering(terms.giveBack, before),
    fleets: plan.fleets.filter(({ service }) => fleetOf(terms.giveBack) === service),
    sources,
    pinned: plan.pinned.includes(kind),
    givenBackBy: null,
  })
}

const fleetOf = (giveBack: GiveBack): string | null =>
  isOfCronJobs(giveBack) ? null : (instancesOf(giveBack)?.service ?? null)

/** A lease that is taken anew knows what an earlier turn has suspended. */
function remembering(giveBack: GiveBack, before: Lease | null): GiveBack {
  const earlier = before?.giveBack
  if (!isOfCronJobs(giveBack) || earlier === undefined || !isOfCronJobs(earlier)) return giveBack
  return suspendedSince(giveBack, earlier)
}

/** Returns the ledger whose lease knows of CronJobs that are about to be suspended. */
export function withActive<L extends Leasing>(ledger: L, active: readonly string[]): L {
  const lease = suspensionIn(ledger)
  if (lease === null || !isOfCronJobs(lease.giveBack)) return ledger
  const all = [...new Set([...lease.giveBack.active, ...active])]
  return withLease(ledger, { ...lease, giveBack: { ...lease.giveBack, active: all } })
}

function termsIn({ steps }: Pick<Owner['plan'], 'steps'>, kind: LeaseKind): LeaseTerms | null {
  for (const step of steps)
    for (const bracket of traitsOf(step).brackets)
      if (bracket.part === 'opens' && bracket.lease === kind) return bracket.terms(step)
  return null
}

function pinned<L extends Leasing>(ledger: L, kind: LeaseKind, is: boolean): L {
  const lease = leaseIn(ledger, kind)
  return lease === null ? ledger : withLease(ledger, { ...lease, pinned: is })
}
