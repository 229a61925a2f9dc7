import type { Fleet, LocalFleet, PullFleet, SshFleet } from '../../config/fleet.ts'
import type { Rollout, Service } from '../../config/service.ts'
import { stopFirst } from '../../rolling/rollout-order.ts'
import { type SparseTestBed, testBedFrom, writtenTestBed } from '../../rolling/written-test-bed.ts'
import { filled, type Sparse, spare } from '../../sparse.ts'
import { standardSlowAfter } from '../../step/slow.ts'
import { type HandOverStep, isHandOver, isRoll, type RollStep, type Step } from '../../step/step.ts'
import type { Plan } from '../plan.ts'

const environmentRow = {
  logs: null,
  issues: null,
  halt: null,
  env: {},
  notify: [],
  waves: [],
} satisfies Partial<Plan['environment']>

/** 0.1.0 knows neither `older`, `files`, `manifests`, `requiresVariables`, `vars`, `slowAfter`, `fleets` nor `engines`. */
const planRow = {
  snapshot: null,
  unsafe: null,
  older: null,
  baseChange: null,
  guard: null,
  overridden: null,
  overriddenHalt: null,
  verification: null,
  rehearsal: null,
  schedule: null,
  supersedes: null,
  pinned: [],
  files: null,
  manifests: [],
  requiresVariables: [],
  vars: [],
  fleets: [],
  engines: [],
  slowAfter: standardSlowAfter,
  shownAs: null,
} satisfies Partial<Plan>

/** 0.1.0 knows none of these, and goes back as it went forward. */
const rollRow = {
  unfinished: [],
  undesired: [],
  build: null,
  restart: false,
  unvisited: false,
  sizes: [],
  back: null,
  instanceCheck: null,
} satisfies Partial<RollStep>

/** Plans of older versions hand over nothing that visitors are not on. */
const handOverRow = { unvisited: false } satisfies Partial<HandOverStep>

/** 0.1.0 knows one order, in which an instance stops before the new release starts, one pace, and batches of one size. */
const rolloutRow = { order: stopFirst, batches: [], rollback: null } satisfies Partial<Rollout>

/** 0.1.0 prepares no instance. */
const fleetRow = { prepare: null } satisfies Partial<Fleet>

type SparseService = Omit<Service, 'rollout' | 'fleet' | 'testBed'> & {
  readonly testBed: SparseTestBed | null
  readonly rollout: Sparse<Rollout, keyof typeof rolloutRow>
  readonly fleet:
    | Sparse<LocalFleet, keyof typeof fleetRow>
    | Sparse<SshFleet, keyof typeof fleetRow>
    | Sparse<PullFleet, keyof typeof fleetRow>
}
type SparseRoll = Omit<Sparse<RollStep, keyof typeof rollRow>, 'service'> & {
  readonly service: SparseService
}
type SparseHandOver = Sparse<HandOverStep, keyof typeof handOverRow>
type SparseStep = Exclude<Step, RollStep | HandOverStep> | SparseRoll | SparseHandOver

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

/** A reset has no kind of its own in 0.1.0: there it is a migration of that id, and is still written so. */
export function stepFrom(step: SparseStep): Step {
  if (step.kind === 'roll-services') return filled(rollRow, { ...step, service: serviceFrom(step.service) })
  if ('service' in step) return filled(handOverRow, step)
  return step.kind === 'migrate' && step.id === 'reset'
    ? { kind: 'reset', id: step.id, command: step.command, phase: 'contract' }
    : step
}

const serviceFrom = (service: SparseService): Service => ({
  ...service,
  fleet: filled(fleetRow, service.fleet),
  testBed: service.testBed === null ? null : testBedFrom(service.testBed),
  rollout: filled(rolloutRow, service.rollout),
})

const writtenService = (service: Service): object => ({
  ...service,
  fleet: spare(fleetRow, service.fleet),
  testBed: service.testBed === null ? null : writtenTestBed(service.testBed),
  rollout: spare(rolloutRow, service.rollout),
})

export function writtenStep(step: Step): object {
  if (isRoll(step)) return { ...spare(rollRow, step), service: writtenService(step.service) }
  if (isHandOver(step)) return spare(handOverRow, step)
  return step.kind === 'reset' ? { ...step, kind: 'migrate', repeatable: false } : step
}
