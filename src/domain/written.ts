import { canonical } from './canonical.ts'
import type { Ledger, Serving } from './journal/ledger.ts'
import type { Past } from './journal/past.ts'
import type { HandedOn, Underway } from './journal/underway.ts'
import { eventFrom, type SparseEvent, writtenEvent } from './journal/written-event.ts'
import { leasesFrom, type WrittenSuspension, writtenLeases } from './journal/written-lease.ts'
import { hasBrought } from './plan/modes.ts'
import type { Plan } from './plan/plan.ts'
import type { RollStep, Step } from './plan/step.ts'
import { noSchedules } from './schedule/schedule.ts'

/*
 * Ledgers and plans leave out what says nothing when they are written, as they did from 0.1.0 on. Inside, every field is
 * there. Each shape has a row that says what a missing field means, a reader, and a writer that is its inverse. A field
 * that a later version adds gets a place in the row: then ledgers and plans of earlier versions are read, and the digest
 * of a plan that does not use the field stays what it was.
 */

type Sparse<Whole, Field extends keyof Whole> = Omit<Whole, Field> & Partial<Pick<Whole, Field>>

const environmentRow = { logs: null, issues: null } satisfies Partial<Plan['environment']>

/** 0.1.0 knows neither `older` nor `files`. */
const planRow = {
  snapshot: null,
  unsafe: null,
  older: null,
  baseChange: null,
  guard: null,
  overridden: null,
  verification: null,
  rehearsal: null,
  schedule: null,
  files: null,
  shownAs: null,
} satisfies Partial<Plan>

/** 0.1.0 knows neither `build` nor `unfinished`. */
const rollRow = { unfinished: [], build: null, restart: false } satisfies Partial<RollStep>

type SparseStep = Exclude<Step, RollStep> | Sparse<RollStep, keyof typeof rollRow>

export type SparsePlan = Omit<Sparse<Plan, keyof typeof planRow>, 'environment' | 'steps'> & {
  readonly environment: Sparse<Plan['environment'], keyof typeof environmentRow>
  readonly steps: readonly SparseStep[]
}

/** Reads a plan: from the ledger of any version, or from the output of any plan job. */
export const planFrom = (written: SparsePlan): Plan => ({
  ...filled(planRow, written),
  environment: filled(environmentRow, written.environment),
  steps: written.steps.map(stepFrom),
})

const stepFrom = (step: SparseStep): Step => (step.kind === 'roll-services' ? filled(rollRow, step) : step)

/** Writes a plan, with or without its digest. */
export const writtenPlan = (plan: Omit<Plan, 'digest'>): object => ({
  ...spare(planRow, plan),
  environment: spare(environmentRow, plan.environment),
  steps: plan.steps.map((step) => (step.kind === 'roll-services' ? spare(rollRow, step) : step)),
})

const pastRow = {
  compatibility: null,
  overridden: [],
  artifacts: {},
  decisions: [],
  override: null,
  overrideRehearsed: null,
  unsafe: null,
  older: null,
  subject: [],
  confirmed: [],
  schedule: null,
} satisfies Partial<Past>

type SparsePast = Sparse<Past, keyof typeof pastRow | 'migrationDone'>

/**
 * 0.1.0 knows none of `older`, `artifacts` and `migrationDone`. Without the last one only the success of the whole is
 * proof of a migration.
 */
const rowOfPast = (past: SparsePast) => ({
  ...pastRow,
  migrationDone: past.migrated !== null && hasBrought(past),
})

/** 0.1.0 does not know `build`. */
const handedOnRow = { build: null, checkCompatibility: null } satisfies Partial<HandedOn>
const servingRow = { ...handedOnRow, hosts: null } satisfies Partial<Serving>

type SparseUnderway = Omit<Sparse<Underway, keyof typeof handedOnRow>, 'plan' | 'journal'> & {
  readonly plan: SparsePlan
  readonly journal: readonly SparseEvent[]
}

/** 0.1.0 knows neither `config` nor `unfinished`. */
const ledgerRow = {
  config: null,
  blocked: [],
  schedules: noSchedules,
  unfinished: [],
} satisfies Partial<Ledger>

export type SparseLedger = Omit<
  Sparse<Ledger, keyof typeof ledgerRow>,
  'serving' | 'leases' | 'deployment' | 'history'
> & {
  readonly serving: Sparse<Serving, keyof typeof servingRow> | null
  readonly scheduler: WrittenSuspension | null
  readonly deployment: SparseUnderway | null
  readonly history: readonly SparsePast[]
}

/** Reads a ledger of any version. */
export const ledgerFrom = (written: SparseLedger): Ledger => ({
  ...filled(ledgerRow, renamed(written, 'scheduler', 'leases', leasesFrom(written.scheduler))),
  serving: written.serving && filled(servingRow, written.serving),
  deployment: written.deployment && underwayFrom(written.deployment),
  history: written.history.map((past) => filled(rowOfPast(past), past)),
})

const underwayFrom = (written: SparseUnderway): Underway => ({
  ...filled(handedOnRow, written),
  plan: planFrom(written.plan),
  journal: written.journal.map(eventFrom),
})

export const writtenLedger = (ledger: Ledger): object => ({
  ...spare(ledgerRow, renamed(ledger, 'leases', 'scheduler', writtenLeases(ledger.leases))),
  serving: ledger.serving && spare(servingRow, ledger.serving),
  deployment: ledger.deployment && writtenUnderway(ledger.deployment),
  history: ledger.history.map((past) => spare(rowOfPast(past), past)),
})

const writtenUnderway = (underway: Underway): object => ({
  ...spare(handedOnRow, underway),
  plan: writtenPlan(underway.plan),
  journal: underway.journal.map(writtenEvent),
})

/** Puts in what is missing, after what is there. */
const filled = <Row extends object, Given extends object>(row: Row, given: Given) => ({
  ...given,
  ...row,
  ...given,
})

/** Leaves out what the row would put in again. */
const spare = (row: Readonly<Record<string, unknown>>, whole: object): object =>
  Object.fromEntries(
    Object.entries(whole).filter(([field, value]) => canonical(value) !== canonical(row[field])),
  )

/** Returns a thing with one field under another name, at its place, so that `git diff` shows no move. */
const renamed = <Thing extends object, From extends keyof Thing & string, To extends string, Value>(
  thing: Thing,
  from: From,
  to: To,
  value: Value,
) =>
  Object.fromEntries(
    Object.entries(thing).map(([field, known]) => (field === from ? [to, value] : [field, known])),
  ) as Omit<Thing, From> & { readonly [Key in To]: Value }
