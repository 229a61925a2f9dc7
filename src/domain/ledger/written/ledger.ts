import { planFrom, type SparsePlan, writtenPlan } from '../../plan/written/plan.ts'
import { noSchedules } from '../../schedule/schedule.ts'
import { filled, renamed, type Sparse, spare } from '../../sparse.ts'
import type { Ledger, Serving } from '../ledger.ts'
import type { HandedOn, Underway } from '../underway.ts'
import { eventFrom, type SparseEvent, writtenEvent } from './event.ts'
import {
  suspensionFrom,
  type WrittenLeases,
  type WrittenSuspension,
  writtenLeases,
  writtenSuspension,
} from './lease.ts'
import { pastFrom, type SparsePast, writtenPast } from './past.ts'
import { schemaOf, type WrittenSchema } from './schema.ts'

/** 0.1.0 does not know `build`. */
const handedOnRow = { build: null, checkCompatibility: null } satisfies Partial<HandedOn>
const servingRow = { ...handedOnRow, hosts: null, outputs: {}, images: {} } satisfies Partial<Serving>

type SparseUnderway = Omit<Sparse<Underway, keyof typeof handedOnRow>, 'plan' | 'journal'> & {
  readonly plan: SparsePlan
  readonly journal: readonly SparseEvent[]
}

/** 0.1.0 knows none of `config`, `pulled`, `migration`, `detour`, `failedHomes`, `side`, `pair`, `unfinished`, `notices` and `waves`. */
const ledgerRow = {
  config: null,
  pulled: [],
  migration: null,
  detour: null,
  failedHomes: [],
  side: null,
  pair: null,
  blocked: [],
  blockedCommits: [],
  schedules: noSchedules,
  unfinished: [],
  notices: [],
  waves: [],
} satisfies Partial<Ledger>

export type SparseLedger = Omit<
  Sparse<Ledger, keyof typeof ledgerRow>,
  'serving' | 'leases' | 'deployment' | 'history'
> & {
  readonly schema: WrittenSchema
  readonly serving: Sparse<Serving, keyof typeof servingRow> | null
  readonly scheduler: WrittenSuspension | null
  readonly leases?: WrittenLeases
  readonly deployment: SparseUnderway | null
  readonly history: readonly SparsePast[]
}

/** Reads a ledger of any version. */
export function ledgerFrom({ schema: _, leases = [], ...written }: SparseLedger): Ledger {
  const all = [...suspensionFrom(written.scheduler), ...leases]
  return {
    ...filled(ledgerRow, renamed(written, 'scheduler', 'leases', all)),
    serving: written.serving && filled(servingRow, written.serving),
    deployment: written.deployment && underwayFrom(written.deployment),
    history: written.history.map(pastFrom),
  }
}

const underwayFrom = (written: SparseUnderway): Underway => ({
  ...filled(handedOnRow, written),
  plan: planFrom(written.plan),
  journal: written.journal.map(eventFrom),
})

export function writtenLedger(ledger: Ledger): object {
  const written = {
    ...spare(ledgerRow, renamed(ledger, 'leases', 'scheduler', writtenSuspension(ledger.leases))),
    ...spare({ leases: [] }, { leases: writtenLeases(ledger.leases) }),
    serving: ledger.serving && spare(servingRow, ledger.serving),
    deployment: ledger.deployment && writtenUnderway(ledger.deployment),
    history: ledger.history.map(writtenPast),
  }
  return { schema: schemaOf(written), ...written }
}

const writtenUnderway = (underway: Underway): object => ({
  ...spare(handedOnRow, underway),
  plan: writtenPlan(underway.plan),
  journal: underway.journal.map(writtenEvent),
})
