import type { EngineScheduler } from '../../domain/config/recipe.ts'
import type { CronJobs, SuspendedCronJobs } from '../../domain/engine/cron-jobs.ts'
import { activeIn, type SchedulerSeen } from '../../domain/engine/scheduler-seen.ts'
import { onward } from '../../domain/journal/direction.ts'
import { leaseIn } from '../../domain/ledger/lease.ts'
import type { Failure } from '../../domain/question/decision.ts'
import { isOfCronJobs } from '../../domain/step/step-traits.ts'
import { isFailure } from '../engine/look.ts'
import type { Watch } from '../ports.ts'
import { type Context, quoted, variables } from '../run/context.ts'
import { drainJobs, type JobsRead } from './drain.ts'
import { observe, observeAnywhere, type SchedulerHands } from './observe.ts'

/**
 * Suspends the CronJobs that are not suspended, and waits until no job of any runs. Their names are saved before: the next
 * run, after this one is lost, resumes these and no others.
 */
export async function suspendCronJobs(
  context: Context,
  step: string,
  scheduler: EngineScheduler,
): Promise<Failure | null> {
  const { cronJobs } = scheduler
  const hands = await handsOf(context)
  const control = context.ports.scheduler(cronJobs)
  const seen = await observe(hands, control, cronJobs)
  if (isFailure(seen)) return seen
  const missing = missingIn(context, cronJobs, seen)
  if (missing !== null) return missing
  const active = activeIn(seen)
  context.session.note({ kind: 'cron-jobs-observed', step, active })
  await context.session.save()
  const failure = await changed(context, (watch) => control.suspend(active, hands.seen, watch))
  if (failure !== null) return failure
  const after = await observe(hands, control, cronJobs)
  if (isFailure(after)) return after
  if (activeIn(after).length > 0) return notChanged('suspended', activeIn(after), cronJobs)
  return drainJobs(context, {
    ...scheduler,
    read: () => running(hands, scheduler, control),
    kill: (jobs) => changed(context, (watch) => control.end(jobs, hands.seen, watch)),
  })
}

/** Resumes the CronJobs that the lease has as suspended by Rollgate. Without a lease nothing is. */
export async function resumeCronJobs(context: Context): Promise<Failure | null> {
  const lease = leaseIn(context.session.ledger, 'scheduler')
  if (lease === null || !isOfCronJobs(lease.giveBack)) return null
  return resumed(await handsOf(context), lease.giveBack)
}

/**
 * Resumes CronJobs wherever they were suspended: the scheduler may have moved to another namespace since. A place that fails
 * keeps no other one suspended.
 */
export async function resumed(hands: SchedulerHands, jobs: SuspendedCronJobs): Promise<Failure | null> {
  const failures: Failure[] = []
  for (const place of [jobs, ...(jobs.left ?? [])]) {
    const failure = await resumedIn(hands, place)
    if (failure !== null) failures.push(failure)
  }
  const [first = null] = failures
  return first === null ? null : { ...first, what: failures.map(({ what }) => what).join(' ') }
}

/** Resumes CronJobs, and says done once they were seen to be. One that is gone is told, and holds nothing up. */
async function resumedIn(hands: SchedulerHands, jobs: SuspendedCronJobs): Promise<Failure | null> {
  const control = hands.ports.scheduler(jobs)
  const seen = await observeAnywhere(hands, control)
  if (seen === null) return withoutNamespace(hands, jobs)
  if (isFailure(seen)) return seen
  const there = jobs.active.filter((name) => seen.timed.some((one) => one.name === name))
  tellGone(
    hands,
    jobs,
    jobs.active.filter((name) => !there.includes(name)),
  )
  const still = (now: SchedulerSeen) => there.filter((name) => !activeIn(now).includes(name))
  const failure = await changed(hands, (watch) => control.resume(still(seen), hands.seen, watch))
  if (failure !== null) return failure
  const after = await observe(hands, control, jobs)
  if (isFailure(after)) return after
  return still(after).length === 0 ? null : notChanged('resumed', still(after), jobs)
}

/**
 * The CronJobs of a namespace that is gone are gone with it. Without a context in the config the kubeconfig may be of another
 * cluster than the one in which they were suspended: then a missing namespace tells nothing of them.
 */
function withoutNamespace(hands: SchedulerHands, jobs: SuspendedCronJobs): Failure | null {
  const { namespace, context, active } = jobs
  if (context !== null || active.length === 0) {
    tellGone(hands, jobs, active)
    return null
  }
  return {
    code: 'engine-unknown',
    what: `It is unknown if ${active.join(', ')} in ${namespace} are resumed: this cluster has no such namespace.`,
    tail: [],
    next: `If ${namespace} is in another cluster, give the job the kubeconfig of that one. If it was deleted, make it once more, empty, then decide retry.`,
  }
}

/** Without a context in the config the cluster of this look may be another than the one of the suspension. */
function tellGone(
  { ports }: Pick<SchedulerHands, 'ports'>,
  { namespace, context }: CronJobs,
  gone: readonly string[],
): void {
  if (gone.length === 0) return
  const where = context === null ? 'the cluster of this kubeconfig' : context
  ports.voice.warning('CronJobs are gone', `${gone.join(', ')} in ${namespace}, looked for in ${where}.`)
}

const handsOf = async (context: Context): Promise<SchedulerHands> => ({
  ports: context.ports,
  stop: context.stop,
  seen: await variables(context, onward),
})

const changed = (
  hands: Pick<SchedulerHands, 'stop'> & { readonly ports: Pick<SchedulerHands['ports'], 'voice'> },
  work: (watch: Watch) => Promise<Failure | null>,
): Promise<Failure | null> => quoted(hands, '  │ ', work)

/** A name that is not there may be a slip, and its jobs would run on. Only a first deployment may bring it. */
function missingIn({ session, ports }: Context, jobs: CronJobs, seen: SchedulerSeen): Failure | null {
  const missing = (jobs.names ?? []).filter((name) => !seen.timed.some((one) => one.name === name))
  if (missing.length === 0) return null
  const what = `There is no CronJob ${missing.join(', ')} in ${jobs.namespace}.`
  if (session.ledger.serving === null) {
    ports.voice.warning('CronJobs that are not there', what)
    return null
  }
  return {
    code: 'engine-refused',
    what: `${what} Nothing was suspended.`,
    tail: [],
    next: 'Correct steps.scheduler.cron-jobs, or leave it out: then every CronJob of the namespace counts.',
  }
}

async function running(
  hands: SchedulerHands,
  { cronJobs }: EngineScheduler,
  control: Parameters<typeof observe>[1],
): Promise<JobsRead> {
  const seen = await observe(hands, control, cronJobs)
  return isFailure(seen) ? { kind: 'failed', failure: seen } : { kind: 'running', jobs: seen.running }
}

const notChanged = (word: string, names: readonly string[], jobs: CronJobs): Failure => ({
  code: 'engine-refused',
  what: `${names.join(', ')} could not be seen ${word} in ${jobs.namespace}.`,
  tail: [],
  next: 'Look for another program that changes it, then decide retry.',
})
