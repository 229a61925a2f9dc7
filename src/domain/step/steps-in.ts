import type { NamedEnd } from '../detour/by-name/named-end.ts'
import {
  changesService,
  type DetourStep,
  type HandOverStep,
  isHandOver,
  isRoll,
  type RollStep,
  type ServiceStep,
  type SingleStep,
  type Step,
  type StepKind,
} from './step.ts'

/** The steps of a plan that stand in it once at most, each by its own name; null where the plan has none. */

type Steps = readonly Step[]

const only =
  <Kind extends StepKind>(kind: Kind) =>
  (steps: Steps): Extract<Step, { kind: Kind }> | null =>
    steps.find((step): step is Extract<Step, { kind: Kind }> => step.kind === kind) ?? null

export const approveStep = only('approve')
export const buildStep = only('build')
export const suspendStep = only('suspend-scheduler')
export const resetStep = only('reset')
export const checkStep = only('check-compatibility')
export const recordStep = only('record-version')
export const taskStep = only('task')
export const restoreStep = only('restore')
export const moveOverStep = only('move-over')
export const copyOverStep = only('copy-over')
export const bakeStep = only('bake')

/** The step that changes the schema of the database: a migration, or a reset. */
export const migrateStep = (steps: Steps) => steps.find((step) => 'phase' in step) ?? null

/** The steps that change a service, in the order in which the services are changed. */
export const serviceSteps = (steps: Steps): ServiceStep[] => steps.filter(changesService)

/** The steps that roll a service, in the order in which the services are rolled. */
export const rollSteps = (steps: Steps): RollStep[] => steps.filter(isRoll)

/** The steps that hand a service over to its engine, in the order in which that happens. */
export const handOverSteps = (steps: Steps): HandOverStep[] => steps.filter(isHandOver)

/** The step of this id where it hands a service over to an engine. */
export const handOverStep = (steps: Steps, id: string): HandOverStep | null =>
  handOverSteps(steps).find((step) => step.id === id) ?? null

/** The steps that run once. */
export const singleSteps = (steps: Steps): SingleStep[] => steps.filter((step) => !isRoll(step))

/** The step of this id where it rolls a service. */
export const rollStep = (steps: Steps, id: string): RollStep | null =>
  rollSteps(steps).find((step) => step.id === id) ?? null

/** The end of a detour that is closed by name; null in every other plan. */
export const namedEndIn = (steps: Steps): NamedEnd | null =>
  steps.reduce<NamedEnd | null>((end, step) => ('detour' in step ? (step.named ?? end) : end), null)

/** The step by which a plan steps aside; null in every other plan. */
export const asideStep = (steps: Steps): DetourStep | null => steps.find((step) => 'detour' in step) ?? null

/** True if the services of home change while visitors are on the stand-in. */
export const changedAside = (steps: Steps): boolean =>
  steps.some((step) => 'detour' in step && (step.named === undefined || step.named.left === 'away'))

/** True if the serving release cannot work on the database after the plan. */
export const contracts = (steps: Steps): boolean =>
  migrateStep(steps)?.phase === 'contract' && copyOverStep(steps) === null
