import type { SchedulerRecipe } from '../../domain/config/recipe.ts'
import { inSeconds } from '../../domain/durations.ts'
import { onward } from '../../domain/journal/direction.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { type Context, variables } from './context.ts'
import { failureWhere, runWhere } from './where.ts'

/**
 * No new job starts; then wait until none runs. That a scheduler says it is suspended does not mean that its
 * jobs have ended, so only repeated readings of nothing count as drained.
 */
export async function suspend(context: Context, scheduler: SchedulerRecipe): Promise<Failure | null> {
  const suspending = { command: scheduler.suspend, seen: await variables(context, onward) }
  const failure = failureWhere('suspend-scheduler', await runWhere(context, suspending))
  if (failure !== null || scheduler.running === null) return failure
  const left = await drain(context, scheduler)
  if (left.kind !== 'running') return left.kind === 'failed' ? left.failure : null
  return whenNotDrained(context, scheduler, left.jobs)
}

type Drained =
  | { readonly kind: 'drained' }
  | { readonly kind: 'running'; readonly jobs: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: Failure }

async function drain(context: Context, scheduler: SchedulerRecipe): Promise<Drained> {
  const { clock, voice } = context.ports
  const until = clock.now().getTime() + scheduler.drainTimeout
  let zeros = 0
  let shown = ''
  for (;;) {
    const reading = await runningJobs(context, scheduler)
    if (reading.kind === 'failed') return reading
    zeros = reading.jobs.length === 0 ? zeros + 1 : 0
    if (zeros >= scheduler.zeroReadings) return { kind: 'drained' }
    const jobs = reading.jobs.join(', ')
    if (jobs !== shown && jobs !== '') voice.line(`waiting for ${reading.jobs.length} running: ${jobs}`)
    shown = jobs
    if (context.stop.asked.aborted) return { kind: 'failed', failure: cancelled(reading.jobs) }
    if (clock.now().getTime() >= until) return { kind: 'running', jobs: reading.jobs }
    await clock.sleep(scheduler.interval, context.stop.asked)
  }
}

/** A run that is cancelled while it waits kills no jobs and skips no waiting. */
const cancelled = (jobs: readonly string[]): Failure => ({
  code: 'interrupted',
  what: 'Waiting for the running jobs was ended because the run was cancelled.',
  tail: jobs,
})

type DrainReading = Extract<Drained, { kind: 'running' | 'failed' }>

async function runningJobs(context: Context, { running }: SchedulerRecipe): Promise<DrainReading> {
  if (running === null) return { kind: 'running', jobs: [] }
  const jobs: string[] = []
  const told = new Set<string>()
  const ran = await runWhere(context, {
    command: running,
    seen: await variables(context, onward),
    listen: (text) => void told.add(text),
    answer: (text) => void jobs.push(text),
  })
  for (const line of told) context.ports.voice.line(`  │ ${line}`)
  const failure = failureWhere('reading the running jobs', ran)
  if (failure !== null) return { kind: 'failed', failure }
  return { kind: 'running', jobs: jobs.map((job) => job.trim()).filter((job) => job !== '') }
}

async function whenNotDrained(
  context: Context,
  scheduler: SchedulerRecipe,
  jobs: readonly string[],
): Promise<Failure | null> {
  const names = jobs.length === 0 ? 'jobs that come and go' : jobs.join(', ')
  const late: Failure = {
    code: 'drain-timed-out',
    what: `The scheduler did not drain within ${inSeconds(scheduler.drainTimeout)}: ${names} still ran.`,
    tail: jobs,
  }
  switch (scheduler.onTimeout) {
    case 'fail':
      return late
    case 'proceed':
      context.ports.voice.warning(
        'Scheduler not drained',
        `${late.what} Going on, as on-timeout: proceed says.`,
      )
      return null
    case 'kill':
      return killJobs(context, scheduler, late)
  }
}

async function killJobs(
  context: Context,
  scheduler: SchedulerRecipe,
  late: Failure,
): Promise<Failure | null> {
  const { kill } = scheduler
  if (kill === null) return late
  // After the long wait another run may have taken over and resumed the scheduler: its jobs then run rightly.
  await context.session.stillLocked()
  context.ports.voice.warning('Jobs ended', `${late.what} Ending them, as on-timeout: kill says.`)
  const killed = await runWhere(context, { command: kill, seen: await variables(context, onward) })
  const failure = failureWhere('ending the running jobs', killed)
  if (failure !== null) return failure
  const left = await drain(context, { ...scheduler, drainTimeout: Math.min(scheduler.drainTimeout, 60_000) })
  if (left.kind === 'failed') return left.failure
  return left.kind === 'drained' ? null : late
}
