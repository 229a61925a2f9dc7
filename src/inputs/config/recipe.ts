import type { CompatibilityRecipe } from '../../domain/config/compatibility-recipe.ts'
import type { DeclaredService } from '../../domain/config/declared-service.ts'
import type {
  BackupRecipe,
  BakeRecipe,
  MaintenanceRecipe,
  MigrateRecipe,
  Recipe,
  StepHook,
  StepRecipes,
  VerifyRecipe,
} from '../../domain/config/recipe.ts'
import {
  anywhere,
  maybeCommand,
  maybeHook,
  maybeProbe,
  maybeStepCommand,
  toHook,
  toLooseCommand,
  toProbe,
  toRetried,
  toStepCommand,
} from './commands.ts'
import { toDetour } from './detour.ts'
import { toDeclaredService } from './engines/declared-service.ts'
import { toScheduler } from './engines/scheduler.ts'
import type { RecipeValue } from './schema/file.ts'
import type { StepsValue } from './schema/steps.ts'
import { keysAt, nodeAt, type Tree } from './yaml/tree.ts'

/** `written` was read from `tree`, which keeps the order that an object loses. */
export function toRecipe(written: RecipeValue, tree: Tree): Recipe {
  const named = written.services ?? {}
  const services = keysAt(tree, ['services']).flatMap((name) => {
    const service = named[name]
    return service === undefined ? [] : [toDeclaredService(name, service, nodeAt(tree, ['services', name]))]
  })
  return {
    baseVersion: written.release?.['base-version'] ?? null,
    schema: written.release?.schema ?? null,
    ...(written.release?.compatible === false ? { compatible: false } : {}),
    ...(written.release?.['read-only'] === undefined ? {} : { readOnly: true }),
    steps: toSteps(written.steps ?? {}, services, tree),
    ...(written['requires-variables'] === undefined
      ? {}
      : { requiresVariables: written['requires-variables'] }),
    ...(written.vars === undefined ? {} : { vars: written.vars }),
    tasks: Object.fromEntries(
      Object.entries(written.tasks ?? {}).map(([name, task]) => [name, toHook(task)]),
    ),
    services,
  }
}

function toSteps(written: StepsValue, services: readonly DeclaredService[], tree: Tree): StepRecipes {
  const { build, scheduler, migrate, detour } = written
  const hookNames = keysAt(tree, ['steps', 'hooks'])
  return {
    build: build ? { command: toRetried(build), unless: maybeCommand(build.unless) } : null,
    configureBroker: maybeHook(written['configure-broker']),
    preDeploy: maybeHook(written['pre-deploy']),
    scheduler: scheduler ? toScheduler(scheduler, services) : null,
    preConfigure: maybeHook(written['pre-configure']),
    maintenance: written.maintenance ? toMaintenance(written.maintenance) : null,
    ...(written.backup === undefined ? {} : { backup: toBackup(written.backup) }),
    migrate: migrate ? toMigrate(migrate) : null,
    ...(detour === undefined ? {} : { detour: toDetour(detour, nodeAt(tree, ['steps', 'detour'])) }),
    checkCompatibility: toChecks(written['check-compatibility']),
    reset: maybeStepCommand(written.reset),
    verify: written.verify ? toVerify(written.verify) : null,
    bake: written.verify?.bake ? toBake(written.verify, written.verify.bake) : null,
    ...(written.hooks === undefined ? {} : { hooks: toHooks(written.hooks, hookNames) }),
    ...(written['slow-after'] === undefined ? {} : { slowAfter: written['slow-after'] }),
    postConfigure: maybeHook(written['post-configure']),
    postDeploy: maybeHook(written['post-deploy']),
  }
}

function toChecks(written: StepsValue['check-compatibility']): CompatibilityRecipe | null {
  if (written === undefined) return null
  const command = toStepCommand(written)
  return written.against === 'schema' ? command : { ...command, against: written.against }
}

type VerifyValue = NonNullable<StepsValue['verify']>

function toVerify(written: VerifyValue): VerifyRecipe | null {
  const { http, run, timeout } = written
  if (http === undefined && run === undefined) return null
  return {
    http: http === undefined ? null : { kind: 'http', url: http, timeout },
    command: run === undefined ? null : anywhere(toLooseCommand(run, timeout, written), written),
    attempts: written.attempts,
    interval: written.interval,
    onFailure: written['on-failure'],
  }
}

const toBackup = ({ create, restore }: NonNullable<StepsValue['backup']>): BackupRecipe => ({
  create: toHook(create),
  restore: toHook(restore),
})

function toMaintenance(written: NonNullable<StepsValue['maintenance']>): MaintenanceRecipe {
  return {
    open: toStepCommand(written.open),
    close: toStepCommand(written.close),
    shown: toProbe(written.shown),
    timeout: written.timeout,
    pages: written.pages ?? [],
    when: written.when,
    closeAfter: written['close-after'],
    lease: written.lease,
  }
}

function toBake(written: VerifyValue, bake: NonNullable<VerifyValue['bake']>): BakeRecipe {
  return {
    lasts: bake.for,
    on: bake.on,
    interval: bake.interval,
    figures: maybeProbe(written.figures),
    atMost: written['at-most'] ?? {},
    onFailure: written['on-failure'],
  }
}

function toMigrate(written: NonNullable<StepsValue['migrate']>): MigrateRecipe {
  const { repeatable } = written
  if ('run' in written) {
    const { phase } = written
    const command = toHook(written)
    return typeof phase === 'string'
      ? { command, phase, repeatable }
      : { command, phase: toStepCommand(phase), repeatable }
  }
  return {
    command: toHook(written.start),
    phase: 'expand',
    repeatable,
    complete: toHook(written.complete),
    rollback: toHook(written.rollback),
    completeAfter: written['complete-after'] ?? null,
  }
}

/** `names`: in the order of the file, which an object loses. */
const toHooks = (written: NonNullable<StepsValue['hooks']>, names: readonly string[]): StepHook[] =>
  names.flatMap((name): StepHook[] => {
    const hook = written[name]
    if (hook === undefined) return []
    const { before, after } = hook
    const place =
      before === undefined ? { when: 'after', step: after ?? '' } : { when: 'before', step: before }
    return [{ name, command: toHook(hook), ...(place as Pick<StepHook, 'when' | 'step'>) }]
  })
