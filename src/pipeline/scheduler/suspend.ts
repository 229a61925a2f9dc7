import { isEngineScheduler, type SchedulerRecipe } from '../../domain/config/recipe.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Context } from '../run/context.ts'
import { suspendByCommand } from './by-command.ts'
import { suspendCronJobs } from './cron-jobs.ts'

/** Lets no new job start, and waits until none runs. `step`: that of the suspension, also where another one repeats it. */
export const suspend = (
  context: Context,
  step: string,
  scheduler: SchedulerRecipe,
): Promise<Failure | null> =>
  isEngineScheduler(scheduler)
    ? suspendCronJobs(context, step, scheduler)
    : suspendByCommand(context, scheduler)
