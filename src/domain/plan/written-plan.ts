import { filled, type Sparse, spare } from '../sparse.ts'
import type { Plan } from './plan.ts'
import { type SparseStep, stepFrom, writtenStep } from './written-step.ts'

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

/** Writes a plan, with or without its digest. */
export const writtenPlan = (plan: Omit<Plan, 'digest'>): object => ({
  ...spare(planRow, plan),
  environment: spare(environmentRow, plan.environment),
  steps: plan.steps.map(writtenStep),
})
