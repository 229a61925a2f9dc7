import type { Command } from '../config/command.ts'
import { schemaCheck } from '../config/compatibility-recipe.ts'
import { onFleets } from '../config/declared-service.ts'
import type { MoveOver } from '../config/detour-recipe.ts'
import type { ApprovalRule } from '../config/policy.ts'
import {
  type BakeRecipe,
  isEngineScheduler,
  isSettled,
  type KnownMigration,
  type MigrateRecipe,
  type Recipe,
  type StepRecipes,
} from '../config/recipe.ts'
import type { Service } from '../config/service.ts'
import { detourOf } from '../detour/asked.ts'
import { discardStep } from '../detour/by-name/discarding.ts'
import { namedEnd } from '../detour/by-name/left-behind.ts'
import { beginningIn } from '../detour/joined.ts'
import { bringsOver, changedSide, moveOverIn } from '../detour/move-over.ts'
import { isStraightBack, ownIn } from '../detour/own/own.ts'
import { takenBackBy } from '../ledger/open-migration.ts'
import { modes, rollsBack } from '../plan/modes.ts'
import type { Plan } from '../plan/plan.ts'
import { acknowledgesDataLoss, type Mode, resetsData, taskOf, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import { ruleFor } from '../question/gate.ts'
import { withChosenBed } from '../rolling/chosen-test-bed.ts'
import { keepsApart } from '../rolling/keeps-apart.ts'
import { absentIn } from './absent.ts'
import { backupStep, restoreSteps } from './backup-steps.ts'

import { changeOf } from './change.ts'
import { closingOrder } from './closing-order.ts'
import { idleHooks, withHooks } from './hooks.ts'
import { notNeeded } from './need.ts'
import { paced, uploads } from './rolls.ts'
import {
  type DetourStep,
  type HookStep,
  type MaintenanceStep,
  type Step,
  type StepKind,
  taskId,
} from './step.ts'
import { changedAside } from './steps-in.ts'

/** The part of the world that determines the steps. */
type Ordered = Pick<World, 'release' | 'recipe' | 'policy' | 'ledger'>

/** The standard order. A step that the config lacks is not in the plan. */
export function chooseSteps(undertaking: Undertaking, world: Ordered): Pick<Plan, 'steps' | 'omitted'> {
  const omitted: { kind: StepKind; reason: string }[] = []
  const end = namedEnd(undertaking, world.ledger)
  const steps = closingOrder(standardOrder(undertaking, world), end).filter((step) => {
    const omission = modes[undertaking.mode].omits(step.kind) ?? notNeeded(undertaking, step, world)
    if (omission?.kind === 'left-out') omitted.push({ kind: step.kind, reason: omission.reason })
    return omission === null
  })
  return {
    steps: withHooks(steps, world.recipe.steps.hooks ?? []),
    omitted: [...omitted, ...omittedServices(undertaking, world)],
  }
}

/** A restart is of services that serve, and names none that the environment does not have. */
const omittedServices = (
  { mode }: Undertaking,
  { recipe: { absent = [] }, policy }: Ordered,
): Plan['omitted'] =>
  modes[mode].bringsRelease
    ? absent.map((name) => ({ kind: 'roll-services', reason: absentIn(name, policy) }))
    : []

/** Returns warnings of hooks that no plan of this config has. */
export const hookWarnings = (undertaking: Undertaking, world: Ordered): string[] =>
  idleHooks(standardOrder(undertaking, world), world)

function standardOrder(undertaking: Undertaking, world: Ordered): Step[] {
  const { recipe, ledger } = world
  const { mode } = undertaking
  const { steps } = recipe
  const aside = asideIn(undertaking, world)
  const close = maintenanceOf('close-maintenance', mode, world)
  // While a detour is open nothing writes at home but the deployment itself.
  const copies = copyOverStep(undertaking, world)
  const early =
    steps.scheduler?.resumeAfter === 'migrate' && detourOf(undertaking, world) === null && copies.length === 0
  return [
    ...beforeMigration(undertaking, world),
    ...aside(beginningIn(ledger)),
    ...restoreSteps(undertaking, world),
    ...copies,
    ...migrationOf(undertaking, steps),
    ...(copies.length === 0 ? checksOf(world) : []),
    ...(steps.maintenance?.closeAfter === 'migrate' ? close : []),
    ...(early ? resumeOf(steps) : []),
    ...changesOf(undertaking, world, changedAside(aside('inspect'))),
    ...discardStep(undertaking, world),
    ...aside('inspect'),
    ...aside('close-detour'),
    ...(steps.maintenance?.closeAfter === 'services' ? close : []),
    ...(early ? [] : resumeOf(steps)),
    ...taskStep(undertaking, recipe),
    ...endOfMigration(undertaking, world),
    ...(steps.verify
      ? [{ kind: 'verify', id: 'verify', ...unasked(steps.verify, mode) } satisfies Step]
      : []),
    ...(steps.bake ? [{ kind: 'bake', id: 'bake', ...unasked(steps.bake, mode) } satisfies Step] : []),
    { kind: 'record-version', id: 'record-version' },
    ...hook('post-configure', steps.postConfigure),
    ...hook('post-deploy', steps.postDeploy),
  ]
}

/** The steps up to the backup: the database is as it was, and every instance serves. */
function beforeMigration(undertaking: Undertaking, world: Ordered): Step[] {
  const { recipe, policy, ledger } = world
  const { steps } = recipe
  return [
    { kind: 'source', id: 'source' },
    ...approveBy(ruleFor(policy, undertaking.mode)),
    ...(steps.build === null ? [] : [{ kind: 'build', id: 'build', ...steps.build } satisfies Step]),
    ...onFleets(recipe.services).flatMap(prepareOf),
    ...hook('configure-broker', steps.configureBroker),
    ...hook('pre-deploy', ledger.serving === null ? steps.preDeploy : ledger.serving.preDeploy),
    ...suspendOf(steps),
    ...hook('pre-configure', steps.preConfigure),
    ...deploySchedulerOf(steps),
    ...maintenanceOf('open-maintenance', undertaking.mode, world),
    ...backupStep(world),
  ]
}

const hook = (kind: HookStep['kind'], command: HookStep['command'] | null): HookStep[] =>
  command === null ? [] : [{ kind, id: kind, command }]

const suspendOf = ({ scheduler }: StepRecipes): Step[] =>
  scheduler === null ? [] : [{ kind: 'suspend-scheduler', id: 'suspend-scheduler', scheduler }]

const deploySchedulerOf = ({ scheduler }: StepRecipes): Step[] =>
  scheduler?.deploy == null
    ? []
    : [{ kind: 'deploy-scheduler', id: 'deploy-scheduler', command: scheduler.deploy }]

function resumeOf({ scheduler }: StepRecipes): Step[] {
  if (scheduler === null) return []
  const by = isEngineScheduler(scheduler) ? { cronJobs: scheduler.cronJobs } : { command: scheduler.resume }
  return [{ kind: 'resume-scheduler', id: 'resume-scheduler', ...by }]
}

/** Returns the steps of a detour by their kind; none for a deployment without one. */
function asideIn(undertaking: Undertaking, world: Ordered): (kind: DetourStep['kind']) => DetourStep[] {
  const detour = detourOf(undertaking, world)
  const end = namedEnd(undertaking, world.ledger)
  return (kind) =>
    detour === null ? [] : [{ kind, id: kind, detour, ...(end === null ? {} : { named: end }) }]
}

/** The change of each service, in their declared order, and the move to the side that was changed. */
function changesOf(undertaking: Undertaking, world: Ordered, away: ReturnType<typeof changedAside>): Step[] {
  const { mode } = undertaking
  const moving = bringsOver(mode) ? moveOverIn(world) : null
  return [
    ...world.recipe.services
      .map((service) => changeOf(withChosenBed(service, undertaking), mode, world))
      .map((change) => paced(change, { aside: away, over: moving !== null })),
    ...moveOverStep(undertaking, moving, world),
  ]
}

/** The migration, or the reset in its place. */
function migrationOf(undertaking: Undertaking, { reset = null, migrate }: StepRecipes): Step[] {
  if (resetsData(undertaking)) return resetOf(reset)
  return migrate === null ? [] : [{ kind: 'migrate', id: 'migrate', ...asSettled(migrate) }]
}

function moveOverStep(
  undertaking: Undertaking,
  moving: MoveOver | null,
  { ledger, release }: Ordered,
): Step[] {
  if (moving === null) return []
  const copies = ledger.serving === null ? null : ownIn(moving)
  const back = rollsBack(undertaking.mode) && isStraightBack(ledger, release)
  const accepts = copies?.acceptDataLoss === true || (back && acknowledgesDataLoss(undertaking))
  const to = changedSide(undertaking.mode, { ledger })
  const own = copies === null ? {} : { own: { copies, back, accepts } }
  return [{ kind: 'move-over', id: 'move-over', moving, to, ...own }]
}

/** The side that changes gets a copy of what the other one has, unless it still has the database that is gone back to. */
function copyOverStep({ mode }: Undertaking, world: Ordered): Step[] {
  const { ledger, release } = world
  const over = bringsOver(mode) ? moveOverIn(world) : null
  const copies = ownIn(over)
  if (over === null || copies === null || ledger.serving === null) return []
  if (rollsBack(mode) && isStraightBack(ledger, release)) return []
  return [{ kind: 'copy-over', id: 'copy-over', copies, over, to: changedSide(mode, { ledger }) }]
}

const approveBy = (rule: ApprovalRule): Step[] =>
  rule.kind === 'none' ? [] : [{ kind: 'approve', id: 'approve', rule }]

/** A rollback that fails stops: there is no unasked way back from it. */
const unasked = <R extends Pick<BakeRecipe, 'onFailure'>>(recipe: R, mode: Mode): R =>
  modes[mode].goesForward ? recipe : { ...recipe, onFailure: 'ask' }

function maintenanceOf(kind: MaintenanceStep['kind'], mode: Mode, world: Ordered): MaintenanceStep[] {
  const { maintenance = null } = world.recipe.steps
  const apart = keepsApart(mode, world) === null ? {} : { apart: true as const }
  const allow = world.policy.maintenanceAllow ?? []
  return maintenance === null ? [] : [{ kind, id: kind, maintenance, allow, ...apart }]
}

/** Returns the migration with its phase. An unknown phase counts as the worse one: the plan is refused, and must promise nothing. */
const asSettled = (migrate: MigrateRecipe): KnownMigration =>
  isSettled(migrate) ? migrate : { ...migrate, phase: 'contract' }

/** The step that ends an open migration: its completion, or its rollback where the way leads across it. */
function endOfMigration({ mode }: Undertaking, { ledger, release }: Ordered): Step[] {
  const { migration } = ledger
  if (migration === null) return []
  const { deployment: started, repeatable, knownBy, complete, rollback } = migration
  const { tag, sha } = migration.release
  const end = { repeatable, started, knownBy, release: { tag, sha } }
  const { needs, goesBack } = modes[mode]
  if (needs === 'migration')
    return [
      { kind: 'complete-migration', id: 'complete-migration', command: complete, phase: 'contract', ...end },
    ]
  return goesBack && takenBackBy(ledger, release) !== null
    ? [{ kind: 'roll-back-migration', id: 'roll-back-migration', command: rollback, ...end }]
    : []
}

/** A reset is destructive, marked or not. */
const resetOf = (command: Command | null): Step[] =>
  command === null
    ? []
    : [{ kind: 'reset', id: 'reset', command: { ...command, destructive: true }, phase: 'contract' }]

/** Returns the checks of the serving release, like its hook. A first deployment lists them as left out. */
function checksOf({ ledger: { serving }, recipe }: Ordered): Step[] {
  const command = schemaCheck((serving ?? recipe.steps).checkCompatibility ?? null)
  return command === null ? [] : [{ kind: 'check-compatibility', id: 'check-compatibility', command }]
}

function taskStep(undertaking: Undertaking, { tasks = {} }: Recipe): Step[] {
  const name = taskOf(undertaking)
  const command = name !== null && Object.hasOwn(tasks, name) ? tasks[name] : undefined
  return command === undefined ? [] : [{ kind: 'task', id: taskId(name ?? ''), command }]
}

/** A service that neither prepares nor uploads has nothing to bring before its instances are changed. */
function prepareOf(service: Service): Step[] {
  const { name, fleet } = service
  return fleet.prepare === null && !uploads(service)
    ? []
    : [{ kind: 'prepare', id: `prepare/${name}`, prepares: name, recipe: fleet.prepare }]
}
