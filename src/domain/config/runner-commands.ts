import { unreachable } from '../question/decision.ts'
import { isRoll, type Step, taskName } from '../step/step.ts'
import { traitsOf } from '../step/traits.ts'
import type { Command, Probe } from './command.ts'
import { instancesOf, jobOf } from './command-fleet.ts'
import { detourCommandsOf, discardCommandsOf, sidesCommandsOf } from './detour-commands.ts'
import type { EngineService } from './engine-recipe.ts'
import { changesByItself } from './fleet.ts'
import { hasTwoPhases, isEngineScheduler } from './recipe.ts'
import type { Service } from './service.ts'

/** A command that runs on the machine of the job, in the files of the release. */
export interface RunnerCommand {
  /** The key of the config that it comes from. */
  readonly key: string
  readonly command: Command
}

/**
 * Returns the commands of a step that run in the checkout. Commands on hosts do not, and the hooks of the release that
 * serves, and the end of an open migration, run in other files.
 */
export function runnerCommands(step: Step): RunnerCommand[] {
  if (isRoll(step)) return serviceCommands(step.service)
  if (['serving', 'named'].includes(traitsOf(step).files)) return []
  return stepCommands(step).filter(({ command }) => instancesOf(command) === null && jobOf(command) === null)
}

/** Returns the commands of a step itself, wherever they run. The roll of a service names those that prepare it. */
export function stepCommands(step: Step): RunnerCommand[] {
  switch (step.kind) {
    case 'source':
    case 'approve':
    case 'record-version':
    case 'roll-services':
    case 'prepare':
      return []
    case 'hand-over':
      return engineCommands(step.service)
    case 'build':
      return present('steps.build', { run: step.command, unless: step.unless })
    case 'suspend-scheduler': {
      if (isEngineScheduler(step.scheduler)) return []
      const { suspend, running, kill, resume } = step.scheduler
      return present('steps.scheduler', { suspend, running, kill, resume })
    }
    case 'deploy-scheduler':
      return present('steps.scheduler', { deploy: step.command })
    case 'open-maintenance': {
      const { open, close, shown } = step.maintenance
      return present('steps.maintenance', { open, close, shown: commandIn(shown) })
    }
    case 'close-maintenance':
      return present('steps.maintenance', { close: step.maintenance.close })
    case 'open-detour':
    case 'join-detour':
    case 'inspect':
    case 'close-detour':
      return detourCommandsOf(step.kind, step.detour)
    case 'copy-over':
    case 'move-over':
      return sidesCommandsOf(step)
    case 'discard-failed-home':
      return discardCommandsOf(step.aside)
    case 'resume-scheduler':
      return 'command' in step ? present('steps.scheduler', { resume: step.command }) : []
    case 'bake':
      return present('steps.verify', { figures: commandIn(step.figures) })
    case 'verify':
      return present('steps.verify', { run: step.command })
    case 'task':
      return [{ key: `tasks.${taskName(step)}`, command: step.command }]
    case 'backup':
      return present('steps.backup', { create: step.command })
    case 'restore':
      return present('steps.backup', { restore: step.command })
    case 'migrate':
      return hasTwoPhases(step)
        ? present('steps.migrate', { start: step.command, complete: step.complete, rollback: step.rollback })
        : [{ key: 'steps.migrate', command: step.command }]
    case 'roll-back-migration':
      return present('steps.migrate', { rollback: step.command })
    case 'complete-migration':
      return present('steps.migrate', { complete: step.command })
    case 'hook':
      return [{ key: `steps.${step.id.replace('hook/', 'hooks.')}`, command: step.command }]
    case 'configure-broker':
    case 'pre-deploy':
    case 'pre-configure':
    case 'reset':
    case 'check-compatibility':
    case 'post-configure':
    case 'post-deploy':
      return [{ key: `steps.${step.id}`, command: step.command }]
    default:
      return unreachable(step)
  }
}

/** Returns the commands of an engine that has any. */
export function engineCommands({ name, engine }: EngineService): RunnerCommand[] {
  if (!('handOver' in engine)) return []
  const { able, state, handOver, restart, scale = null, stop, reverse } = engine
  const own = { able, state, 'hand-over': handOver, restart, scale, stop, reverse }
  return present(`services.${name}.engine.command`, own)
}

function serviceCommands({ name, fleet, traffic, version, healthCheck, selfTest, testBed }: Service) {
  const key = `services.${name}`
  const { leave = null, enter = null, serving = null } = traffic.kind === 'command' ? traffic : {}
  const { prepare, stop, install, start } = fleet
  const { figures = null, command: judge = null } = testBed?.compare ?? {}
  const own = [
    ...present(`${key}.fleet`, { prepare: prepare?.command ?? null, stop, install, start }),
    ...present(`${key}.fleet.prepare`, { unless: prepare?.unless ?? null, clear: prepare?.clear ?? null }),
    ...present(`${key}.traffic.command`, { leave, enter, serving: commandIn(serving) }),
    ...present(key, {
      version: commandIn(version),
      'health-check': commandIn(healthCheck?.probe ?? null),
      'self-test': commandIn(selfTest?.probe ?? null),
    }),
    ...present(`${key}.test-bed.compare`, { figures: commandIn(figures), run: judge }),
  ]
  if (fleet.kind === 'local') return own
  // No command of Rollgate reaches a host that pulls.
  if (changesByItself(fleet))
    return [...present(`${key}.fleet.pull`, { status: commandIn(fleet.status) }), ...own]
  const onRunner = own.filter(({ command }) => command.on?.kind === 'runner')
  return [...present(`${key}.fleet.ssh`, { inventory: fleet.inventory }), ...onRunner]
}

const commandIn = (probe: Probe | null): Command | null => (probe?.kind === 'run' ? probe.command : null)

const present = (key: string, commands: Readonly<Record<string, Command | null>>): RunnerCommand[] =>
  Object.entries(commands).flatMap(([name, command]) =>
    command === null ? [] : [{ key: `${key}.${name}`, command }],
  )
