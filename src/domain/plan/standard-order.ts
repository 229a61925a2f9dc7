import type { ApprovalRule, BuildRecipe, Command, Service } from '../config/config.ts'
import { unfinishedOf } from '../journal/unfinished.ts'
import { ruleFor } from '../question/gate.ts'
import { compatibilityOf } from '../release/compatibility.ts'
import type { Mode, Release } from '../release/release.ts'
import { plannedBatches, rolloutLimits } from '../rolling/batches.ts'
import { testBedOf } from '../rolling/test-bed.ts'
import type { Omission } from './mode-traits.ts'
import { modes } from './modes.ts'
import type { Plan } from './plan.ts'
import type { HookStep, RollStep, Step, StepKind } from './step.ts'
import type { Wish } from './wish.ts'

/** As much of a wish as its steps follow from. */
type Ordered = Pick<
  Wish,
  'wanted' | 'release' | 'recipe' | 'policy' | 'ledger' | 'services' | 'task' | 'reset'
>

/** The standard order. A step that the config lacks is not in the plan. */
export function chooseSteps(mode: Mode, wish: Ordered): Pick<Plan, 'steps' | 'omitted'> {
  const omitted: { kind: StepKind; reason: string }[] = []
  const steps = standardOrder(mode, wish).filter((step) => {
    const omission = modes[mode].omits(step.kind) ?? notNeeded(mode, step, wish)
    if (omission?.kind === 'left-out') omitted.push({ kind: step.kind, reason: omission.reason })
    return omission === null
  })
  return { steps, omitted }
}

function standardOrder(mode: Mode, wish: Ordered): Step[] {
  const { recipe, policy, ledger } = wish
  const { steps } = recipe
  const { scheduler, migrate } = steps
  const hook = (kind: HookStep['kind'], command: HookStep['command'] | null): HookStep[] =>
    command === null ? [] : [{ kind, id: kind, command }]
  const resume: Step[] =
    scheduler === null
      ? []
      : [{ kind: 'resume-scheduler', id: 'resume-scheduler', command: scheduler.resume }]
  const early = scheduler?.resumeAfter === 'migrate'
  return [
    { kind: 'source', id: 'source' },
    ...approveBy(ruleFor(policy, mode)),
    ...(steps.build === null ? [] : [{ kind: 'build', id: 'build', ...steps.build } satisfies Step]),
    ...hook('configure-broker', steps.configureBroker),
    ...hook('pre-deploy', ledger.serving === null ? steps.preDeploy : ledger.serving.preDeploy),
    ...(scheduler === null
      ? []
      : [{ kind: 'suspend-scheduler', id: 'suspend-scheduler', scheduler } satisfies Step]),
    ...hook('pre-configure', steps.preConfigure),
    ...(scheduler?.deploy == null
      ? []
      : [{ kind: 'deploy-scheduler', id: 'deploy-scheduler', command: scheduler.deploy } satisfies Step]),
    ...(wish.reset === true
      ? resetOf(steps.reset ?? null)
      : migrate === null
        ? []
        : [{ kind: 'migrate', id: 'migrate', ...migrate } satisfies Step]),
    ...checksOf(wish),
    ...(early ? resume : []),
    ...recipe.services.map((service) =>
      rollOf(
        service,
        mode,
        ledger.serving?.release ?? null,
        steps.build,
        unfinishedOf(service.name, ledger.unfinished),
      ),
    ),
    ...(early ? [] : resume),
    ...taskOf(wish),
    { kind: 'record-version', id: 'record-version' },
    ...hook('post-configure', steps.postConfigure),
    ...hook('post-deploy', steps.postDeploy),
  ]
}

const approveBy = (rule: ApprovalRule): Step[] =>
  rule.kind === 'none' ? [] : [{ kind: 'approve', id: 'approve', rule }]

/** A migration after which nothing of the release before is left: it is destructive, marked or not. */
const resetOf = (command: Command | null): Step[] =>
  command === null
    ? []
    : [
        {
          kind: 'migrate',
          id: 'reset',
          command: { ...command, destructive: true },
          phase: 'contract',
          repeatable: false,
        },
      ]

/** As with the hook before: of the release that serves. What a first deployment brings is named as left out. */
function checksOf({ ledger: { serving }, recipe }: Ordered): Step[] {
  const command = (serving ?? recipe.steps).checkCompatibility ?? null
  return command === null ? [] : [{ kind: 'check-compatibility', id: 'check-compatibility', command }]
}

/** Returns the ID of a task's step. */
export const taskId = (name = ''): string => `task/${name}`

function taskOf({ wanted, recipe: { tasks = {} }, task = '' }: Ordered): Step[] {
  const command = wanted === 'task' && Object.hasOwn(tasks, task) ? tasks[task] : undefined
  return command === undefined ? [] : [{ kind: 'task', id: taskId(task), command }]
}

/** Returns the roll of a service, with its batches. */
export function rollOf(
  declared: Service,
  mode: Mode,
  from: Release | null,
  build: BuildRecipe | null,
  unfinished: readonly string[] = [],
): RollStep {
  const restarts = modes[mode].rolls === 'restart'
  const service = restarts ? withoutInstalling(declared) : declared
  const testBed = testBedOf(service, mode, from)
  const names = service.fleet.instances.map(({ name }) => name)
  const limits = rolloutLimits(service.rollout, names.length)
  return {
    kind: 'roll-services',
    id: `roll-services/${service.name}`,
    service,
    ...limits,
    testBed,
    batches: plannedBatches(names, limits, testBed),
    build: uploads(service) ? build : null,
    unfinished,
    restart: restarts,
  }
}

/** True if a service brings a file of the checkout to its hosts. */
export const uploads = ({ fleet }: Service): boolean => fleet.kind === 'ssh' && fleet.upload !== null

/** A restarted service keeps its release: nothing is installed. */
const withoutInstalling = ({ fleet, ...service }: Service): Service => ({
  ...service,
  fleet: fleet.kind === 'ssh' ? { ...fleet, install: null, upload: null } : { ...fleet, install: null },
})

/** The services that are rolled, of those that the release has. */
export const rolledServices = (
  mode: Mode,
  { recipe, services = [] }: Pick<Wish, 'recipe' | 'services'>,
): readonly Service[] =>
  modes[mode].rolls !== null
    ? recipe.services.filter(({ name }) => services.length === 0 || services.includes(name))
    : []

/** Why this environment, or this request, has no use for a step that belongs to the mode; null where it has. */
function notNeeded(mode: Mode, step: Step, wish: Ordered): Omission {
  const reason = whyNotNeeded(mode, step, wish)
  return reason === null ? null : { kind: 'left-out', reason }
}

function whyNotNeeded(mode: Mode, step: Step, wish: Ordered): string | null {
  switch (step.kind) {
    case 'check-compatibility':
      return whyUnchecked(wish)
    case 'pre-deploy':
      return wish.ledger.serving === null
        ? 'nothing serves yet, and the hook runs as the serving release defines it'
        : null
    case 'roll-services':
      return modes[mode].rolls === 'restart' && !isRolled(step, mode, wish)
        ? `${step.service.name} is not among the services that are asked for`
        : null
    default:
      return null
  }
}

/** Returns the reason why the checks of the serving release would prove nothing; null if they would. */
function whyUnchecked({ ledger, recipe: { steps }, release, reset }: Ordered): string | null {
  const { serving } = ledger
  if (serving === null) return 'nothing serves yet that could be gone back to'
  const { tag, schemaVersion } = serving.release
  if (reset === true) return 'all data is set up anew, and there is no way back'
  if (steps.migrate === null) return 'nothing is migrated'
  if (steps.migrate.phase === 'contract')
    return `after a contract migration ${tag} does not work, and there is no safe way back`
  // A migration that broke something here may have been corrected by hand: only the checks can tell.
  if (compatibilityOf(ledger, serving.release, release)?.kind === 'refuted') return null
  return schemaVersion !== null && schemaVersion === release.schemaVersion
    ? `both releases have schema ${schemaVersion}`
    : null
}

const isRolled = ({ service }: RollStep, mode: Mode, wish: Ordered): boolean =>
  rolledServices(mode, wish).some(({ name }) => name === service.name)
