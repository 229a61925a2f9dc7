import type { ProblemCode } from '../problem.ts'
import type { LeaseKind } from '../step/step-traits.ts'
import type { Lease } from './lease.ts'
import type { OpenDetour } from './open-detour.ts'

/** The words of each kind of lease: `the scheduler is suspended`, `its suspension ran out`, `it is being resumed`. */
export const leaseWords: {
  readonly [Kind in LeaseKind]: {
    readonly thing: string
    readonly taken: string
    readonly lease: string
    readonly giveBack: string
    /** The consequence meanwhile, as a sentence. */
    readonly meaning: string
    readonly givenBack: string
    /** The deed of giving it back, as the subject of a failure. */
    readonly deed: string
    readonly byHand: string
    /** The problem of a run that could not give it back. */
    readonly problem: ProblemCode
  }
} = {
  scheduler: {
    thing: 'scheduler',
    taken: 'suspended',
    lease: 'suspension',
    giveBack: 'resume',
    meaning: 'No new job starts.',
    givenBack: 'resumed',
    deed: 'resuming the scheduler',
    byHand: 'Resume it by hand',
    problem: 'scheduler-suspended',
  },
  maintenance: {
    thing: 'maintenance page',
    taken: 'shown',
    lease: 'maintenance page',
    giveBack: 'take off',
    meaning: 'Visitors do not see the application.',
    givenBack: 'taken off',
    deed: 'taking the maintenance page off',
    byHand: 'Take it off by hand',
    problem: 'maintenance-open',
  },
}

/** `the scheduler is suspended`, one for each lease. */
export const leasesInWords = (leases: readonly Lease[]): string[] =>
  leases.map(({ kind }) => `the ${leaseWords[kind].thing} is ${leaseWords[kind].taken}`)

/** Returns the reason why no run gives a lease back, however long it lasts; null if one does once it is over. */
export function keptInWords({ kind, pinned }: Lease, detour: Pick<OpenDetour, 'id'> | null): string | null {
  if (pinned) return 'only a person may end that, because a migration has begun and has not succeeded'
  if (detour === null) return null
  return `it stays ${leaseWords[kind].taken} until the detour ${detour.id} is closed`
}
