import type { Command } from '../config/command.ts'
import { isEngineScheduler } from '../config/recipe.ts'
import { unreachable } from '../question/decision.ts'
import type { Step } from './step.ts'
import { traitsOf } from './traits.ts'

/**
 * Returns why a step counts as destructive, as a sentence, or null. The config marks it, or its command is
 * known to be destructive: a well-known command counts without a mark.
 */
export function destruction(step: Step): string | null {
  const { destroys } = traitsOf(step)
  if (destroys !== null) return destroys
  const commands = commandsOf(step)
  if (commands.some(({ destructive }) => destructive === true)) return `${step.id} is marked as destructive.`
  const known = commands.map(({ run }) => knownIn(run)).find((words) => words !== null)
  return known === undefined ? null : `${step.id} runs ${known}, which is known to destroy data.`
}

function commandsOf(step: Step): Command[] {
  switch (step.kind) {
    case 'source':
    case 'approve':
    case 'build':
    case 'prepare':
    case 'record-version':
    case 'bake':
    case 'hand-over':
    case 'open-detour':
    case 'join-detour':
    case 'close-detour':
    case 'inspect':
    case 'copy-over':
    case 'move-over':
    case 'discard-failed-home':
      return []
    case 'roll-services':
      return step.instanceCheck === null ? [] : [step.instanceCheck]
    case 'verify':
      return step.command === null ? [] : [step.command]
    case 'open-maintenance':
      return [step.maintenance.open]
    case 'close-maintenance':
      return [step.maintenance.close]
    case 'suspend-scheduler': {
      if (isEngineScheduler(step.scheduler)) return []
      const { suspend, kill } = step.scheduler
      return kill === null ? [suspend] : [suspend, kill]
    }
    case 'configure-broker':
    case 'pre-deploy':
    case 'pre-configure':
    case 'deploy-scheduler':
    case 'backup':
    case 'restore':
    case 'migrate':
    case 'roll-back-migration':
    case 'complete-migration':
    case 'reset':
    case 'check-compatibility':
    case 'task':
    case 'hook':
    case 'post-configure':
    case 'post-deploy':
      return [step.command]
    case 'resume-scheduler':
      return 'command' in step ? [step.command] : []
    default:
      return unreachable(step)
  }
}

/** The first words of a command that are known to destroy data or a scheduler's jobs, or null. */
export function knownIn(run: string): string | null {
  const found = known.map((pattern) => pattern.exec(run)?.[0].trim()).find((words) => words !== undefined)
  return found ?? null
}

const known: readonly RegExp[] = [
  // SQL, on the command line or in a here-document.
  /\b(?:drop|truncate)\s+(?:database|schema|table)\b/i,
  /\bdropdb\b/,
  // Rails, Laravel, Doctrine, Propel and their like: `db:drop`, `doctrine:schema:drop`, `migrate:fresh`.
  /\b(?:[\w-]+:)*(?:db|database|schema|tables|mongo|migrate):(?:drop|reset|purge|wipe|fresh|refresh)\b/,
  /\bprisma\s+migrate\s+reset\b/,
  /\bmanage\.py\s+(?:flush|reset_db)\b/,
  /\bflyway\b[^\n;|&]*\sclean\b/,
  /\bliquibase\b[^\n;|&]*\sdrop-?all\b/i,
  // A broker whose virtual hosts are deleted.
  /\brabbitmqctl\s+(?:(?:force_)?reset|delete_vhost)\b/,
  // Spryker: every job of the scheduler, or the recipe that resets everything.
  /\bscheduler:clean\b/,
  /\binstall\s+(?:-r|--recipe)[ =]?\S*destructive\b/,
]
