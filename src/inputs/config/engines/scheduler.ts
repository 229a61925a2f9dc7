import { type DeclaredService, isOnEngine } from '../../../domain/config/declared-service.ts'
import { timedJobsOn } from '../../../domain/config/engine-recipe.ts'
import type { Draining, SchedulerRecipe } from '../../../domain/config/recipe.ts'
import type { CronJobs } from '../../../domain/engine/cron-jobs.ts'
import { maybeStepCommand, toStepCommand } from '../commands.ts'
import type { StepsValue } from '../schema/steps.ts'

type SchedulerValue = NonNullable<StepsValue['scheduler']>

/** Reads the scheduler. The schema lets either commands or an engine through. */
export function toScheduler(written: SchedulerValue, services: readonly DeclaredService[]): SchedulerRecipe {
  const { suspend, resume, engine } = written
  if (engine !== undefined)
    return { ...toDraining(written), cronJobs: toCronJobs(engine, written['cron-jobs'], services) }
  if (suspend === undefined || resume === undefined) throw new Error('the scheduler has no commands')
  return {
    ...toDraining(written),
    suspend: toStepCommand(suspend),
    running: maybeStepCommand(written.running),
    resume: toStepCommand(resume),
    kill: maybeStepCommand(written.kill),
  }
}

const toDraining = (written: SchedulerValue): Draining => ({
  deploy: maybeStepCommand(written.deploy),
  drainTimeout: written['drain-timeout'],
  interval: written.interval,
  zeroReadings: written['zero-readings'],
  onTimeout: written['on-timeout'],
  resumeAfter: written['resume-after'],
  lease: written.lease,
})

/** They live where the service does, as the environment has it. */
function toCronJobs(
  service: string,
  names: readonly string[] | undefined,
  services: readonly DeclaredService[],
): CronJobs {
  const on = services.find(({ name }) => name === service)
  const place = on !== undefined && isOnEngine(on) ? timedJobsOn(on.engine) : null
  if (place === null) throw new Error(`the engine of ${service} starts no jobs by the clock`)
  return { kind: 'cron-jobs', service, ...place, names: names ?? null }
}
