import type { Command } from '../../domain/config/command.ts'
import { inventoryOf, type PrepareRecipe } from '../../domain/config/fleet.ts'
import { type Unlisted, unlisted } from '../../domain/config/inventory.ts'
import {
  hasTwoPhases,
  isEngineScheduler,
  isWaitedFor,
  type SchedulerRecipe,
  type TwoPhases,
} from '../../domain/config/recipe.ts'
import { runnerCommands } from '../../domain/config/runner-commands.ts'
import { duration } from '../../domain/durations.ts'
import { cronJobsInWords } from '../../domain/engine/cron-jobs.ts'
import type { Plan } from '../../domain/plan/plan.ts'
import { unreachable } from '../../domain/question/decision.ts'
import { destruction } from '../../domain/step/destruction.ts'
import { completes, type EndOfMigration, type RollStep, type Step } from '../../domain/step/step.ts'
import { traitsOf } from '../../domain/step/traits.ts'
import { code, counted, text } from '../text/markdown.ts'
import { commandInBrief } from './command-in-brief.ts'
import {
  detourCommands,
  detourInWords,
  discardCommands,
  discardInWords,
  sidesCommands,
  sidesInWords,
} from './detour-in-words.ts'
import { handOverInWords } from './hand-over-in-words.ts'
import { bakedBy, onFailureInWords, verifiedBy } from './proof-in-words.ts'

/** Describes a step, as Markdown on one line. */
export function stepInWords(plan: Plan, step: Step): string {
  const destroys = destruction(step) === null ? [] : ['**destructive**']
  return [whatIsDone(step), ...destroys, ...particulars(plan, step)].join('<br>')
}

/** Describes a step in a few words. */
export const whatIsDone = (step: Step): string => traitsOf(step).what(step)

function particulars(plan: Plan, step: Step): string[] {
  const { release, from } = plan
  switch (step.kind) {
    case 'source':
      return [`${code(release.tag)} is ${code(release.sha.slice(0, 7))}`]
    case 'approve':
    case 'record-version':
      return []
    case 'build': {
      const unless = step.unless === null ? [] : [`unless ${commandInBrief(step.unless)} says that it exists`]
      return [commandInBrief(step.command), ...unless]
    }
    case 'prepare': {
      if (step.recipe === null) return ['its file is uploaded, and its digest is checked there']
      const { command, unless, keep } = step.recipe
      const there = unless === null ? [] : [`unless ${commandInBrief(unless)} says that it is there`]
      return [commandInBrief(command), ...there, `${counted(keep, 'release')} stay on an instance`]
    }
    case 'suspend-scheduler': {
      const { scheduler } = step
      const { drainTimeout, onTimeout } = scheduler
      const how = isEngineScheduler(scheduler)
        ? text(`suspends ${cronJobsInWords(scheduler.cronJobs)}`)
        : commandInBrief(scheduler.suspend)
      if (!isWaitedFor(scheduler)) return [how, '**running jobs are not waited for: no `running`**']
      const late = { fail: 'then gives up', kill: 'then ends the jobs', proceed: 'then continues anyway' }
      return [how, `waits ${duration(drainTimeout)} at most, ${late[onTimeout]}`]
    }
    case 'open-maintenance': {
      const { open, pages, lease } = step.maintenance
      const shown = pages.length === 0 ? [] : [`the first there is of ${pages.map(code).join(', ')}`]
      const passing =
        step.allow.length === 0 ? [] : [`${step.allow.map(code).join(', ')} see the application`]
      return [commandInBrief(open), ...shown, ...passing, `for ${duration(lease)} at most`]
    }
    case 'open-detour':
    case 'join-detour':
    case 'inspect':
    case 'close-detour':
      return detourInWords(plan, step)
    case 'copy-over':
    case 'move-over':
      return sidesInWords(plan, step)
    case 'discard-failed-home':
      return discardInWords(step)
    case 'close-maintenance':
      return [commandInBrief(step.maintenance.close)]
    case 'roll-back-migration':
    case 'complete-migration':
      return migrationEndInWords(step)
    case 'backup':
      return [
        commandInBrief(step.command),
        'its last line names the backup; without a name nothing is migrated',
      ]
    case 'restore':
      return [`${commandInBrief(step.command)}, from deployment ${step.backup.deployment}`]
    case 'migrate':
    case 'reset': {
      if (hasTwoPhases(step)) return [commandInBrief(step.command), ...opened(step)]
      if (from === null) return [commandInBrief(step.command)]
      const works = step.phase === 'expand' ? 'still works' : '**no longer works**'
      return [
        commandInBrief(step.command),
        `${step.phase}: ${text(from.tag)} ${works} on the migrated database`,
      ]
    }
    case 'check-compatibility':
      return [`${commandInBrief(step.command)}, as ${text(from?.tag ?? '')} has it`]
    case 'bake':
      return [...bakedBy(step), onFailureInWords[step.onFailure]]
    case 'verify':
      return [...verifiedBy(step), onFailureInWords[step.onFailure]]
    case 'roll-services': {
      const [printed] = unlisted({ steps: [step], fleets: [] })
      if (printed !== undefined) return [`${code(step.service.name)}: ${printedBy(printed)}`]
      const { instances } = step.service.fleet
      const inBatches = `${counted(instances.length, 'instance')} in ${counted(step.batches.length, 'batch', 'batches')}`
      return [`${code(step.service.name)}: ${inBatches}`, ...seenThere(plan, step), ...checkedBy(plan, step)]
    }
    case 'hand-over':
      return handOverInWords(plan, step)
    case 'configure-broker':
    case 'pre-deploy':
    case 'pre-configure':
    case 'deploy-scheduler':
    case 'task':
    case 'hook':
    case 'post-configure':
    case 'post-deploy':
      return [commandInBrief(step.command)]
    case 'resume-scheduler':
      return 'command' in step
        ? [commandInBrief(step.command)]
        : ['resumes those that were not suspended before']
    default:
      return unreachable(step)
  }
}

const migrationEndInWords = (step: Step & EndOfMigration): string[] => [
  `${commandInBrief(step.command)}, as ${text(step.release.tag)} has it`,
  ...(completes(step)
    ? [`afterwards releases from before ${text(step.release.tag)} **no longer work** on the database`]
    : []),
]

/** Tells of a roll that no step prepares: no plan can know what the hosts still have. */
const seenThere = ({ steps, release }: Plan, { service }: RollStep): string[] =>
  service.fleet.prepare === null || steps.some((step) => 'prepares' in step && step.prepares === service.name)
    ? []
    : [`starts ${text(release.tag)} where it is seen on the instance, and brings it first elsewhere`]

/** The checks that the first new instance meets. Nothing keeps requests from it where the balancer asks it itself. */
function checkedBy({ from }: Plan, { instanceCheck, service }: RollStep): string[] {
  if (instanceCheck === null) return []
  const when = service.traffic.kind === 'is-alive' ? 'as soon as it is healthy' : 'before it gets requests'
  return [
    `the first new instance alone meets the checks of ${text(from?.tag ?? '')}, ${when}: ${commandInBrief(instanceCheck)}`,
  ]
}

/** The migration stays open: until it is completed both schemas are usable. */
const opened = ({ completeAfter }: TwoPhases): string[] => [
  'both schemas are usable until the migration is completed, which is an undertaking of its own',
  ...(completeAfter === null ? [] : [`the clock asks to complete it after ${duration(completeAfter)}`]),
]

/** True for a step that runs no command and that users do not notice: its row tells nothing of this deployment. */
export const isRoutine = (step: Step): boolean =>
  !traitsOf(step).impact && !traitsOf(step).proves && commandsOf(step).length === 0

/** Hosts that are not known yet. */
export const printedBy = ({ inventory }: Unlisted): string =>
  `its hosts are unknown until approved: ${commandInBrief(inventory)} prints them then`

/** Says if a step can be undone in this deployment, as Markdown on one line. */
export function undoInWords(plan: Plan, step: Step): string {
  const undo = traitsOf(step).undo(step, plan)
  switch (undo.kind) {
    case 'nothing-to-undo':
      return 'nothing to undo'
    case 'by':
      return `yes, by ${undo.words}`
    case 'with-database':
      return `yes, ${undo.words}`
    case 'cannot':
    case 'nowhere':
      return `**no**: ${text(undo.words)}`
  }
}

/** Every command of a step by the name that the config gives it. */
export function commandsOf(step: Step): { readonly name: string; readonly command: Command }[] {
  switch (step.kind) {
    case 'source':
    case 'approve':
    case 'record-version':
      return []
    case 'build':
      return present({ build: step.command, 'build unless': step.unless })
    case 'prepare':
      return step.recipe === null ? [] : preparing(step.prepares, step.recipe)
    case 'suspend-scheduler':
      return suspending(step.scheduler)
    case 'open-maintenance':
      return present({ 'maintenance open': step.maintenance.open })
    case 'open-detour':
    case 'join-detour':
    case 'inspect':
    case 'close-detour':
      return detourCommands(step)
    case 'copy-over':
    case 'move-over':
      return sidesCommands(step)
    case 'discard-failed-home':
      return discardCommands(step)
    case 'close-maintenance':
      return present({ 'maintenance close': step.maintenance.close })
    case 'bake':
      return step.figures?.kind === 'run' ? present({ 'bake figures': step.figures.command }) : []
    case 'verify':
      return present({ verify: step.command })
    case 'hand-over':
      return runnerCommands(step).map(({ key, command }) => ({ name: key, command }))
    case 'roll-services': {
      const { name, fleet, traffic } = step.service
      const leave = traffic.kind === 'haproxy' ? null : (traffic.leave ?? null)
      const enter = traffic.kind === 'command' ? traffic.enter : null
      const { stop, install, start } = fleet
      const inventory = inventoryOf(fleet)
      const own = { inventory, leave, stop, install, start, enter }
      return [
        ...present(Object.fromEntries(Object.entries(own).map(([what, run]) => [`${name} ${what}`, run]))),
        ...present({ [`${name} check-compatibility`]: step.instanceCheck }),
      ]
    }
    case 'migrate':
      return hasTwoPhases(step)
        ? present({ 'migrate start': step.command, 'migrate rollback': step.rollback })
        : present({ [step.id]: step.command })
    case 'backup':
      return present({ 'backup create': step.command })
    case 'restore':
      return present({ 'backup restore': step.command })
    case 'configure-broker':
    case 'pre-deploy':
    case 'pre-configure':
    case 'deploy-scheduler':
    case 'roll-back-migration':
    case 'complete-migration':
    case 'reset':
    case 'check-compatibility':
    case 'task':
    case 'hook':
    case 'post-configure':
    case 'post-deploy':
      return present({ [step.id]: step.command })
    case 'resume-scheduler':
      return 'command' in step ? present({ [step.id]: step.command }) : []
    default:
      return unreachable(step)
  }
}

const suspending = (scheduler: SchedulerRecipe) =>
  isEngineScheduler(scheduler)
    ? []
    : present({
        'scheduler suspend': scheduler.suspend,
        'scheduler running': scheduler.running,
        'scheduler kill': scheduler.kill,
      })

const preparing = (service: string, { command, unless, clear }: PrepareRecipe) =>
  present({
    [`${service} prepare`]: command,
    [`${service} prepare unless`]: unless,
    [`${service} clear`]: clear,
  })

const present = (commands: Readonly<Record<string, Command | null>>) =>
  Object.entries(commands).flatMap(([name, command]) => (command === null ? [] : [{ name, command }]))
