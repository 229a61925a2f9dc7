import type { Command } from '../config/command.ts'
import type { ApprovalRule } from '../config/policy.ts'
import {
  type BakeRecipe,
  type BuildRecipe,
  isSettled,
  type KnownMigration,
  type MigrateRecipe,
  type Recipe,
  type VerifyRecipe,
} from '../config/recipe.ts'
import type { Service } from '../config/service.ts'
import { isStarted, takenBackBy } from '../ledger/open-migration.ts'
import { unfinishedOf } from '../ledger/unfinished.ts'
import type { Omission } from '../plan/mode-traits.ts'
import { modes } from '../plan/modes.ts'
import type { Plan } from '../plan/plan.ts'
import { type Mode, resetsData, servicesOf, taskOf, type Undertaking } from '../plan/undertaking.ts'
import type { World } from '../plan/wish.ts'
import { ruleFor } from '../question/gate.ts'
import { compatibilityOf } from '../release/compatibility.ts'
import type { Release } from '../release/release.ts'
import { plannedBatches, rolloutLimits } from '../rolling/batches.ts'
import { orderOf } from '../rolling/rollout-order.ts'
import { testBedOf } from '../rolling/test-bed.ts'
import {
  changesService,
  type HookStep,
  type MaintenanceStep,
  type RollStep,
  rollId,
  type Step,
  type StepKind,
  taskId,
} from './step.ts'

import { traitsOf } from './traits.ts'

/** The part of the world that determines the steps. */
type Ordered = Pick<World, 'release' | 'recipe' | 'policy' | 'ledger'>

/** The standard order. A step that the config lacks is not in the plan. */
export function chooseSteps(undertaking: Undertaking, world: Ordered): Pick<Plan, 'steps' | 'omitted'> {
  const omitted: { kind: StepKind; reason: string }[] = []
  const steps = standardOrder(undertaking, world).filter((step) => {
    const omission = modes[undertaking.mode].omits(step.kind) ?? notNeeded(undertaking, step, world)
    if (omission?.kind === 'left-out') omitted.push({ kind: step.kind, reason: omission.reason })
    return omission === null
  })
  return { steps, omitted }
}

function standardOrder(undertaking: Undertaking, world: Ordered): Step[] {
  const { recipe, policy, ledger } = world
  const { mode } = undertaking
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
    ...recipe.services.flatMap(prepareOf),
    ...hook('configure-broker', steps.configureBroker),
    ...hook('pre-deploy', ledger.serving === null ? steps.preDeploy : ledger.serving.preDeploy),
    ...(scheduler === null
      ? []
      : [{ kind: 'suspend-scheduler', id: 'suspend-scheduler', scheduler } satisfies Step]),
    ...hook('pre-configure', steps.preConfigure),
    ...(scheduler?.deploy == null
      ? []
      : [{ kind: 'deploy-scheduler', id: 'deploy-scheduler', command: scheduler.deploy } satisfies Step]),
    ...maintenanceOf('open-maintenance', world),
    ...(resetsData(undertaking)
      ? resetOf(steps.reset ?? null)
      : migrate === null
        ? []
        : [{ kind: 'migrate', id: 'migrate', ...asSettled(migrate) } satisfies Step]),
    ...checksOf(world),
    ...(steps.maintenance?.closeAfter === 'migrate' ? maintenanceOf('close-maintenance', world) : []),
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
    ...(steps.maintenance?.closeAfter === 'services' ? maintenanceOf('close-maintenance', world) : []),
    ...(early ? [] : resume),
    ...taskStep(undertaking, recipe),
    ...endOfMigration(undertaking, world),
    ...verifyOf(steps.verify ?? null, mode),
    ...bakeOf(steps.bake ?? null, mode),
    { kind: 'record-version', id: 'record-version' },
    ...hook('post-configure', steps.postConfigure),
    ...hook('post-deploy', steps.postDeploy),
  ]
}

const approveBy = (rule: ApprovalRule): Step[] =>
  rule.kind === 'none' ? [] : [{ kind: 'approve', id: 'approve', rule }]

const bakeOf = (recipe: BakeRecipe | null, mode: Mode): Step[] =>
  recipe === null
    ? []
    : [
        {
          kind: 'bake',
          id: 'bake',
          ...recipe,
          onFailure: modes[mode].goesForward ? recipe.onFailure : 'ask',
        },
      ]

/** A rollback that fails stops: there is no unasked way back from it. */
const verifyOf = (recipe: VerifyRecipe | null, mode: Mode): Step[] =>
  recipe === null
    ? []
    : [
        {
          kind: 'verify',
          id: 'verify',
          ...recipe,
          onFailure: modes[mode].goesForward ? recipe.onFailure : 'ask',
        },
      ]

function maintenanceOf(kind: MaintenanceStep['kind'], { recipe, policy }: Ordered): MaintenanceStep[] {
  const { maintenance = null } = recipe.steps
  return maintenance === null ? [] : [{ kind, id: kind, maintenance, allow: policy.maintenanceAllow ?? [] }]
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
  const command = (serving ?? recipe.steps).checkCompatibility ?? null
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
    id: rollId(service.name),
    service,
    ...limits,
    testBed,
    batches: plannedBatches(names, limits, testBed, orderOf(service.rollout.order).keepsTraffic),
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
  fleet:
    fleet.kind === 'ssh'
      ? { ...fleet, prepare: null, install: null, upload: null }
      : { ...fleet, prepare: null, install: null },
})

/** Returns the services to roll, of those that the release has. */
export function rolledServices(undertaking: Undertaking, { services }: Recipe): readonly Service[] {
  const named = servicesOf(undertaking)
  if (modes[undertaking.mode].rolls === null) return []
  return named.length === 0 ? services : services.filter(({ name }) => named.includes(name))
}

/** Returns the reason why this environment or request does not need a step of the mode; otherwise null. */
function notNeeded(undertaking: Undertaking, step: Step, world: Ordered): Omission {
  const reason = whyNotNeeded(undertaking, step, world)
  return reason === null ? null : { kind: 'left-out', reason }
}

function whyNotNeeded(undertaking: Undertaking, step: Step, world: Ordered): string | null {
  switch (traitsOf(step).neededWhere) {
    case 'always':
      return null
    case 'new-schema':
      return whyUnchecked(undertaking, world)
    case 'not-started':
      return whyStarted(world)
    case 'serving':
      return world.ledger.serving === null
        ? 'nothing serves yet, and the hook runs as the serving release defines it'
        : null
    case 'maintained':
      return whyServed(undertaking, world)
    case 'named':
      return whyUnnamed(undertaking, step, world.recipe)
  }
}

/** Returns why visitors see the application all the time; null if they see the maintenance page. */
function whyServed(undertaking: Undertaking, { recipe: { steps } }: Ordered): string | null {
  const { when } = steps.maintenance ?? { when: 'always' }
  const { omits, needs } = modes[undertaking.mode]
  if (when === 'always' || needs === 'maintenance' || resetsData(undertaking)) return null
  if (steps.migrate === null || omits('migrate') !== null) return 'nothing is migrated'
  return when === 'contract' && steps.migrate.phase === 'expand'
    ? 'the application works during an expand migration'
    : null
}

function whyUnnamed(undertaking: Undertaking, step: Step, recipe: Recipe): string | null {
  if (!changesService(step)) return null
  const { name } = step.service
  const named = rolledServices(undertaking, recipe).some((service) => service.name === name)
  return named ? null : `${name} is not among the services that are asked for`
}

/** Returns the reason why the migration of a release needs no start; null if it does. */
function whyStarted({ ledger: { migration }, release }: Ordered): string | null {
  return migration !== null && isStarted(migration, release)
    ? `deployment ${migration.deployment} has started it with ${migration.release.tag}, and it is open`
    : null
}

/** Returns the reason why the checks of the serving release would prove nothing; null if they would. */
function whyUnchecked(
  undertaking: Undertaking,
  { ledger, recipe: { steps }, release }: Ordered,
): string | null {
  const { serving } = ledger
  if (serving === null) return 'nothing serves yet that could be gone back to'
  const { tag, schemaVersion } = serving.release
  if (resetsData(undertaking)) return 'all data is set up anew, and there is no rollback'
  if (steps.migrate === null) return 'nothing is migrated'
  if (steps.migrate.phase === 'contract')
    return `after a contract migration ${tag} does not work, and there is no safe rollback`
  // A migration that broke something here may have been corrected by hand: only the checks can tell.
  if (compatibilityOf(ledger, serving.release, release)?.kind === 'refuted') return null
  return schemaVersion !== null && schemaVersion === release.schemaVersion
    ? `both releases have schema ${schemaVersion}`
    : null
}
