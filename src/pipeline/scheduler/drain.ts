import type { Draining } from '../../domain/config/recipe.ts'
import { inSeconds } from '../../domain/durations.ts'
import type { Failure } from '../../domain/question/decision.ts'
import type { Context } from '../run/context.ts'

/** The jobs of a scheduler that run, however they are read and ended. */
export interface JobsThere extends Draining {
  /** Reads the jobs that run now. */
  read(): Promise<JobsRead>
  /** Ends these; null where there is no way. */
  readonly kill: ((jobs: readonly string[]) => Promise<Failure | null>) | null
}

export type JobsRead =
  | { readonly kind: 'running'; readonly jobs: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: Failure }

/**
 * Waits until no job runs. That a scheduler says it is suspended does not mean that its jobs have ended, so only repeated
 * readings of nothing count as drained.
 */
export async function drainJobs(context: Context, there: JobsThere): Promise<Failure | null> {
  const left = await drain(context, there)
  if (left.kind !== 'running') return left.kind === 'failed' ? left.failure : null
  return whenNotDrained(context, there, left.jobs)
}

type Drained = { readonly kind: 'drained' } | JobsRead

async function drain(context: Context, there: JobsThere): Promise<Drained> {
  const { clock, voice } = context.ports
  const until = clock.now().getTime() + there.drainTimeout
  let zeros = 0
  let shown = ''
  for (;;) {
    const reading = await there.read()
    if (reading.kind === 'failed') return reading
    zeros = reading.jobs.length === 0 ? zeros + 1 : 0
    if (zeros >= there.zeroReadings) return { kind: 'drained' }
    const jobs = reading.jobs.join(', ')
    if (jobs !== shown && jobs !== '') voice.line(`waiting for ${reading.jobs.length} running: ${jobs}`)
    shown = jobs
    if (context.stop.asked.aborted) return { kind: 'failed', failure: cancelled(reading.jobs) }
    if (clock.now().getTime() >= until) return { kind: 'running', jobs: reading.jobs }
    await clock.sleep(there.interval, context.stop.asked)
  }
}

/** A run that is cancelled while it waits kills no jobs and skips no waiting. */
const cancelled = (jobs: readonly string[]): Failure => ({
  code: 'interrupted',
  what: 'Waiting for the running jobs was ended because the run was cancelled.',
  tail: jobs,
})

async function whenNotDrained(
  context: Context,
  there: JobsThere,
  jobs: readonly string[],
): Promise<Failure | null> {
  const names = jobs.length === 0 ? 'jobs that come and go' : jobs.join(', ')
  const late: Failure = {
    code: 'drain-timed-out',
    what: `The scheduler did not drain within ${inSeconds(there.drainTimeout)}: ${names} still ran.`,
    tail: jobs,
  }
  switch (there.onTimeout) {
    case 'fail':
      return late
    case 'proceed':
      context.ports.voice.warning(
        'Scheduler not drained',
        `${late.what} Going on, as on-timeout: proceed says.`,
      )
      return null
    case 'kill':
      return killJobs(context, there, jobs, late)
  }
}

async function killJobs(
  context: Context,
  there: JobsThere,
  jobs: readonly string[],
  late: Failure,
): Promise<Failure | null> {
  if (there.kill === null) return late
  // After the long wait another run may have taken over and resumed the scheduler: its jobs then run rightly.
  await context.session.stillLocked()
  context.ports.voice.warning('Jobs ended', `${late.what} Ending them, as on-timeout: kill says.`)
  const failure = await there.kill(jobs)
  if (failure !== null) return failure
  const left = await drain(context, { ...there, drainTimeout: Math.min(there.drainTimeout, 60_000) })
  if (left.kind === 'failed') return left.failure
  return left.kind === 'drained' ? null : late
}
